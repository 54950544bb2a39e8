import type { Attributes } from "../../lib/model/known";

/** What the provider keeps with a resource in Terraform's state, out of the user's sight. Holds no secrets. */
export interface PrivateState {
  /** Attributes that the configuration set, so that one taken out of it can be told from one never in it. */
  readonly configured: readonly string[];
  /** Attributes of an adopted object before it was adopted: what it gets back. */
  readonly original?: Attributes;
}

export function readPrivate(bytes: Uint8Array): PrivateState {
  if (bytes.length === 0) return { configured: [] };
  return JSON.parse(new TextDecoder().decode(bytes)) as PrivateState;
}

export function writePrivate(state: PrivateState): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(state));
}
