import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { printable } from "../../../lib/model/text";

/** What a log line may carry next to its message: names, counts and durations, never a value of a resource. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** Writes to Terraform's log. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/**
 * A logger of JSON lines in the form that Terraform reads from a plugin's stderr and shows at its own level.
 *
 * `TF_LOG_PROVIDER`, else `TF_LOG`, sets the level; without either nothing is written, since Terraform would drop it.
 * As in Terraform, `JSON` and what is no level mean `TRACE`.
 *
 * @param module the `@module` of each line.
 * @param write where a line goes, line break included.
 */
export function createLogger(
  module: string,
  environment: NodeJS.ProcessEnv = process.env,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const threshold = thresholdOf(environment.TF_LOG_PROVIDER ?? environment.TF_LOG ?? "");
  const at = (level: LogLevel) =>
    LEVELS.indexOf(level) < threshold
      ? () => undefined
      : (message: string, fields: LogFields = {}) => {
          write(
            `${JSON.stringify({ ...printableFields(fields), "@level": level, "@message": printable(message), "@module": module, "@timestamp": timestamp() })}\n`,
          );
        };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Terraform decodes a line and writes its values as they are. */
const printableFields = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? printable(value) : value]),
  );

function thresholdOf(setting: string): number {
  if (setting === "" || setting.toLowerCase() === "off") return LEVELS.length;
  return Math.max(0, LEVELS.indexOf(setting.toLowerCase() as LogLevel));
}

/** Terraform takes a line whose time hasn't exactly six decimals for plain text. */
function timestamp(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** Where an exception was thrown, without its message, which may quote a value. */
export function stackFrames(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.filter((line) => line.startsWith("    at ")).join("\n");
}

/** The largest message in either direction: Terraform's own limit, 256 MiB. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** One byte that tells whether the message is compressed, four for its length. */
const FRAME_HEADER_BYTES = 5;

/** The gRPC status codes in use. */
export enum Status {
  OK = 0,
  RESOURCE_EXHAUSTED = 8,
  UNIMPLEMENTED = 12,
  INTERNAL = 13,
}

/** A call that ends with a status instead of a message. */
export class GrpcError extends Error {
  constructor(
    readonly status: Status,
    message: string,
  ) {
    super(message);
  }
}

/** One RPC: a message in, a message out, both encoded. */
export interface UnaryMethod {
  /** @param signal gives a signal that aborts when the caller gives up or is gone. */
  readonly call: (request: Uint8Array, signal: () => AbortSignal) => Promise<Uint8Array>;
  /** Runs once the answer is on its way. */
  readonly afterwards?: () => void;
}

export type UnaryMethods = ReadonlyMap<string, UnaryMethod>;

/**
 * Answers gRPC calls on an HTTP/2 server, or on one connection: unary, uncompressed, which is all that Terraform asks of a plugin.
 *
 * @param methods by path, `/package.Service/Method`; calls that come earlier wait for them. Any other path answers UNIMPLEMENTED.
 */
export function answerGrpc(calls: Http2Server | ServerHttp2Session, methods: Promise<UnaryMethods>): void {
  calls.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // A caller that is gone resets the stream: it gets no answer, and the signal has told the method.
    stream.on("error", () => undefined);
    void answer(stream, headers, methods);
  });
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: Promise<UnaryMethods>,
): Promise<void> {
  try {
    const path = headers[":path"] ?? "";
    const method = (await methods).get(path);
    if (method === undefined) throw new GrpcError(Status.UNIMPLEMENTED, `this provider does not implement ${path}`);
    if (method.afterwards !== undefined) stream.once("close", method.afterwards);
    sendMessage(stream, await method.call(await receiveMessage(stream), cancellation(stream)));
  } catch (error) {
    sendError(stream, error);
  }
}

/** The signal of a call, made once a method asks for it: nearly none does. */
function cancellation(stream: ServerHttp2Stream): () => AbortSignal {
  let made: AbortController | undefined;
  return () => {
    if (made !== undefined) return made.signal;
    const cancelled = (made = new AbortController());
    if (stream.aborted) cancelled.abort();
    else stream.once("aborted", () => cancelled.abort());
    return cancelled.signal;
  };
}

/** By events: an async iterator over the stream takes several times as long for a message of one chunk. */
function receiveBody(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES + FRAME_HEADER_BYTES) reject(tooLarge("request"));
    });
    stream.once("end", () => resolve(Buffer.concat(chunks, size)));
    stream.once("error", reject);
    stream.once("close", () => {
      if (!stream.readableEnded) reject(new GrpcError(Status.INTERNAL, "the request was cut off"));
    });
  });
}

async function receiveMessage(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const body = await receiveBody(stream);
  const size = body.length;
  if (size < FRAME_HEADER_BYTES || body.readUInt32BE(1) !== size - FRAME_HEADER_BYTES)
    throw new GrpcError(Status.INTERNAL, "the request is not exactly one message");
  if (body[0] !== 0) throw new GrpcError(Status.UNIMPLEMENTED, "compressed requests are not supported");
  return body.subarray(FRAME_HEADER_BYTES);
}

const HEADERS = { ":status": 200, "content-type": "application/grpc" } as const;

/** gRPC has no use for a date. */
const WITH_TRAILERS = { waitForTrailers: true, sendDate: false } as const;

const TRAILERS = { "grpc-status": String(Status.OK) } as const;

function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (message.length > MAX_MESSAGE_BYTES) throw tooLarge("response");
  if (stream.destroyed) return;
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(message.length, 1);
  stream.respond(HEADERS, WITH_TRAILERS);
  stream.once("wantTrailers", () => stream.sendTrailers(TRAILERS));
  stream.end(Buffer.concat([header, message]));
}

function sendError(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed) return;
  const status = error instanceof GrpcError ? error.status : Status.INTERNAL;
  stream.respond(
    {
      ...HEADERS,
      "grpc-status": String(status),
      "grpc-message": encodeURI(error instanceof Error ? error.message : String(error)),
    },
    { endStream: true },
  );
  // The caller may still be sending; nobody reads it.
  stream.close();
}

function tooLarge(what: string): GrpcError {
  return new GrpcError(Status.RESOURCE_EXHAUSTED, `the ${what} is larger than ${MAX_MESSAGE_BYTES} bytes`);
}
