import { inspect } from "node:util";
import { MaasConfigError } from "./config-error";

const PARTS = ["consumer key", "token key", "token secret"] as const;
const FIX = "copy it whole from the user's page in the MAAS UI, or from `maas apikey --username=<you>`";
const REDACTED = "[redacted]";

/** Shorter texts than this are no secrets of MAAS (32 characters), and would blot out ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * A MAAS API key, `<consumer key>:<token key>:<token secret>`.
 *
 * Guarantees: text, JSON and inspection of it show no part of the key.
 */
export class ApiKey {
  readonly #consumerKey: string;
  readonly #tokenKey: string;
  readonly #tokenSecret: string;

  private constructor(consumerKey: string, tokenKey: string, tokenSecret: string) {
    this.#consumerKey = consumerKey;
    this.#tokenKey = tokenKey;
    this.#tokenSecret = tokenSecret;
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

  /** The text with every occurrence of the token secret blotted out. */
  redact(text: string): string {
    return [this.#tokenSecret, encodeURIComponent(this.#tokenSecret)]
      .filter((secret) => secret.length >= SHORTEST_SECRET)
      .reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
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
