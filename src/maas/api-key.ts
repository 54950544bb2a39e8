import { inspect } from "node:util";
import { MaasConfigError } from "./config-error";

const PARTS = ["consumer key", "token key", "token secret"] as const;
const FIX = "copy it whole from the user's page in the MAAS UI, or from `maas apikey --username=<you>`";
const REDACTED = "[redacted]";

/** Shorter texts than this are no secrets of MAAS (32 characters), and would blot out ordinary words. */
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

const formsOf = (secret: string): string[] => [
  ...new Set([secret, encodeURIComponent(secret), ...base64Forms(secret)]),
];

/** Hexadecimal digits of a URL's encoding may be in either case. */
const pattern = (form: string): RegExp =>
  new RegExp(
    form
      .replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")
      .replace(/%([0-9A-F]{2})/g, (_, hex: string) => `%(?:${hex}|${hex.toLowerCase()})`),
    "g",
  );

/**
 * A MAAS API key, `<consumer key>:<token key>:<token secret>`.
 *
 * Guarantees: text, JSON and inspection of it show no part of the key.
 */
export class ApiKey {
  readonly #consumerKey: string;
  readonly #tokenKey: string;
  readonly #tokenSecret: string;
  readonly #forms: readonly RegExp[];

  private constructor(consumerKey: string, tokenKey: string, tokenSecret: string) {
    this.#consumerKey = consumerKey;
    this.#tokenKey = tokenKey;
    this.#tokenSecret = tokenSecret;
    const parts = [consumerKey, tokenKey, tokenSecret].filter((part) => part.length >= SHORTEST_SECRET);
    const whole = [consumerKey, tokenKey, tokenSecret].join(":");
    this.#forms = [whole, ...parts]
      .flatMap(formsOf)
      .sort((a, b) => b.length - a.length)
      .map(pattern);
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

  /** The text with every form of the key and of each of its parts blotted out: plain, URL-encoded, in base64. */
  redact(text: string): string {
    return this.#forms.reduce((rest, form) => rest.replace(form, REDACTED), text);
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
