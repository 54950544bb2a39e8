import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { MaasConfigError } from "./config-error";
import { LONGEST_SECRET, redactorOf } from "./redactor";

const PARTS = ["consumer key", "token key", "token secret"] as const;
const FIX = "copy it whole from the user's page in the MAAS UI, or from `maas apikey --username=<you>`";
const REDACTED = "[redacted]";

/**
 * A MAAS API key, `<consumer key>:<token key>:<token secret>`.
 *
 * Guarantees: text, JSON and inspection of it show no part of the key.
 */
export class ApiKey {
  readonly #consumerKey: string;
  readonly #tokenKey: string;
  readonly #tokenSecret: string;
  readonly #redact: (text: string) => string;

  private constructor(consumerKey: string, tokenKey: string, tokenSecret: string) {
    this.#consumerKey = consumerKey;
    this.#tokenKey = tokenKey;
    this.#tokenSecret = tokenSecret;
    this.#redact = redactorOf([consumerKey, tokenKey, tokenSecret].join(":"));
  }

  /** Blanks around the text are dropped. @throws MaasConfigError when it is not three parts joined by colons. */
  static parse(text: string): ApiKey {
    const parts = text.trim().split(":");
    if (parts.length !== PARTS.length) {
      throw new MaasConfigError(
        "api_key",
        `has ${parts.length} part(s), but an API key has 3, as in consumer:token:secret: ${FIX}`,
      );
    }
    const [consumerKey = "", tokenKey = "", tokenSecret = ""] = parts;
    const wrong = PARTS.find((_, index) => !/^[!-~]+$/.test(parts[index] ?? ""));
    if (wrong !== undefined) {
      throw new MaasConfigError(
        "api_key",
        `has a ${wrong} that is empty or holds a blank or a non-ASCII letter: ${FIX}`,
      );
    }
    const long = PARTS.find((_, index) => (parts[index] ?? "").length > LONGEST_SECRET);
    if (long !== undefined) {
      throw new MaasConfigError("api_key", `has a ${long} of more than ${LONGEST_SECRET} characters: ${FIX}`);
    }
    return new ApiKey(consumerKey, tokenKey, tokenSecret);
  }

  /** The parts in clear, for signing a request and nothing else. */
  reveal(): { consumerKey: string; tokenKey: string; tokenSecret: string } {
    return { consumerKey: this.#consumerKey, tokenKey: this.#tokenKey, tokenSecret: this.#tokenSecret };
  }

  /** The text with every form of the key and of each of its parts blotted out, see {@link redactorOf}. */
  redact(text: string): string {
    return this.#redact(text);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return `ApiKey ${REDACTED}`;
  }
}

/** Where a signature's time (milliseconds since 1970) and its nonce come from. */
export interface OAuthSource {
  now(): number;
  nonce(): string;
}

export const SYSTEM_OAUTH_SOURCE: OAuthSource = { now: () => Date.now(), nonce: () => randomUUID() };

/**
 * The `Authorization` header of OAuth 1.0 PLAINTEXT (RFC 5849, 3.4.4), as MAAS wants it: the consumer secret is empty.
 *
 * One header is good for one request: MAAS refuses a nonce that it has seen, and a timestamp older than 300 s.
 */
export function oauthHeader(key: ApiKey, source: OAuthSource): string {
  const { consumerKey, tokenKey, tokenSecret } = key.reveal();
  const parameters: Record<string, string> = {
    oauth_version: "1.0",
    oauth_signature_method: "PLAINTEXT",
    oauth_consumer_key: consumerKey,
    oauth_token: tokenKey,
    oauth_signature: `&${percentEncode(tokenSecret)}`,
    oauth_nonce: source.nonce(),
    oauth_timestamp: String(Math.floor(source.now() / 1000)),
  };
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${percentEncode(value)}"`);
  return `OAuth ${pairs.join(", ")}`;
}

/** RFC 5849, 3.6: stricter than encodeURIComponent. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
