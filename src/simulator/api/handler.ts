import { adminOnly, badRequest, permissionDenied } from "../model/errors";
import { Form } from "../model/form";
import { find } from "../model/specifier";
import type { Region, Store, TableName } from "../model/store";
import type { Row, Table } from "../model/table";
import { View } from "../model/view";
import { readStringBool } from "../text/python";
import type { Params } from "./params";

/** A key of the caller: its name, and `consumer:token:secret`. */
export interface CallerKey {
  readonly name: string;
  readonly token: string;
}

/** The keys of the caller of the running request. What is done to them is not undone with the request. */
export interface CallerKeys {
  list(): readonly CallerKey[];
  create(name: string): CallerKey;
  /** By the token, the middle part. Whether there was one. */
  rename(token: string, name: string): boolean;
  remove(token: string): boolean;
}

/** What a handler works on. */
export interface ApiRequest {
  readonly region: Region;
  /** The named parts of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Params;
  readonly data: Params;
  readonly keys: CallerKeys;
}

/** A successful reply. JSON bodies may hold bigints. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

export type Handler = (request: ApiRequest) => Reply;

/** Calls by method, or by method and operation: `GET`, `POST link_subnet`. */
export type Handlers = Readonly<Record<string, Handler>>;

type Calls<K extends string> = Readonly<Record<K, Handler>>;

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

/** The named group of the path. */
export const part = (request: ApiRequest, name: string): string => request.path[name] ?? "";

/** For methods that MAAS marks as administrators': a plain user is told so. @throws MaasError */
export function requireAdmin({ region }: ApiRequest): void {
  if (!region.user.is_superuser) throw adminOnly();
}

/** For permissions on an object: a plain user gets an empty refusal. @throws MaasError */
export function requirePermission({ region }: ApiRequest): void {
  if (!region.user.is_superuser) throw permissionDenied();
}

/** A boolean parameter of an operation. @throws MaasError for text that is no boolean */
export function flag(params: Params, name: string, missing: boolean): boolean {
  const given = params.text(name);
  if (given === undefined) return missing;
  const value = readStringBool(given);
  if (value === undefined) throw badRequest(`Invalid ${name}: Value should be 'true' or 'false'`);
  return value;
}

/** A parameter that must be there. @throws MaasError */
export function mandatory(params: Params, name: string): string {
  const given = params.text(name);
  if (given === undefined) throw badRequest(`No provided ${name}!`);
  return given;
}

/** The reply that shows one row. */
export const shown = <R extends Row>({ region }: ApiRequest, table: Table<R>, row: R): Reply =>
  json(new View(region).show(table, row));

/** The reply that lists rows. */
export function listed<R extends Row>({ region }: ApiRequest, table: Table<R>, rows: readonly R[]): Reply {
  const view = new View(region);
  return json(rows.map((row) => view.show(table, row)));
}

type RowOfTable<N extends TableName> = Store[N] extends Table<infer R> ? R : never;

const tableOf = <N extends TableName>({ region }: ApiRequest, name: N) =>
  region.store[name] as unknown as Table<RowOfTable<N>>;

/** The row that `{id}` of the path names. @throws MaasError 404, 403 or 500, as MAAS finds it */
export const named = <N extends TableName>(request: ApiRequest, name: N): RowOfTable<N> =>
  find(request.region.store, tableOf(request, name), part(request, "id"));

interface CollectionOptions {
  /** Asked before anything else; for administrators by default. */
  readonly permit?: (request: ApiRequest) => void;
}

/** The calls of a list: all rows, and a new one. */
export const collection = (
  name: TableName,
  { permit = requireAdmin }: CollectionOptions = {},
): Calls<"GET" | "POST"> => ({
  GET: (request) => listed(request, tableOf(request, name), tableOf(request, name).all()),
  POST(request) {
    permit(request);
    const table = tableOf(request, name);
    return shown(request, table, new Form(table, request.region, request.data).save());
  },
});

interface ItemOptions<R extends Row> {
  /** Finds the row; by MAAS's specifiers by default. */
  readonly locate?: (request: ApiRequest) => R;
  /** Asked once the row is found. */
  readonly permit?: (request: ApiRequest, row: R) => void;
}

/** The calls of one object: reading, changing and deleting it. */
export function item<N extends TableName>(
  name: N,
  { locate = (request) => named(request, name), permit = requirePermission }: ItemOptions<RowOfTable<N>> = {},
): Calls<"GET" | "PUT" | "DELETE"> {
  const writable = (request: ApiRequest) => {
    const row = locate(request);
    permit(request, row);
    return row;
  };
  return {
    GET: (request) => shown(request, tableOf(request, name), locate(request)),
    PUT(request) {
      const row = writable(request);
      const table = tableOf(request, name);
      return shown(request, table, new Form(table, request.region, request.data, row).save());
    },
    DELETE(request) {
      const row = writable(request);
      const table = tableOf(request, name);
      if (table.resource.remove === undefined) table.delete(row);
      else table.resource.remove(request.region, row);
      return deleted;
    },
  };
}
