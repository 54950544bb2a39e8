import { randomBytes } from "node:crypto";
import type { CallerKeys } from "../api/handler";
import { badRequest, MaasError } from "../model/errors";

/** A MAAS API key: `consumer:token:secret`. */
export class ApiKey {
  private constructor(
    readonly consumer: string,
    readonly token: string,
    readonly secret: string,
  ) {}

  /** @throws RangeError for text that has not three parts */
  static parse(text: string): ApiKey {
    const [consumer, token, secret, rest] = text.split(":");
    if (!consumer || !token || !secret || rest !== undefined) {
      throw new RangeError(
        "an API key has three parts joined by colons, such as admin:token:secret; the one given has not (it is not shown here)",
      );
    }
    return new ApiKey(consumer, token, secret);
  }

  static random(): ApiKey {
    const part = (bytes: number) => randomBytes(bytes).toString("hex");
    return new ApiKey(part(9), part(9), part(16));
  }

  toString(): string {
    return `${this.consumer}:${this.token}:${this.secret}`;
  }
}

const REQUIRED_PARAMETERS = ["consumer_key", "token", "signature", "signature_method", "timestamp", "nonce"];
const THRESHOLD_SECONDS = 300;
const NONCE_MEMORY = 100_000;

export const unauthorized = (message: string) => new MaasError(401, "text/html", `Authorization Error: ${message}`);

interface KeyOfUser {
  readonly key: ApiKey;
  readonly username: string;
  readonly name: string;
}

/** MAAS's OAuth 1.0 PLAINTEXT check, in MAAS's order: key, age, nonce, signature. */
export class Authenticator {
  /** Two generations, so that the memory is bounded and a recent nonce is never forgotten. */
  private nonces = new Set<string>();
  private olderNonces = new Set<string>();

  private keys: readonly KeyOfUser[];

  constructor(keys: readonly Omit<KeyOfUser, "name">[]) {
    this.keys = keys.map((entry) => ({ ...entry, name: "MAAS consumer" }));
  }

  /** The keys of one user, for that user to see and to change. */
  keysOf(username: string): CallerKeys {
    const show = ({ key, name }: KeyOfUser) => ({ name, token: key.toString() });
    const isMeant = (entry: KeyOfUser, token: string) => entry.username === username && entry.key.token === token;
    const replace = (token: string, by: (entry: KeyOfUser) => readonly KeyOfUser[]) => {
      const isThere = this.keys.some((entry) => isMeant(entry, token));
      this.keys = this.keys.flatMap((entry) => (isMeant(entry, token) ? by(entry) : [entry]));
      return isThere;
    };
    return {
      list: () => this.keys.filter((entry) => entry.username === username).map(show),
      create: (name) => {
        const entry = { key: ApiKey.random(), username, name };
        this.keys = [...this.keys, entry];
        return show(entry);
      },
      rename: (token, name) => replace(token, (entry) => [{ ...entry, name }]),
      remove: (token) => replace(token, () => []),
    };
  }

  /**
   * The name of a request's caller.
   * @throws MaasError 401; as MAAS does, the reply to a wrong secret holds the right one
   */
  authenticate(header: string | undefined, nowSeconds: number): string {
    const parameters = parse(header ?? "");
    const get = (name: string) => parameters.get(`oauth_${name}`) ?? "";
    if (REQUIRED_PARAMETERS.some((name) => !parameters.has(`oauth_${name}`))) {
      throw new MaasError(401, "text/plain", "Forbidden");
    }
    const ofConsumer = this.keys.filter(({ key }) => key.consumer === get("consumer_key"));
    if (ofConsumer.length === 0) throw unauthorized("Invalid API key.");
    const entry = ofConsumer.find(({ key }) => key.token === get("token"));
    if (entry === undefined) throw unauthorized(`'Invalid access token: ${get("token")}'`);
    checkAge(get("timestamp"), nowSeconds);
    this.useNonce(`${entry.key.consumer}:${entry.key.token}:${get("nonce")}`, get("nonce"));
    if (get("signature") !== `&${entry.key.secret}`) {
      throw unauthorized(`'Invalid signature. Expected signature base string: &${entry.key.secret}'`);
    }
    return entry.username;
  }

  private useNonce(key: string, nonce: string): void {
    if (this.nonces.has(key) || this.olderNonces.has(key)) throw unauthorized(`'Nonce already used: ${nonce}'`);
    if (this.nonces.size >= NONCE_MEMORY) [this.olderNonces, this.nonces] = [this.nonces, new Set()];
    this.nonces.add(key);
  }
}

function checkAge(timestamp: string, nowSeconds: number): void {
  if (!/^\s*[+-]?\d+\s*$/.test(timestamp)) throw badRequest(`invalid literal for int() with base 10: '${timestamp}'`);
  const given = Number(timestamp);
  if (nowSeconds - given <= THRESHOLD_SECONDS) return;
  throw unauthorized(
    `'Expired timestamp: given ${given} and now ${nowSeconds} has a greater difference than threshold ${THRESHOLD_SECONDS}'`,
  );
}

function parse(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (!/^OAuth\s/i.test(header)) return parameters;
  for (const entry of header.slice(6).split(",")) {
    const equals = entry.indexOf("=");
    if (equals < 0) continue;
    const value = entry
      .slice(equals + 1)
      .trim()
      .replace(/^"|"$/g, "");
    parameters.set(entry.slice(0, equals).trim(), unescape(value));
  }
  return parameters;
}

function unescape(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
