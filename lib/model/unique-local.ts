import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import { fault, PlanError } from "./problem";

/** Bits of a prefix that are chosen at random (RFC 4193, 3.1). */
const GLOBAL_ID_BYTES = 5;

/** A shorter text is likely somebody else's as well. */
const SHORTEST_SEED = 16;

/**
 * The unique local /48 (RFC 4193) that belongs to a seed: its global id is the last 40 bits of the seed's SHA-256.
 *
 * @param sha256 the digest of a text in UTF-8. This layer has no hash of its own.
 * @throws PlanError for a seed of fewer than 16 characters
 */
export function uniqueLocalPrefix(seed: string, sha256: (text: string) => Uint8Array): Cidr {
  if (seed.length < SHORTEST_SEED) {
    const what = `the seed must be a literal text of at least ${SHORTEST_SEED} characters that nobody else uses`;
    const fix = 'Take the output of "openssl rand -hex 16" once, and keep it in the source.';
    throw new PlanError("unique local prefix", fault("MAAS-ADR-03", undefined, { what, fix }));
  }
  const globalId = [...sha256(seed).slice(-GLOBAL_ID_BYTES)].reduce((id, byte) => (id << 8n) | BigInt(byte), 0n);
  return Cidr.of(IpAddress.of(6, (0xfdn << 120n) | (globalId << 80n)), 48);
}
