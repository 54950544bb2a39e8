import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { tryUrl } from "../../../maas/api-url";
import { redactorOf } from "../../../maas/redactor";
import { InputFileError } from "../input-error";
import { HTTP_RECORD } from "./record-name";

/** Where requests of one purpose go. */
export interface Endpoint {
  readonly address: URL;
  readonly method: string;
  /** `Authorization` of each request. */
  readonly authorization: string | undefined;
}

/** The settings of Terraform's HTTP backend, from the environment variables that it reads. */
export interface HttpSettings {
  /** How the record is named in messages and in saved plans: without credentials, and without the query, which may hold a token. */
  readonly name: string;
  /** Of writes; its addresses are without credentials. */
  readonly update: Endpoint;
  /** Undefined = the server has no locks. */
  readonly lock: Endpoint | undefined;
  readonly unlock: Endpoint | undefined;
  /** PEM texts: authorities to trust besides the usual ones, and the certificate that this side shows, with its key. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly skipsVerification: boolean;
  /** How often a request that may have been lost is repeated, and the pauses before that, in milliseconds. */
  readonly retries: { readonly max: number; readonly waitMin: number; readonly waitMax: number };
  /** Blots the credentials out of a text. */
  readonly redact: (text: string) => string;
}

/** An address with the credentials that it may hold. @throws InputFileError */
function addressOf(variable: string, text: string): URL {
  const url = tryUrl(text);
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new InputFileError(
    variable,
    "this is no URL of an HTTP backend. Give one such as https://gitlab.example/api/v4/projects/42/terraform/state/maas-lab.",
  );
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

/** What stands for the query of an address that is shown. */
const HIDDEN_QUERY = "?…";

/** An address as it may be shown, and kept in a file. */
export function shownAddress(url: URL): string {
  const bare = withoutCredentials(url);
  [bare.search, bare.hash] = ["", ""];
  return `${bare.href}${url.search === "" ? "" : HIDDEN_QUERY}`;
}

/** Whether the name is of a record whose address has a query: it can't be read from its name alone. */
export const hasHiddenQuery = (name: string): boolean => /^https?:/.test(name) && name.endsWith(HIDDEN_QUERY);

/** A part of a URL as text. One that is not encoded as URLs want it counts as it is written. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A PEM text, which may be absent. @throws InputFileError where `use` can't use it */
function pem(variable: string, value: string | undefined, what: string, use: (text: string) => unknown): void {
  try {
    if (value !== undefined) use(value);
  } catch (cause) {
    const begins = `-----BEGIN ${what}-----`;
    throw new InputFileError(
      variable,
      `it can't be used. Set it to the text of a PEM file that begins with ${begins}.`,
      [],
      {
        cause,
      },
    );
  }
}

/**
 * Reads the settings.
 *
 * @param name what `--record` was given: {@link HTTP_RECORD}, or the address itself
 * @throws InputFileError where there is no address, or a setting can't be used
 */
export function httpSettings(name: string, environment: NodeJS.ProcessEnv): HttpSettings {
  const read = (variable: string): string | undefined => {
    const value = environment[`TF_HTTP_${variable}`];
    return value === "" ? undefined : value;
  };
  const whole = (variable: string, byDefault: number): number => {
    const value = read(variable) ?? String(byDefault);
    if (/^\d{1,6}$/.test(value)) return Number(value);
    throw new InputFileError(`TF_HTTP_${variable}`, `it is no whole number. Set it to one such as ${byDefault}.`);
  };
  const text = name === HTTP_RECORD ? read("ADDRESS") : name;
  if (text === undefined)
    throw new InputFileError(
      "TF_HTTP_ADDRESS",
      "it is not set, and --record http keeps the record there. Set it to an address of its own, not that of Terraform's state, " +
        "such as https://gitlab.example/api/v4/projects/42/terraform/state/maas-lab.",
    );
  const address = addressOf(name === HTTP_RECORD ? "TF_HTTP_ADDRESS" : "--record", text);
  const [user, password] = [
    read("USERNAME") ?? decoded(address.username),
    read("PASSWORD") ?? decoded(address.password),
  ];
  const secrets = [password];
  const authorization = (username: string, secret: string): string | undefined => {
    if (username === "" && secret === "") return undefined;
    const pair = `${username}:${secret}`;
    secrets.push(secret, pair, decoded(secret));
    return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
  };
  const own = authorization(user, password);
  const endpoint = (url: URL, method: string): Endpoint => ({
    ...{ address: withoutCredentials(url), method },
    authorization: own ?? authorization(decoded(url.username), decoded(url.password)),
  });
  const optional = (word: string, method: string, byDefault?: string): Endpoint | undefined => {
    const at = read(`${word}_ADDRESS`) ?? byDefault;
    return at === undefined
      ? undefined
      : endpoint(addressOf(`TF_HTTP_${word}_ADDRESS`, at), read(`${word}_METHOD`) ?? method);
  };
  const [ca, cert, key] = [
    read("CLIENT_CA_CERTIFICATE_PEM"),
    read("CLIENT_CERTIFICATE_PEM"),
    read("CLIENT_PRIVATE_KEY_PEM"),
  ];
  pem("TF_HTTP_CLIENT_CA_CERTIFICATE_PEM", ca, "CERTIFICATE", (value) => new X509Certificate(value));
  pem("TF_HTTP_CLIENT_CERTIFICATE_PEM", cert, "CERTIFICATE", (value) => new X509Certificate(value));
  pem("TF_HTTP_CLIENT_PRIVATE_KEY_PEM", key, "PRIVATE KEY", (value) => createSecureContext({ cert, key: value }));
  return {
    name: name === HTTP_RECORD ? HTTP_RECORD : shownAddress(address),
    update: endpoint(address, read("UPDATE_METHOD") ?? "POST"),
    lock: optional("LOCK", "LOCK"),
    unlock: optional("UNLOCK", "UNLOCK", read("LOCK_ADDRESS")),
    tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    skipsVerification: /^(1|t|true)$/i.test(read("SKIP_CERT_VERIFICATION") ?? ""),
    retries: {
      max: whole("RETRY_MAX", 2),
      waitMin: whole("RETRY_WAIT_MIN", 1) * 1000,
      waitMax: whole("RETRY_WAIT_MAX", 30) * 1000,
    },
    redact: redactorOf(...secrets),
  };
}
