import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { MaasConfigError } from "./config-error";

const PARTS = ["consumer key", "token key", "token secret"] as const;
const FIX = "copy it whole from the user's page in the MAAS UI, or from `maas apikey --username=<you>`";
const REDACTED = "[redacted]";

/** Shorter parts than this are no secrets of MAAS (18 and 32 characters), and would blot out ordinary words. */
const SHORTEST_SECRET = 8;

/** The base64 that a text has inside a longer one, at each of the three places that it may begin at in a group. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    // The characters at both ends hold bits of the neighbours too.
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(from, to));
  });
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** Digits of either case, such as those of `%2f`. */
const hexadecimal = (digits: string): string =>
  digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** A character as it is, in a URL (encoded once or twice), in HTML, and in JSON. */
function anyEncoding(character: string): string {
  const code = character.charCodeAt(0);
  const hex = hexadecimal(code.toString(16).padStart(2, "0"));
  return `(?:${literal(character)}|%(?:25)?${hex}|&#0*${code};|&#[xX]0*${hex};|\\\\u00${hex}|\\\\${literal(character)})`;
}

/** What a text may be encoded with; where none of it is, the plain forms are all that there can be. */
const ENCODED = /[%&\\]/;

/** Blots out every form of some texts: plain, in base64, and encoded for URLs, HTML and JSON, all of it or in part. */
function redactor(secrets: readonly string[]): (text: string) => string {
  const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  const plain = longestFirst
    .flatMap((secret) => [secret, ...base64Forms(secret)])
    .filter((form) => form.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const encoded = longestFirst.map((secret) => new RegExp([...secret].map(anyEncoding).join(""), "g"));
  return (text) => {
    const rest = plain.reduce((left, form) => left.replaceAll(form, REDACTED), text);
    return ENCODED.test(rest) ? encoded.reduce((left, form) => left.replace(form, REDACTED), rest) : rest;
  };
}

/** What blots an API key out of a text, also one that MAAS would not take. Without a key the text stays as it is. */
export function redactorOf(key: string | undefined): (text: string) => string {
  const whole = key?.trim() ?? "";
  return redactor([whole, ...whole.split(":")].filter((secret) => secret.length >= SHORTEST_SECRET));
}

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
    return new ApiKey(consumerKey, tokenKey, tokenSecret);
  }

  /** The parts in clear, for signing a request and nothing else. */
  reveal(): { consumerKey: string; tokenKey: string; tokenSecret: string } {
    return { consumerKey: this.#consumerKey, tokenKey: this.#tokenKey, tokenSecret: this.#tokenSecret };
  }

  /** The text with every form of the key and of each of its parts blotted out: plain, in base64, and encoded for URLs, HTML or JSON. */
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
