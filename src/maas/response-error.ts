import {
  hostOf,
  type HttpFailure,
  MaasAuthError,
  MaasDecodeError,
  MaasHttpError,
  MaasNoEndpointError,
  MaasNotFoundError,
  type MaasRequest,
  MaasValidationError,
} from "./errors";
import { tryUrl } from "./api-url";
import { headerOf, type HttpResponse, isHtml, isJson, isPlain, parseJson, plainText } from "./response";
import { parseRetryAfter, type Recovery } from "./retry";
import { withOtherScheme } from "./tls";

/** The text with an end, such as a full stop. */
const sentence = (text: string): string => (/[.!?\u2026]["\u201d)]?$/.test(text) ? text : `${text}.`);

const doubtOf = ({ method }: MaasRequest, { outcome }: Verdict): string =>
  outcome === "unknown" && method !== "GET" ? " The change may have been carried out all the same." : "";

interface Verdict {
  readonly outcome: "refused" | "unknown";
  readonly recovery: Recovery;
}

/** An answer, as far as {@link VERDICTS} looks at it. */
interface Signs {
  readonly status: number;
  readonly hasRetryAfter: boolean;
  readonly form: "json" | "plain" | "empty" | "other";
  readonly body: string;
}

const DOUBTFUL: Verdict = { outcome: "unknown", recovery: "idempotent" };
const FINAL: Verdict = { outcome: "refused", recovery: "never" };

/** What MAAS says of an object that it does not have (3.2 and newer; `Not Found` before, see {@link OLD_NOT_FOUND}). */
const GONE = /^(?:No \w+ matches the given query|VLAN with specified ID does not exist)\.$/;

/** What MAAS before about 3.2 says. Other servers say it too, so it counts only where the region is that old. */
export const OLD_NOT_FOUND = "Not Found";

/** What MAAS says of a path that its release does not have. */
const NO_ENDPOINT = "Unknown API endpoint: ";

/** Further 404s of MAAS, for calls that did nothing. */
const OTHER_404 = /^IP address is already in use\.$/;

const is404OfMaas = (body: string): boolean =>
  body === OLD_NOT_FOUND || body.startsWith(NO_ENDPOINT) || GONE.test(body) || OTHER_404.test(body);

type Form = Signs["form"];

/** The forms of body that MAAS itself refuses a call with, which has then done nothing (recordings of 3.4, 3.6 and 3.7). */
const REFUSALS: Readonly<Record<number, readonly Form[]>> = {
  400: ["json", "plain"],
  403: ["plain", "empty"],
  404: ["plain"],
  405: ["empty"],
  409: ["plain"],
};

function isRefusal({ status, form, body, hasRetryAfter }: Signs): boolean {
  if (status === 503) return form === "plain" && body.includes("No more IPs available");
  if (REFUSALS[status]?.includes(form) !== true) return false;
  // With Retry-After MAAS has used up its own retries of the transaction, and something before it may have repeated the call.
  return status === 404 ? is404OfMaas(body) : !(status === 409 && hasRetryAfter);
}

/** First match wins. What MAAS can't have sent for a call that did nothing says nothing of what became of the call. */
const VERDICTS: readonly (readonly [applies: (signs: Signs) => boolean, verdict: Verdict])[] = [
  [isRefusal, FINAL],
  [({ status }) => [409, 429, 502, 503, 504].includes(status), DOUBTFUL],
  [({ status }) => status === 500, { outcome: "unknown", recovery: "briefly" }],
];
const OTHER: Verdict = { outcome: "unknown", recovery: "never" };

function formOf(response: HttpResponse): Form {
  if (response.text.trim() === "") return "empty";
  if (isJson(response)) return "json";
  return isPlain(response) ? "plain" : "other";
}

/** Seconds that MAAS lets a request's timestamp lie behind. */
const LARGEST_SKEW_S = 300;

/**
 * The error to raise for an answer that is no success. `nowMs` is this machine's clock, to tell a wrong one.
 *
 * Guarantees: nothing of a 401's body is kept, since MAAS puts the token secret into it.
 */
export function responseError(request: MaasRequest, response: HttpResponse, nowMs: number): MaasHttpError {
  const { status } = response;
  const html = isHtml(response);
  const body = status === 401 ? "" : plainText(response.text, html);
  const retryAfterMs = parseRetryAfter(headerOf(response, "retry-after"), nowMs);
  const signs: Signs = { status, hasRetryAfter: retryAfterMs !== undefined, form: formOf(response), body };
  const verdict = VERDICTS.find(([applies]) => applies(signs))?.[1] ?? OTHER;
  const fields = status === 400 && isJson(response) ? fieldTexts(response.text) : undefined;
  const reason = fields === undefined ? body : fieldsText(fields);
  const said = reason === "" ? "" : sentence(reason);
  const fix = fixFor({ request, response, nowMs, verdict, body, fields });
  const isForeign = verdict === OTHER && status !== 401;
  const failure: HttpFailure = { ...verdict, status, body, said, retryAfterMs, isForeign, fix };
  const message = `${request.method} ${request.path} was answered ${status} by ${hostOf(request)}${said === "" ? "." : `: ${said}`}${doubtOf(request, verdict)}`;
  if (fields !== undefined) return new MaasValidationError(request, message, failure, fields);
  if (status === 404 && signs.form === "plain" && body.startsWith(NO_ENDPOINT))
    return new MaasNoEndpointError(request, message, failure);
  if (status === 404 && signs.form === "plain" && (GONE.test(body) || body === OLD_NOT_FOUND))
    return new MaasNotFoundError(request, message, failure);
  if (status === 401 || status === 403) return new MaasAuthError(request, message, failure);
  return new MaasHttpError(request, message, failure);
}

type Fields = Record<string, string[]>;

function fieldTexts(json: string): Fields | undefined {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Array.isArray(value) ? [["__all__", value] as const] : Object.entries(value);
  return Object.fromEntries(entries.map(([field, texts]) => [field, listOf(texts)]));
}

function listOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((text) => (typeof text === "string" ? text : JSON.stringify(text)));
}

/** What is said of the object as a whole comes first, or it would read as said of a field. */
function fieldsText({ __all__: whole = [], ...fields }: Fields): string {
  const ofFields = Object.entries(fields).map(([field, texts]) => `${field}: ${texts.map(sentence).join(" ")}`);
  return [...whole.map(sentence), ...ofFields].join(" ");
}

interface Refused {
  readonly request: MaasRequest;
  readonly response: HttpResponse;
  readonly nowMs: number;
  readonly verdict: Verdict;
  readonly body: string;
  readonly fields: Fields | undefined;
}

/** What to do about it. */
function fixFor({ request, response, nowMs, verdict: { recovery }, body, fields }: Refused): string {
  const { status } = response;
  if (status === 400 && TLS_ONLY.test(body)) return tlsAdvice(request);
  if (status >= 300 && status < 400) return redirectAdvice(request, response);
  if (status === 400 && fields !== undefined) return fieldsAdvice(fields);
  if (status === 401) return unauthorizedAdvice(response, nowMs);
  if (status === 403 && !RIGHTS.test(body)) return OTHER_403;
  if (status === 404 && !is404OfMaas(body)) return notMaasAdvice(request);
  if (status === 404 && body.startsWith(NO_ENDPOINT)) {
    return `check that api_url ends where MAAS's own address does, as in http://region.example:5240/MAAS (asked for: ${request.url}).`;
  }
  if (status === 503 && recovery === "never") {
    return "enlarge the subnet, delete ranges or links on it, or choose another one.";
  }
  if (status > 500 || recovery !== "never") {
    return "run it again in a minute, since MAAS or a proxy before it is busy or restarting. If that does not help, look at regiond.log on the region controller.";
  }
  return ADVICE[status] ?? "look at regiond.log on the region controller for the reason.";
}

/** What nginx, Go and Apache say of plain HTTP on a port of TLS. */
const TLS_ONLY = /plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server|speaking plain HTTP to an SSL/i;

const tlsAdvice = ({ url }: MaasRequest): string =>
  `the port speaks TLS, and http was asked for: set api_url to ${withOtherScheme(new URL(url))}, or to the port without TLS: 5240 in MAAS.`;

/** What to do where something else than MAAS has answered. */
const notMaasAdvice = ({ url }: MaasRequest): string =>
  `check that api_url is the address of the region itself, as in http://region.example:5240/MAAS, and look at a proxy before it (asked for: ${url}). Such a 404 is not MAAS's, so nothing counts as deleted.`;

/** A 403 in such words, or in none, is about the user and not about the object. */
const RIGHTS = /^$|admin|privilege|permission|not allowed access|don't own|forbidden/i;

const OTHER_403 = "check that the object is the one that you mean. MAAS does not allow this call for it, whoever asks.";

const ADVICE: Readonly<Record<number, string>> = {
  400: "change or remove what MAAS names, then run it again. Nothing has been changed.",
  403: "use the API key of an administrator in api_key or MAAS_API_KEY. The user of this one may not do that.",
  404: "check api_url, then refresh the state (terraform refresh) or plan again. The object was deleted by somebody else, or is in another region.",
  405: "upgrade MAAS. This version does not have the operation.",
  407: "write the proxy's user and password into HTTP_PROXY or HTTPS_PROXY, or the region's host into NO_PROXY.",
  409: "bring the object into a state that allows the change, such as a machine into Ready, then run it again.",
  413: "raise the limit of the proxy before MAAS, or set api_url to the region itself.",
  429: "wait a minute, then run it again. A proxy before MAAS limits the rate of requests.",
  500: "look at regiond.log on the region controller for the reason. It is a fault inside MAAS.",
};

/** `change cidr and vlan to what MAAS takes`. */
function fieldsAdvice(fields: Fields): string {
  const names = Object.keys(fields).filter((name) => name !== "__all__");
  const what = names.length === 0 ? "what MAAS names" : `${names.join(" and ")} to what MAAS takes`;
  return `change ${what}, then run it again. Nothing has been changed.`;
}

/** The secret-free reasons for a 401: a wrong key, or a clock that is behind the region's. */
function unauthorizedAdvice(response: HttpResponse, nowMs: number): string {
  const regionMs = Date.parse(headerOf(response, "date") ?? "");
  const behind = Math.round((regionMs - nowMs) / 1000);
  return behind >= LARGEST_SKEW_S
    ? `set this machine's clock: the clock is ${behind} s behind the region's, and MAAS allows ${LARGEST_SKEW_S} s.`
    : "check that api_key or MAAS_API_KEY (consumer:token:secret) is a key of this region that has not been deleted, and that this machine's clock is right.";
}

function redirectAdvice(request: MaasRequest, response: HttpResponse): string {
  const location = headerOf(response, "location");
  const target = location === undefined ? undefined : tryUrl(location, request.url);
  if (target === undefined) return "set api_url to the region's own address. Redirects are not followed.";
  const [base = "", rest] = target.pathname.split("/api/2.0/");
  return rest === undefined
    ? `set api_url to the region's own address: it redirects to ${target.origin}${target.pathname}, which is not the API.`
    : `set api_url to ${target.origin}${base}. Redirects are not followed.`;
}

/** Releases that say `Not Found` of an object: 2.8 does, 3.4.10 no longer (recordings). */
export function saysNotFound(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 3 || (major === 3 && minor < 4);
}

/** The error of a call whose answer, such as that something is gone, did not come from MAAS itself. */
export const notOfRegion = (request: MaasRequest, what: string, why: string): MaasDecodeError =>
  new MaasDecodeError(
    request,
    `${request.method} ${request.path} ${what}, but that is not MAAS's word: ${why}. Nothing counts as deleted.`,
    `check that api_url is the address of the region itself, as in http://region.example:5240/MAAS, and look at a proxy before it (asked for: ${request.url}).`,
    "never",
  );
