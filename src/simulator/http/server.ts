import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { createServer, type Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { parseJson } from "../../../lib/model/json";
import { refusal, render } from "../api/answer";
import type { Reply } from "../api/handler";
import { Params } from "../api/params";
import { MaasError } from "../model/errors";
import { addControl } from "./control";
import type { FaultKind } from "./faults";
import type { Service } from "./service";

const API_ROOT = "/MAAS/api/2.0/";
const SLOW_CHUNKS = 8;
const SLOW_PAUSE_MS = 50;
const MEBIBYTE = 2 ** 20;

const RETRY_AFTER: Partial<Record<string, string>> = { "409": "5", "503": "10" };

const CONFLICT_PAGE =
  "<!DOCTYPE html>\n<html>\n<head><title>409 Conflict</title></head>\n<body><h1>Conflict</h1><p>Conflict error. Try your request again, as it will most likely succeed.</p></body>\n</html>\n";

/** No route has a schema: without these fastify loads its validator and its serializer, a third of a simulator's start. */
const noSchemas = (): never => {
  throw new Error("no route of the simulator has a schema");
};
const NO_SCHEMAS = { buildValidator: () => noSchemas, buildSerializer: () => noSchemas };

/** The HTTP side: reads calls, plays faults, writes replies, keeps the log. */
export function buildServer(service: Service): FastifyInstance {
  const app = fastify({
    bodyLimit: 64 * MEBIBYTE,
    forceCloseConnections: true,
    schemaController: { compilersFactory: NO_SCHEMAS },
    rewriteUrl: ({ url = "/" }) => foldSlashes(url),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  addControl(app, service);
  app.all(`${API_ROOT}*`, (request, reply) => serve(service, request, reply));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).type("text/plain; charset=utf-8").send(`Not Found: ${request.url}`),
  );
  return app;
}

/** MAAS takes several slashes in a path for one, before it looks at anything else. */
export function foldSlashes(url: string): string {
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  return path.replace(/\/+/g, "/") + url.slice(path.length);
}

/** Listens on the same port of another address: fastify's own server has only one. */
export async function listenAlso(app: FastifyInstance, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    app.routing(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      resolve();
    });
  });
  return server;
}

async function serve(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const started = performance.now();
  const { latency } = service.faults.settings;
  if (latency > 0) await wait(latency);
  const fault = service.faults.draw(request.method, request.url);
  const result = await work(service, request, fault);
  service.record({
    method: request.method,
    path: request.url,
    status: result === undefined || fault === "drop-after" ? 0 : result.status,
    milliseconds: Math.round(performance.now() - started),
    ...(fault === undefined ? {} : { fault }),
    ...(result === undefined ? {} : { body: result.body }),
  });
  if (result === undefined || fault === "drop-after") {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  const body = render(result.body);
  const retryAfter = result.isFault ? service.retryAfter(RETRY_AFTER[fault ?? ""]) : undefined;
  // Written past fastify, which takes the content type off a 204; MAAS sends one.
  reply.hijack();
  reply.raw.writeHead(result.status, {
    "content-type": result.contentType,
    "content-length": Buffer.byteLength(body),
    "x-maas-api-hash": service.apiHash,
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
  });
  if (fault === "slow-body") await trickle(reply, body);
  else reply.raw.end(body);
  return reply;
}

interface Result extends Reply {
  readonly isFault: boolean;
}

/** The reply, or undefined when the connection is to be dropped before anything is done. */
async function work(
  service: Service,
  request: FastifyRequest,
  fault: FaultKind | undefined,
): Promise<Result | undefined> {
  if (fault === "drop-before") return undefined;
  if (fault !== undefined && /^\d+$/.test(fault)) return { ...faultReply(fault), isFault: true };
  try {
    const data = await readBody(request.headers["content-type"], request.body as Buffer | undefined);
    const url = new URL(request.url, "http://region");
    const path = decodeURIComponent(url.pathname).slice(API_ROOT.length);
    const call = { method: request.method, path, query: Params.of(url.searchParams), data };
    return { ...service.answer(call, request.headers.authorization, baseUrl(request)), isFault: false };
  } catch (error) {
    return { ...refusal(error), isFault: false };
  }
}

const baseUrl = (request: FastifyRequest) => `http://${request.headers.host ?? "localhost"}`;

function faultReply(status: string): Reply {
  if (status === "409") return { status: 409, contentType: "text/html; charset=utf-8", body: CONFLICT_PAGE };
  return { status: Number(status), contentType: "text/plain; charset=utf-8", body: `Simulated ${status}.` };
}

/** Sends the body in pieces, so that a client's read timeouts are felt. */
async function trickle({ raw }: FastifyReply, body: string): Promise<void> {
  const bytes = Buffer.from(body);
  const size = Math.max(1, Math.ceil(bytes.length / SLOW_CHUNKS));
  for (let at = 0; at < bytes.length && !raw.destroyed; at += size) {
    raw.write(bytes.subarray(at, at + size));
    await wait(SLOW_PAUSE_MS);
  }
  raw.end();
}

/**
 * Reads a body as MAAS does: url-encoded, multipart (MAAS's own client sends each part in base64) or JSON.
 * @throws MaasError 400 for a JSON body that is no object
 */
export async function readBody(contentType: string | undefined, body: Buffer | undefined): Promise<Params> {
  if (body === undefined || body.length === 0) return new Params();
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return readJson(body.toString());
  if (type === "multipart/form-data") return readMultipart(contentType ?? "", body);
  if (type === "application/x-www-form-urlencoded") return Params.of(new URLSearchParams(body.toString()));
  return new Params();
}

function readJson(text: string): Params {
  try {
    const value = parseJson(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return Params.fromObject(value as Record<string, unknown>);
    }
  } catch {
    // Fall through: MAAS answers unreadable JSON like any other bad request.
  }
  throw new MaasError(400, "text/plain", "Bad Request");
}

async function readMultipart(contentType: string, body: Buffer): Promise<Params> {
  try {
    const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
    const params = new Params();
    for (const [name, value] of form) params.append(name, typeof value === "string" ? value : await value.text());
    return params;
  } catch {
    throw new MaasError(400, "text/plain", "Bad Request");
  }
}
