import type { Region } from "../region";
import type { Params } from "../params";
import { View } from "../view/view";

/** A MAAS call as a handler sees it: who, what, with which parameters. */
export interface ApiRequest {
  readonly region: Region;
  /** Groups of the path, such as `{ id: "3" }`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Params;
  readonly data: Params;
}

/** A successful reply. JSON bodies may hold bigints. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** A text goes out in quotes: {@link Reply.body} is sent as it is when it is text. */
export const json = (body: unknown): Reply => ({
  status: 200,
  contentType: "application/json; charset=utf-8",
  body: typeof body === "string" ? JSON.stringify(body) : body,
});

export const plain = (body: string, status = 200): Reply => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body,
});

export const deleted: Reply = { status: 204, contentType: "text/plain; charset=utf-8", body: "" };

export type Handler = (request: ApiRequest) => Reply;

/** Calls by method, or by method and operation: `GET`, `POST link_subnet`. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The named group of the path. */
export const part = (request: ApiRequest, name: string): string => request.path[name] ?? "";

export const viewOf = (request: ApiRequest): View => new View(request.region);
