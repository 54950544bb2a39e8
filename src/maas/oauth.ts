import { randomUUID } from "node:crypto";
import type { ApiKey } from "./api-key";

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
