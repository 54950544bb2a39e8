import { isNativeError } from "node:util/types";
import { hostOf, MaasNetworkError, type MaasRequest } from "./errors";
import type { Recovery } from "./retry";
import { OTHER_NAME, withOtherScheme } from "./tls";

interface NetworkFailure {
  readonly outcome: "not-sent" | "unknown";
  readonly recovery: Recovery;
  readonly help: Help;
}

/** What the failure means, without a full stop, and what to do about it. */
interface Help {
  readonly why: string;
  readonly fix: string | ((url: URL) => string);
}

const unreachable = (help: Help): NetworkFailure => ({ outcome: "not-sent", recovery: "safe", help });
const misconfigured = (help: Help): NetworkFailure => ({ outcome: "not-sent", recovery: "never", help });
const broken = (help: Help): NetworkFailure => ({ outcome: "unknown", recovery: "idempotent", help });

const LISTENING: Help = {
  why: "nothing listens there",
  fix: "check api_url (and HTTP_PROXY, if set), and that the region is running: its API listens on port 5240, or on 5443 with TLS.",
};
const ROUTE: Help = {
  why: "the address can't be reached",
  fix: "check the address in api_url, the route to it, and firewalls.",
};
const NAME: Help = {
  why: "the host name is not known",
  fix: "check the host name in api_url and this machine's DNS.",
};
const CA: Help = {
  why: "its certificate is signed by an authority that is not trusted here",
  fix: "set tls_ca_cert_path (MAAS_API_CACERT) to the PEM file of the authority that signed the region's certificate.",
};
const VALIDITY: Help = {
  why: "its certificate is not valid at this time",
  fix: "renew the region's certificate, or set this machine's clock.",
};
const ALTERNATIVE_NAME: Help = {
  why: "its certificate is for another name",
  fix: "use a name or address in api_url that the certificate is made for.",
};
const NO_TLS: Help = {
  why: "https was asked for, and the port does not speak TLS",
  fix: (url) => `set api_url to ${withOtherScheme(url)}, or to the port on which the region speaks TLS: 5443 in MAAS.`,
};
const TLS: Help = {
  why: "http was asked for, and the port speaks TLS",
  fix: (url) => `set api_url to ${withOtherScheme(url)}, or to the port without TLS: 5240 in MAAS.`,
};
const HANDSHAKE: Help = {
  why: "the connection was closed before TLS was agreed on",
  fix: (url) =>
    `check that the port speaks TLS (if not, set api_url to ${withOtherScheme(url)}), and that a proxy before the region is up.`,
};
const RESTART: Help = {
  why: "the connection was closed before the answer was complete",
  fix: "check that the region, and a proxy before it, stay up, then run it again.",
};
const NO_HTTP: Help = {
  why: "what answers there does not speak HTTP",
  fix: "check the port in api_url: MAAS's API listens on port 5240, or on 5443 with TLS.",
};
const SLOW: Help = {
  why: "the answer took too long",
  fix: "run it again when the region has less to do. MAAS may take 90 s for one change.",
};
const HUGE: Help = {
  why: "the answer is too long to be one of MAAS's",
  fix: "check that api_url is the region itself, and look at what a proxy before it answers.",
};
const PROXY: Help = {
  why: "the proxy did not let the request through",
  fix: "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and that the proxy lets this address through.",
};

/** By the error code of Node's sockets and TLS, and of undici. */
const FAILURES: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: unreachable(LISTENING),
  ENOTFOUND: unreachable(NAME),
  EAI_AGAIN: unreachable(NAME),
  EHOSTUNREACH: unreachable(ROUTE),
  ENETUNREACH: unreachable(ROUTE),
  EADDRNOTAVAIL: unreachable(ROUTE),
  UND_ERR_CONNECT_TIMEOUT: unreachable(ROUTE),
  UND_ERR_INVALID_ARG: misconfigured(PROXY),
  UND_ERR_PRX_TLS: misconfigured(PROXY),
  SELF_SIGNED_CERT_IN_CHAIN: misconfigured(CA),
  DEPTH_ZERO_SELF_SIGNED_CERT: misconfigured(CA),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: misconfigured(CA),
  UNABLE_TO_GET_ISSUER_CERT: misconfigured(CA),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: misconfigured(CA),
  CERT_HAS_EXPIRED: misconfigured(VALIDITY),
  CERT_NOT_YET_VALID: misconfigured(VALIDITY),
  [OTHER_NAME]: misconfigured(ALTERNATIVE_NAME),
  ERR_SSL_WRONG_VERSION_NUMBER: misconfigured(NO_TLS),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: misconfigured(NO_TLS),
  EPROTO: { outcome: "unknown", recovery: "never", help: NO_TLS },
  ECONNRESET: broken(RESTART),
  EPIPE: broken(RESTART),
  ETIMEDOUT: broken(ROUTE),
  UND_ERR_SOCKET: broken(RESTART),
  UND_ERR_HEADERS_TIMEOUT: broken(SLOW),
  UND_ERR_BODY_TIMEOUT: broken(SLOW),
  MAAS_TLS_PORT: misconfigured(TLS),
  MAAS_ANSWER_TIMEOUT: broken(SLOW),
  MAAS_ANSWER_SIZE: { outcome: "unknown", recovery: "never", help: HUGE },
};

const OTHER = broken(RESTART);

/** Codes that stand for more than one thing, told apart. */
const SPECIAL: readonly (readonly [applies: (error: Error, code: string) => boolean, failure: NetworkFailure])[] = [
  [(error, code) => code === "ETIMEDOUT" && isConnecting(error), unreachable(ROUTE)],
  [(error, code) => code === "ECONNRESET" && error.message.includes("before secure TLS"), unreachable(HANDSHAKE)],
  [(error) => error.message.includes("does not match the HTTP/1.1 protocol"), broken(NO_HTTP)],
  [(error, code) => code === "UND_ERR_ABORTED" && error.message.includes("Tunneling"), misconfigured(PROXY)],
];

function failureOf(error: Error): NetworkFailure {
  const code = codeOf(error);
  return SPECIAL.find(([applies]) => applies(error, code))?.[1] ?? FAILURES[code] ?? OTHER;
}

const asError = (thrown: unknown): Error => (isNativeError(thrown) ? thrown : new Error(String(thrown)));

/** Why a server other than a region did not answer. */
export interface Unanswered {
  /** What the failure means, with the system's words for it. */
  readonly why: string;
  /** Whether the same request may be answered a moment later. */
  readonly mayPass: boolean;
  /** Whether the authority of the server's certificate is not trusted. */
  readonly isUntrusted: boolean;
}

export function unanswered(thrown: unknown): Unanswered {
  const error = asError(thrown);
  const { recovery, help } = failureOf(error);
  return { why: `${help.why}: ${reasonOf(error)}`, mayPass: recovery !== "never", isUntrusted: help === CA };
}

/** The error to raise for a call that ended without an answer. */
export function networkError(request: MaasRequest, thrown: unknown): MaasNetworkError {
  const error = asError(thrown);
  const failure = failureOf(error);
  const { why, fix: advice } = failure.help;
  const fix = typeof advice === "string" ? advice : advice(new URL(request.url));
  const doubt =
    failure.outcome === "unknown" && request.method !== "GET"
      ? " The change may have been carried out all the same."
      : "";
  return new MaasNetworkError(
    request,
    `${request.method} ${request.path} got no answer from ${hostOf(request)}: ${why} (${reasonOf(error)}).${doubt}`,
    { outcome: failure.outcome, recovery: failure.recovery, cause: withoutData(error), fix },
  );
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** An AggregateError comes from trying every address of a name, so from connecting too. */
function isConnecting(error: Error): boolean {
  return "errors" in error || ("syscall" in error && error.syscall === "connect");
}

/** OpenSSL's text of a failure: the reason stands between the function and the place in its source. */
const OPENSSL = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/;

function reasonOf(error: Error): string {
  if (error.message !== "") return OPENSSL.exec(error.message)?.[1] ?? error.message;
  const parts: readonly unknown[] = "errors" in error && Array.isArray(error.errors) ? error.errors : [];
  return parts.map((part) => (isNativeError(part) ? part.message : String(part))).join("; ") || codeOf(error);
}

/** undici's parser errors carry the bytes they failed on, which may be those of a 401. */
function withoutData(error: Error): Error {
  return "data" in error ? new Error(error.message) : error;
}
