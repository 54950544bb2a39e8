import { Empty, GRPCControllerDefinition } from "../protocol/grpc-controller_pb";
import {
  type DeepPartial,
  type Diagnostic,
  Diagnostic_Severity,
  type MessageFns,
  ProviderDefinition,
} from "../protocol/tfplugin6_pb";
import { GrpcError, type Logger, stackFrames, Status, type UnaryMethod, type UnaryMethods } from "./grpc";
import type { End } from "./handshake";
import { withCode } from "../../../lib/model/problem";

/**
 * What Terraform asks of a plugin's process: to end. It waits for that up to two seconds at every launch, so the process
 * ends as soon as the answer is out.
 */
export function controllerMethods(end: End): UnaryMethods {
  const { fullName, methods } = GRPCControllerDefinition;
  return new Map([
    [
      `/${fullName}/${methods.shutdown.name}`,
      {
        call: () => Promise.resolve(Empty.encode(Empty.create()).finish()),
        afterwards: () => end("Terraform asked for it"),
      },
    ],
  ]);
}

/** What a handler gets next to its request. */
export interface CallContext {
  /** Aborts when Terraform gives up this call, or is gone. */
  readonly signal: AbortSignal;
  /**
   * Aborts when the user stops Terraform (Ctrl-C). Reads should end now; a write that is under way should be finished
   * and its result returned, or Terraform can't record it.
   */
  readonly stopSignal: AbortSignal;
  readonly log: Logger;
}

type Methods = (typeof ProviderDefinition)["methods"];

/** What Terraform asks by an RPC. */
export type Request<R extends keyof Methods> = ReturnType<Methods[R]["requestType"]["decode"]>;

/** What a provider answers to it. What is left out has its default. */
export type Reply<R extends keyof Methods> = Parameters<Methods[R]["responseType"]["fromPartial"]>[0];

/** The RPCs that a provider answers; StopProvider is answered for it, see {@link CallContext.stopSignal}. */
export type ProviderRpc = Exclude<keyof Methods, "stopProvider">;

/** A provider: what it answers to each RPC. Terraform takes one that is absent for not implemented. */
export type ProviderHandlers = {
  readonly [R in ProviderRpc]?: (request: Request<R>, context: CallContext) => Promise<Reply<R>>;
};

type Handler = (request: object, context: CallContext) => Promise<object>;

/** A method of the service, whatever its messages are. */
interface Method {
  readonly name: string;
  readonly requestType: Pick<MessageFns<object>, "decode">;
  readonly responseType: Pick<MessageFns<object>, "encode" | "fromPartial">;
}

/**
 * The gRPC methods of a provider, by path. An exception in a handler becomes an error diagnostic in the response, so that
 * Terraform reports it and keeps what the other calls have done.
 */
export function providerMethods(handlers: ProviderHandlers, log: Logger): UnaryMethods {
  const stop = new AbortController();
  const stopProvider: Handler = () => {
    stop.abort();
    return Promise.resolve({});
  };
  // Each handler fits its own method's messages; a loop over all methods can't say so in types.
  const table = { ...handlers, stopProvider } as unknown as Readonly<Record<string, Handler | undefined>>;
  return new Map(
    Object.entries<Method>(ProviderDefinition.methods).flatMap(([rpc, method]) => {
      const handler = table[rpc];
      if (handler === undefined) return [];
      const call: UnaryMethod["call"] = (request, signal) =>
        dispatch(method, handler, request, {
          get signal() {
            return signal();
          },
          stopSignal: stop.signal,
          log,
        });
      return [[`/${ProviderDefinition.fullName}/${method.name}`, { call }] as const];
    }),
  );
}

async function dispatch(
  method: Method,
  handler: Handler,
  bytes: Uint8Array,
  context: CallContext,
): Promise<Uint8Array> {
  // Not `performance`, for whose first use Node loads a module.
  const started = Date.now();
  const request = method.requestType.decode(bytes);
  const typeName = "typeName" in request ? String(request.typeName) : "";
  const fields = { tf_rpc: method.name, ...(typeName === "" ? {} : { tf_type: typeName }) };
  try {
    const encoded = encodedReply(method, await handler(request, context));
    context.log.debug("answered", { ...fields, duration_ms: Date.now() - started });
    return encoded;
  } catch (error) {
    if (isStop(error, context)) {
      context.log.debug("stopped", fields);
      return errorReply(method, stopped(method, typeName));
    }
    context.log.error("the provider failed: this is a bug", { ...fields, stack: stackFrames(error) });
    return errorReply(method, bug(method, typeName, error));
  }
}

/** Handlers pass the stop signal on to what they wait for, and that ends with an AbortError. */
function isStop(error: unknown, { signal, stopSignal }: CallContext): boolean {
  return (stopSignal.aborted || signal.aborted) && error instanceof Error && error.name === "AbortError";
}

function stopped(method: Method, typeName: string): DeepPartial<Diagnostic> {
  return {
    severity: Diagnostic_Severity.ERROR,
    summary: `${subject(method, typeName)} was stopped`,
    detail: withCode("You stopped Terraform before this was done. Run the same command again to go on.", "MAAS-PLG-02"),
  };
}

function bug(method: Method, typeName: string, error: unknown): DeepPartial<Diagnostic> {
  return {
    severity: Diagnostic_Severity.ERROR,
    summary: `${subject(method, typeName)} failed unexpectedly`,
    detail: withCode(
      `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n\n` +
        "This is a bug of the provider, not of your configuration. Please report it with this message and, if you can, with " +
        "the log of the same command run under TF_LOG_PROVIDER=debug.",
      "MAAS-PLG-03",
    ),
  };
}

const subject = (method: Method, typeName: string): string =>
  typeName === "" ? method.name : `${method.name} of ${typeName}`;

/** @throws GrpcError for a response that can't carry a diagnostic. */
function errorReply(method: Method, diagnostic: DeepPartial<Diagnostic>): Uint8Array {
  if (!("diagnostics" in method.responseType.fromPartial({})))
    throw new GrpcError(Status.INTERNAL, diagnostic.summary ?? "");
  return encodedReply(method, { diagnostics: [diagnostic] });
}

const encodedReply = ({ responseType }: Method, reply: object): Uint8Array =>
  responseType.encode(responseType.fromPartial(reply)).finish();
