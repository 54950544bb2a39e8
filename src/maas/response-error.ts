import {
  type HttpFailure,
  MaasAuthError,
  MaasHttpError,
  MaasNotFoundError,
  type MaasRequest,
  MaasValidationError,
} from "./errors";
import { plainText } from "./plain-text";
import { headerOf, type HttpResponse, isHtml, isJson, parseJson } from "./response";
import { parseRetryAfter, type Recovery } from "./retry";

interface Verdict {
  readonly outcome: "refused" | "unknown";
  readonly recovery: Recovery;
}

/** An answer, as far as {@link VERDICTS} looks at it. */
interface Signs {
  readonly status: number;
  readonly hasRetryAfter: boolean;
  readonly html: boolean;
  readonly body: string;
}

const ROLLED_BACK: Verdict = { outcome: "refused", recovery: "safe" };
const DOUBTFUL: Verdict = { outcome: "unknown", recovery: "idempotent" };
const FINAL: Verdict = { outcome: "refused", recovery: "never" };

/** First match wins. MAAS runs each request in one transaction, which every error of its own rolls back. */
const VERDICTS: readonly (readonly [applies: (signs: Signs) => boolean, verdict: Verdict])[] = [
  // The transaction's own retries are exhausted; a 409 in plain text is a conflict with the object's state.
  [({ status, hasRetryAfter, html }) => status === 409 && (hasRetryAfter || html), ROLLED_BACK],
  [({ status, body }) => status === 503 && body.includes("No more IPs available"), FINAL],
  [({ status, hasRetryAfter }) => status === 503 && hasRetryAfter, ROLLED_BACK],
  [({ status }) => status === 502 || status === 503 || status === 504, DOUBTFUL],
  [({ status }) => status > 500, { outcome: "unknown", recovery: "never" }],
  [() => true, FINAL],
];

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
  const signs: Signs = { status, hasRetryAfter: retryAfterMs !== undefined, html, body };
  const verdict = VERDICTS.find(([applies]) => applies(signs))?.[1] ?? FINAL;
  const failure: HttpFailure = { ...verdict, status, body, retryAfterMs };
  const fields = status === 400 && isJson(response) ? fieldTexts(response.text) : undefined;
  const reason = fields === undefined ? body : fieldsText(fields);
  const message =
    `${request.method} ${request.path} was answered ${status} by ${new URL(request.url).host}` +
    (reason === "" ? "" : `: ${reason.replace(/\.$/, "")}`) +
    `: ${adviceFor(request, response, nowMs, verdict)}`;
  if (fields !== undefined) return new MaasValidationError(request, message, failure, fields);
  if (status === 404) return new MaasNotFoundError(request, message, failure);
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

function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .map(([field, texts]) => (field === "__all__" ? texts.join(" ") : `${field}: ${texts.join(" ")}`))
    .join("; ");
}

function adviceFor(request: MaasRequest, response: HttpResponse, nowMs: number, { recovery }: Verdict): string {
  const { status } = response;
  if (status >= 300 && status < 400) return redirectAdvice(request, response);
  if (status === 401) return unauthorizedAdvice(response, nowMs);
  if (status === 404 && response.text.includes("Unknown API endpoint")) {
    return `check that api_url ends where MAAS's own address does, as in http://region:5240/MAAS (asked: ${request.url})`;
  }
  if (status === 503 && recovery === "never") return "enlarge the subnet or free addresses in it";
  if (status > 500 || recovery !== "never")
    return "MAAS is busy or restarting: run it again, and look at the region's log";
  return ADVICE[status] ?? "look at the region's log (regiond.log) for the reason";
}

const ADVICE: Readonly<Record<number, string>> = {
  400: "change what MAAS objects to",
  403: "use the API key of an administrator in api_key or MAAS_API_KEY",
  404: "it was deleted outside, or belongs to another region: refresh, and check api_url",
  405: "this MAAS version lacks the operation: upgrade MAAS",
  407: "put the proxy's user and password into HTTP_PROXY or HTTPS_PROXY, or the region's host into NO_PROXY",
  409: "bring the object into a state that allows the change",
};

/** The secret-free reasons for a 401: a wrong key, or a clock that is behind the region's. */
function unauthorizedAdvice(response: HttpResponse, nowMs: number): string {
  const regionMs = Date.parse(headerOf(response, "date") ?? "");
  const behind = Math.round((regionMs - nowMs) / 1000);
  return behind >= LARGEST_SKEW_S
    ? `this machine's clock is ${behind} s behind the region's, and MAAS allows ${LARGEST_SKEW_S}: set the clock`
    : "MAAS does not accept the API key: check api_key or MAAS_API_KEY (consumer:token:secret, of this region, not deleted) and this machine's clock";
}

function redirectAdvice(request: MaasRequest, response: HttpResponse): string {
  const location = headerOf(response, "location");
  const target =
    location !== undefined && URL.canParse(location, request.url) ? new URL(location, request.url) : undefined;
  if (target === undefined) return "redirects are not followed: set api_url to the region's own address";
  const [base = "", rest] = target.pathname.split("/api/2.0/");
  return rest === undefined
    ? `it redirects to ${target.origin}${target.pathname}, which is not the API: set api_url to the region's own address`
    : `redirects are not followed: set api_url to ${target.origin}${base}`;
}
