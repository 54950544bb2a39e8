import { isInteger, isSafeNumber, parse } from "lossless-json";
import { isTooDeep, parseJson as ordinaryJson } from "../../lib/model/json";
import { printable } from "../../lib/model/text";
import { isAnswer } from "./answer";
import { hostOf, MaasDecodeError, type MaasRequest } from "./errors";

const LONGEST = 500;
/** Characters of a body that are looked at for a message: tags that never end take time by the square of its length. */
const LOOKED_AT = 32_768;
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
  const start = body.slice(0, LOOKED_AT);
  const text = (isHtml ? htmlText(start) : start).replace(/\s+/g, " ").trim();
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function htmlText(html: string): string {
  return html
    .replace(/<!--.*?-->|<(script|style|title)\b.*?<\/\1\s*>/gis, " ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
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
  if (!/\d{16}/.test(text)) return ordinaryJson(text);
  if (isTooDeep(text)) throw new SyntaxError("its lists and objects are nested too deep");
  return parse(text, undefined, parseNumber);
}

/** Digits of the largest number that MAAS tells, a count of IPv6 addresses. To write millions of them takes seconds. */
const MOST_DIGITS = 40;

function parseNumber(text: string): number | bigint {
  if (text.length > MOST_DIGITS && isInteger(text)) throw new SyntaxError(`a number has ${text.length} digits`);
  return isInteger(text) && !isSafeNumber(text) ? BigInt(text) : Number(text);
}

/** The value of a success: JSON parsed, plain text as it is, undefined for an empty answer. @throws MaasDecodeError */
export function decodeSuccess(request: MaasRequest, response: HttpResponse): unknown {
  if (response.status === 204) return undefined;
  const type = headerOf(response, "content-type") ?? "none";
  if (isJson(response)) {
    const json = parsed(request, response);
    if (!isAnswer(request, json)) throw undecodable(request, response, "it is neither an object nor a list of objects");
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
  const coding = headerOf(response, "content-encoding");
  const compressed = coding === undefined ? "" : `, its content encoding is ${printable(coding)}`;
  return new MaasDecodeError(
    request,
    `${request.method} ${request.path} was answered ${response.status} by ${hostOf(request)}, but the answer is not from the MAAS API: ` +
      `${problem}${compressed}, and it ${start === "" ? "is empty" : `starts with "${start}"`}.`,
    `check that api_url is the region itself, and not a log-in page or a proxy before it (asked for: ${request.url}).`,
  );
}
