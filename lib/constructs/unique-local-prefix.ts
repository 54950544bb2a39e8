import { createHash } from "node:crypto";
import { Token } from "../cdk";
import { IpAddress } from "../model/address";
import { Cidr } from "../model/cidr";
import { fault, PlanError } from "../model/problem";

/** Bits of a prefix that are chosen at random (RFC 4193, 3.1). */
const GLOBAL_ID_BYTES = 5;

/** A shorter text is likely somebody else's as well. */
const SHORTEST_SEED = 16;

/** Makes unique local IPv6 prefixes (RFC 4193): for use inside an organisation, without asking a registry. */
export class UniqueLocalPrefix {
  /**
   * The /48 that belongs to a text, such as `fd5a:7c01:9b3e::/48`. The same text always gives the same prefix, so that
   * every synth agrees; another text as good as certainly gives another one.
   *
   * RFC 4193 wants 40 random bits, so that networks which meet one day don't clash, and suggests a hash of the time and
   * a hardware address. Here they are the last 40 bits of a SHA-256 over the text instead. It must be one that nobody else
   * uses: take the output of `openssl rand -hex 16` once, and keep it in the source. It is no secret.
   *
   * @param seed at least 16 characters. Throws for a shorter one, and for a token
   */
  static fromSeed(seed: string): string {
    if (Token.isUnresolved(seed) || seed.length < SHORTEST_SEED) {
      const what = `the seed must be a literal text of at least ${SHORTEST_SEED} characters that nobody else uses`;
      const fix = 'Take the output of "openssl rand -hex 16" once, and keep it in the source.';
      throw new PlanError("unique local prefix", fault("MAAS-ADR-03", undefined, { what, fix }));
    }
    const globalId = createHash("sha256").update(seed, "utf8").digest().subarray(-GLOBAL_ID_BYTES);
    const value = (0xfdn << 120n) | (BigInt(`0x${globalId.toString("hex")}`) << 80n);
    return Cidr.of(IpAddress.of(6, value), 48).toString();
  }
}
