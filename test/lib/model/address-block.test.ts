import fc from "fast-check";
import { AddressBlock } from "../../../lib/model/address-block";
import { checkRangeInSubnet } from "../../../lib/model/checks/ip-range";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/address-range";
import { PlanError } from "../../../lib/model/problem";
import { addressesOf, cidrs } from "../../support/arbitraries";
import { messageOf } from "../../support/synth";

const rangeOf = ({ startIp, endIp }: AddressBlock) =>
  new AddressRange(IpAddress.parse(startIp), IpAddress.parse(endIp));

const wide = addressesOf(6).map((address) => Cidr.of(address, 64));

test("the ranges of a /64 are what MAAS takes, as large as asked for, and apart from each other", () => {
  fc.assert(
    fc.property(wide, fc.integer({ min: 1, max: 48 }), fc.integer({ min: 8, max: 48 }), (cidr, nodes, pool) => {
      const fixed = rangeOf(AddressBlock.staticRange(cidr.toString(), nodes));
      const dynamic = rangeOf(AddressBlock.dynamicRange(cidr.toString(), pool));
      expect([fixed.size, dynamic.size]).toEqual([1n << BigInt(nodes), 1n << BigInt(pool)]);
      expect([...checkRangeInSubnet(fixed, cidr), ...checkRangeInSubnet(dynamic, cidr)]).toEqual([]);
      expect(fixed.overlaps(dynamic)).toBe(false);
    }),
  );
});

test("blocks of a network that are given out are aligned, disjoint and what MAAS takes; the others are refused", () => {
  const blocks = cidrs.chain((cidr) => {
    const hostBits = IpAddress.bits(cidr.family) - cidr.prefixLength;
    return fc.integer({ min: 0, max: hostBits }).chain((bits) => {
      const index = fc.integer({ min: 0, max: Math.min(2 ** (hostBits - bits), 1000) });
      return fc.tuple(fc.constant(cidr), fc.constant(bits), index, index);
    });
  });
  const tryBlock = (cidr: Cidr, index: number, bits: number): AddressRange | undefined => {
    try {
      return rangeOf(AddressBlock.of(cidr.toString(), index, bits));
    } catch (error) {
      if (error instanceof PlanError) return undefined;
      throw error;
    }
  };
  let given = 0;
  fc.assert(
    fc.property(blocks, ([cidr, bits, index, other]) => {
      const block = tryBlock(cidr, index, bits);
      const start = cidr.first.value + (BigInt(index) << BigInt(bits));
      if (block === undefined) {
        if (start > cidr.last.value) return;
        const end = start + (1n << BigInt(bits)) - 1n;
        const refused = new AddressRange(IpAddress.of(cidr.family, start), IpAddress.of(cidr.family, end));
        expect(checkRangeInSubnet(refused, cidr)).not.toEqual([]);
        return;
      }
      given += 1;
      expect([block.start.value, block.size]).toEqual([start, 1n << BigInt(bits)]);
      expect(checkRangeInSubnet(block, cidr)).toEqual([]);
      if (index !== other) expect(tryBlock(cidr, other, bits)?.overlaps(block) ?? false).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(given).toBeGreaterThan(50);
});

test("the third quarter of an IPv4 network is for DHCP", () => {
  const dynamicOf = (cidr: string) => rangeOf(AddressBlock.ipv4DynamicRange(cidr)).toString();
  expect(dynamicOf("10.20.0.0/24")).toBe("10.20.0.128-10.20.0.191");
  expect(dynamicOf("10.20.0.0/16")).toBe("10.20.128.0-10.20.191.255");
  expect(dynamicOf("10.20.0.16/28")).toBe("10.20.0.24-10.20.0.27");
});

test("a block between two addresses is spelled as MAAS spells it", () => {
  expect({ ...AddressBlock.between("2001:DB8:20:0:1:0:0:0", "2001:db8:20::1:FFFF:0:0") }).toEqual({
    startIp: "2001:db8:20:0:1::",
    endIp: "2001:db8:20:0:1:ffff::",
  });
});

test.each<[string, () => unknown, string]>([
  [
    "a block in the addresses that MAAS keeps",
    () => AddressBlock.of("2001:db8:20::/64", 1, 16),
    "The first block of that size that can be used has index 65536",
  ],
  ["the block with the network's address", () => AddressBlock.of("10.20.0.0/24", 0, 6), "has index 1"],
  ["the block with the broadcast address", () => AddressBlock.of("10.20.0.0/24", 3, 6), "10.20.0.254"],
  ["an index beyond the network", () => AddressBlock.of("10.20.0.0/24", 4, 6), "from 0 to 3"],
  ["bits beyond the network", () => AddressBlock.of("10.20.0.0/24", 0, 9), "from 0 to 8"],
  ["a static range wider than its place", () => AddressBlock.staticRange("2001:db8:20::/64", 49), "from 0 to 48"],
  ["a dynamic range that MAAS finds too small", () => AddressBlock.dynamicRange("2001:db8:20::/64", 7), "256"],
  ["a network that is no /64", () => AddressBlock.staticRange("2001:db8:20::/56"), "Use AddressBlock.of("],
  ["IPv6 where IPv4 is meant", () => AddressBlock.ipv4DynamicRange("2001:db8:20::/64"), "AddressBlock.between"],
  ["a reference in place of text", () => AddressBlock.staticRange("${TfToken[TOKEN.0]}"), "2001:db8:20::/64"],
  ["ends in the wrong order", () => AddressBlock.between("10.0.0.9", "10.0.0.1"), "lies before"],
  ["text that is no address", () => AddressBlock.between("10.0.0", "10.0.0.1"), "10.20.0.1"],
])("%s: refused with a fix", (_, act, fix) => {
  expect(messageOf(act)).toContain(fix);
});
