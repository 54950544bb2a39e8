import { isInteger, isSafeNumber, parse } from "lossless-json";
import { printable } from "../../lib/model/text";
import type { ObjectJson } from "./codec";
import { hostOf, MaasDecodeError, type MaasRequest } from "./errors";

const LONGEST = 500;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#x27": "'",
  nbsp: " ",
  amp: "&",
};

/** A body in one line fit for a message: HTML reduced to its text, blanks collapsed, cut at 500 characters. */
export function plainText(body: string, isHtml: boolean): string {
  const text = (isHtml ? htmlText(body) : body).replace(/\s+/g, " ").trim();
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function htmlText(html: string): string {
  return html
    .replace(/<!--.*?-->|<(script|style|title)\b.*?<\/\1\s*>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

const CHECK_URL = "check that api_url is the region itself, and not a log-in page or a proxy before it.";

// Checks the form of what MAAS answers, or of what stands between answers in its place. It looks at no row's inside, which
// differs by release: the codec reads that field by field. So these are plain guards: the plugin starts without a schema
// library.

const isRow = (value: unknown): value is ObjectJson =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRows = (value: unknown): value is readonly ObjectJson[] => Array.isArray(value) && value.every(isRow);

/** Whether the JSON of a success is an object or a list of objects, as every answer of the API is. */
export const isAnswer = (json: unknown): boolean => isRow(json) || isRows(json);

/** The list that a GET of this path was answered with. @throws MaasDecodeError when it is none */
export function rowsAnswered(path: string, answer: unknown): readonly ObjectJson[] {
  const request: MaasRequest = { method: "GET", path, url: path };
  if (!isRows(answer)) throw noAnswer(request, "it is not a list of objects");
  if (answer.some(hasEmptyId)) throw noAnswer(request, "an object in it has no id");
  return answer;
}

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

/** Checks that the answer to a successful call is of the form that MAAS gives to calls of this method. @throws MaasDecodeError */
export function checkAnswer(request: MaasRequest, answer: unknown): void {
  if (request.method === "GET" && answer === undefined) throw noAnswer(request, "it is empty");
  if (request.method === "PUT") objectAnswered(request, answer);
  if (request.method === "DELETE" && answer !== undefined)
    throw noAnswer(request, "MAAS answers a deletion with an empty answer, of status 204");
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

/** What came back for one attempt: any status, the body as text. Header names are in lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The answer with its headers and body without secrets. */
export function redacted({ status, headers, text }: HttpResponse, redact: (text: string) => string): HttpResponse {
  const all = Object.entries(headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.map(redact) : value && redact(value)] as const,
  );
  return { status, headers: Object.fromEntries(all), text: redact(text) };
}

/** The first value of a header. */
export function headerOf(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function isJson(response: HttpResponse): boolean {
  return /^application\/(?:\S+\+)?json\b/i.test(headerOf(response, "content-type") ?? "");
}

export function isHtml(response: HttpResponse): boolean {
  return /^text\/html\b/i.test(headerOf(response, "content-type") ?? "");
}

export function isPlain(response: HttpResponse): boolean {
  return /^text\/plain\b/i.test(headerOf(response, "content-type") ?? "");
}

/**
 * The value of a JSON text. Guarantees: an integer that a number cannot hold exactly is a bigint, all others are numbers.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  // Only a count of IPv6 addresses is that long; everything else takes the fast way.
  return /\d{16}/.test(text) ? parse(text, undefined, parseNumber) : (JSON.parse(text) as unknown);
}

function parseNumber(text: string): number | bigint {
  return isInteger(text) && !isSafeNumber(text) ? BigInt(text) : Number(text);
}

/** The value of a success: JSON parsed, plain text as it is, undefined for an empty answer. @throws MaasDecodeError */
export function decodeSuccess(request: MaasRequest, response: HttpResponse): unknown {
  if (response.status === 204) return undefined;
  const type = headerOf(response, "content-type") ?? "none";
  if (isJson(response)) {
    const json = parsed(request, response);
    if (!isAnswer(json)) throw undecodable(request, response, "it is neither an object nor a list of objects");
    return json;
  }
  if (isPlain(response)) return response.text;
  throw undecodable(request, response, `its content type is ${type}, not application/json`);
}

function parsed(request: MaasRequest, response: HttpResponse): unknown {
  try {
    return parseJson(response.text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw undecodable(request, response, `its body is not JSON, though the content type says so (${message})`);
  }
}

function undecodable(request: MaasRequest, response: HttpResponse, problem: string): MaasDecodeError {
  const start = plainText(response.text, isHtml(response)).slice(0, 100);
  return new MaasDecodeError(
    request,
    `${request.method} ${request.path} was answered ${response.status} by ${hostOf(request)}, but the answer is not from the MAAS API: ` +
      `${problem}, and it ${start === "" ? "is empty" : `starts with "${start}"`}.`,
    `check that api_url is the region itself, and not a log-in page or a proxy before it (asked for: ${request.url}).`,
  );
}
