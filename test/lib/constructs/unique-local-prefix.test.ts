import { createHash } from "node:crypto";
import { AddressPlan, UniqueLocalPrefix } from "cdktf-maas";
import fc from "fast-check";
import { Cidr } from "../../../lib/model/cidr";
import { specialNetwork } from "../../../lib/rules/ipv6/special-networks";
import { messageOf } from "../../support/synth";

const SEED = "lab.example 8f14e45fceea167a5a36dedd4bea2543";
const seeds = fc.string({ minLength: 16, maxLength: 60 });

test("is a /48 of fd00::/8, the same for the same text", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const prefix = Cidr.parse(UniqueLocalPrefix.fromSeed(seed));
      expect([prefix.prefixLength, prefix.first.value >> 120n]).toEqual([48, 0xfdn]);
      expect(UniqueLocalPrefix.fromSeed(seed)).toBe(prefix.toString());
    }),
  );
});

test("is another one for another text", () => {
  fc.assert(
    fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 20 }), (texts) => {
      expect(new Set(texts.map((text) => UniqueLocalPrefix.fromSeed(text))).size).toBe(texts.length);
    }),
  );
});

test("stays what it is from release to release: the last 40 bits of the text's SHA-256", () => {
  expect(createHash("sha256").update(SEED).digest("hex")).toMatch(/0389730d97$/);
  expect(UniqueLocalPrefix.fromSeed(SEED)).toBe("fd03:8973:d97::/48");
});

test("can be carved, and is for machines", () => {
  const { ipv6Cidr } = new AddressPlan({ ipv6: UniqueLocalPrefix.fromSeed(SEED), sites: 16 }).site(3).segment(20);
  expect(specialNetwork(Cidr.parse(ipv6Cidr))).toBeUndefined();
});

test.each(["lab", "", "${TfToken[TOKEN.0]} and more"])("takes no seed such as %j", (seed) => {
  expect(messageOf(() => UniqueLocalPrefix.fromSeed(seed))).toContain("openssl rand -hex 16");
});
