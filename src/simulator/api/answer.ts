import { createHash } from "node:crypto";
import { badRequest, crash, MaasError } from "../model/errors";
import type { Region } from "../model/store";
import type { ApiRequest, CallerKeys, Reply } from "./handler";
import type { Params } from "./params";
import { methodsOf, route } from "./routes";

/** One call of the MAAS API, with its caller known and its body read. */
export interface Call {
  readonly method: string;
  /** Below `/MAAS/api/2.0/`, decoded, without the query. */
  readonly path: string;
  readonly query: Params;
  readonly data: Params;
}

const notAllowed = (): Reply => ({ status: 405, contentType: "text/html; charset=utf-8", body: "" });

/** Answers the call as one transaction: what is refused leaves no trace. */
export function answer(region: Region, call: Call, keys: CallerKeys): Reply {
  const found = route(call.path, region.version.features);
  if (found === undefined) return unknownEndpoint(call.path);
  if (!methodsOf(found.handlers).includes(call.method)) return notAllowed();
  const inBody = call.method === "POST" ? call.data.text("op") : undefined;
  const operation = nonEmpty(call.query.text("op")) ?? inBody ?? found.operation;
  const handler = found.handlers[operation === undefined ? call.method : `${call.method} ${operation}`];
  const request: ApiRequest = { region, path: found.path, query: call.query, data: call.data, keys };
  return region.store.transaction(() => {
    if (handler === undefined) {
      throw badRequest(`Unrecognised signature: method=${call.method} op=${operation ?? "None"}`);
    }
    return handler(request);
  });
}

const nonEmpty = (text: string | undefined) => (text === "" ? undefined : text);

export function unknownEndpoint(path: string): Reply {
  return {
    status: 404,
    contentType: "text/plain; charset=utf-8",
    body: `Unknown API endpoint: /MAAS/api/2.0/${path}.`,
  };
}

/** The reply to whatever a handler threw. */
export function refusal(error: unknown): Reply {
  const known = error instanceof MaasError ? error : crash(error instanceof Error ? error.message : String(error));
  const charset = known.contentType === "application/json" ? "" : "; charset=utf-8";
  return { status: known.status, contentType: `${known.contentType}${charset}`, body: known.body };
}

const MARK = "\uE000";

/** The body as text. Integers beyond what a JavaScript number holds are written in full. */
export function render(body: unknown): string {
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return renderBigInts(body);
  }
}

/** A replacer function makes JSON several times slower, so only bodies with bigints (few and small) go this way. */
function renderBigInts(body: unknown): string {
  const text = JSON.stringify(body, (_name, value: unknown) =>
    typeof value === "bigint" ? `${MARK}${value}${MARK}` : value,
  );
  return text.replace(new RegExp(`"${MARK}(\\d+)${MARK}"`, "g"), "$1");
}

/** What MAAS sends as `X-MAAS-API-Hash`: it changes when the API's description does. */
export const apiHash = (version: string): string => createHash("sha256").update(`maas-api ${version}`).digest("hex");
