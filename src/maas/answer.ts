import { textOf } from "../../lib/model/text";
import type { Query } from "./client";
import type { ObjectJson } from "./codec";
import { MaasDecodeError, type MaasRequest } from "./errors";
import { answersObject, checkRows } from "./rows";

const CHECK_URL = "check that api_url is the region itself, and not a log-in page or a proxy before it.";

// Checks the form of what MAAS answers, or of what stands between answers in its place. Plain guards: the plugin starts
// without a schema library. What is read of the rows is checked by their records.

const isRow = (value: unknown): value is ObjectJson =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRows = (value: unknown): value is readonly ObjectJson[] => Array.isArray(value) && value.every(isRow);

/** Whether the call is the one that is answered with a bare value: that of a setting. */
const asksForValue = ({ method, path }: MaasRequest): boolean =>
  method === "GET" && /[?&]op=get_config(?:&|$)/.test(path);

const isValue = (json: unknown): boolean => json === null || ["string", "number", "boolean"].includes(typeof json);

/** Whether the JSON of a success is an object or a list of objects, as nearly every answer of the API is. */
export const isAnswer = (request: MaasRequest, json: unknown): boolean =>
  asksForValue(request) ? isValue(json) : isRow(json) || isRows(json);

/** The list that a GET of this path was answered with. @throws MaasDecodeError when it is none */
export function rowsAnswered(path: string, answer: unknown): readonly ObjectJson[] {
  const request: MaasRequest = { method: "GET", path, url: path };
  if (!isRows(answer)) throw noAnswer(request, "it is not a list of objects");
  if (answer.some(hasEmptyId)) throw noAnswer(request, "an object in it has no id");
  return answer;
}

/** A setting that MAAS answers with a bare value, as an object. None = empty text. */
export const rowOfValue = (key: string, answer: unknown): ObjectJson => ({
  key,
  value: typeof answer === "boolean" ? String(answer) : textOf(answer ?? ""),
});

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** An id that is given and is none: no call could find such an object again. */
const hasEmptyId = (row: ObjectJson): boolean =>
  ("id" in row && !isSet(row.id)) || ("system_id" in row && !isSet(row.system_id));

/** An object of MAAS: nearly every one has an id, machines and rack controllers a `system_id`, tags a URI only. */
const isObject = (row: ObjectJson): boolean =>
  !hasEmptyId(row) && [row.id, row.system_id, row.resource_uri].some(isSet);

const noAnswer = (request: MaasRequest, why: string): MaasDecodeError =>
  new MaasDecodeError(
    request,
    `${request.method} ${request.path} was answered with something that is not from the MAAS API: ${why}.`,
    CHECK_URL,
  );

/** Whether the call deletes an object, or releases an address. */
const endsSomething = ({ method, path }: MaasRequest): boolean =>
  method === "DELETE" || (method === "POST" && path.startsWith("ipaddresses/?op=release"));

/** Checks that the list of a collection that is never empty, as others are in its objects, is not. @throws MaasDecodeError */
export function someAnswered(path: string, rows: readonly ObjectJson[]): void {
  if (rows.length === 0) throw noAnswer({ method: "GET", path, url: path }, "the list is empty, and can't be");
}

/** Checks that the answer to a successful call is of the form that MAAS gives to calls of this method. @throws MaasDecodeError */
export function checkAnswer(request: MaasRequest, answer: unknown): void {
  if (request.method === "GET" && answer === undefined) throw noAnswer(request, "it is empty");
  if (request.method === "PUT" || (request.method === "POST" && answersObject(request)))
    objectAnswered(request, answer);
  if (endsSomething(request) && answer !== undefined)
    throw noAnswer(request, "MAAS answers a deletion with an empty answer, of status 204");
  checkRows(request, answer);
}

/** The object that a call was answered with. @throws MaasDecodeError when it is none, such as null, {} or a list */
export function objectAnswered(request: MaasRequest, answer: unknown): ObjectJson {
  if (isRow(answer) && isObject(answer)) return answer;
  throw noAnswer(request, "it is not an object with an id");
}

/** The object that a GET of this path was answered with. @throws MaasDecodeError when it is none */
export const objectRead = (path: string, answer: unknown): ObjectJson =>
  objectAnswered({ method: "GET", path, url: path }, answer);

/** The release that `GET version/` tells; undefined when that is not MAAS's answer. */
export function versionAnswered(answer: unknown): string | undefined {
  const version = isRow(answer) ? answer.version : undefined;
  return typeof version === "string" && /^\d+\.\d+/.test(version) ? version : undefined;
}

/** The objects in the answer to a GET for one of them: a filter answers with a list. @throws MaasDecodeError */
export const rowsRead = (path: string, query: Query | undefined, answer: unknown): readonly ObjectJson[] =>
  query === undefined ? [objectRead(path, answer)] : rowsAnswered(path, answer);
