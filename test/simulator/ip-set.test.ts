import fc from "fast-check";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { IpSet, purposeSet, rangeSize, showRange } from "../../src/simulator/resources/subnet/ip-set";
import { readAddress, readNetwork, showAddress } from "../../src/simulator/text/addresses";
import { showPercent } from "../../src/simulator/text/python";

const network = Cidr.parse("10.0.0.0/24");
const base = network.first.value;

const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 0, max: 40 }), fc.constantFrom("reserved", "dynamic"))
    .map(([start, length, purpose]) => ({
      family: 4 as const,
      first: base + BigInt(start),
      last: base + BigInt(Math.min(254, start + length)),
      purposes: purposeSet(purpose),
    })),
);

test("a set and what it leaves free cover each usable address once", () => {
  fc.assert(
    fc.property(ranges, (used) => {
      const set = IpSet.of(used);
      const free = set.gaps(network);
      const total = [...set.ranges, ...free.ranges].reduce((sum, range) => sum + rangeSize(range), 0n);
      expect(total).toBe(254n);
      for (let value = base + 1n; value < base + 255n; value++) {
        expect(set.find(value) === undefined).toBe(free.find(value) !== undefined);
      }
    }),
    { numRuns: 50 },
  );
});

test("the order in which ranges are given does not matter", () => {
  fc.assert(
    fc.property(ranges, (used) => {
      const shown = (set: IpSet) => set.ranges.map((range) => showRange(range, true));
      expect(shown(IpSet.of(used))).toEqual(shown(IpSet.of([...used].reverse())));
    }),
  );
});

test("any address survives being shown and read", () => {
  const bits = (count: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(count)) - 1n });
  fc.assert(
    fc.property(fc.oneof(bits(128), bits(48), bits(32)), (value) => {
      const address = IpAddress.of(6, value);
      expect(readAddress(showAddress(address))?.equals(address)).toBe(true);
    }),
  );
});

test.each([
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["0:0:1::", "0:0:1::"],
  ["::ffff:a00:1", "::ffff:10.0.0.1"],
  ["::", "::"],
])("%s is shown as %s", (text, shown) => {
  expect(showAddress(IpAddress.parse(text))).toBe(shown);
});

test.each(["010.0.0.1", "1.2.3", "300.1.1.1", "::1::", "10.0.0.1/24", ""])('"%s" is no address', (text) => {
  expect(readAddress(text)).toBeUndefined();
});

test.each([
  ["10.0.0.0/0.0.0.255", "10.0.0.0/24"],
  ["10", "10.0.0.0/32"],
  ["2001:db8::/ffff:ffff::", "2001:db8::/32"],
])("the network %s is %s", (text, shown) => {
  expect(readNetwork(text)?.toString()).toBe(shown);
});

test.each([
  [0.005, "0%"],
  [0.015, "2%"],
  [0.025, "2%"],
  [0.996, "100%"],
])("a share of %d is shown as %s, halves to even", (share, shown) => {
  expect(showPercent(share)).toBe(shown);
});
