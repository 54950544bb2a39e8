import * as fc from "fast-check";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { AddressRange } from "../../lib/model/address-range";
import type { NetworkIpRange } from "../../lib/model/network/objects";
import { barsOf, sizeInWords } from "../../src/graph/range-bar";

const rangeOf = (span: AddressRange): NetworkIpRange => ({
  key: span.toString(),
  at: { path: span.toString() },
  subnet: "subnet",
  type: "dynamic",
  startIp: span.start.toString(),
  endIp: span.end.toString(),
  span,
});

const between = (start: string, end: string): NetworkIpRange =>
  rangeOf(new AddressRange(IpAddress.parse(start), IpAddress.parse(end)));

test("an IPv4 range is drawn to scale, with its share of the subnet", () => {
  const [bar] = barsOf(Cidr.parse("10.0.0.0/24"), [between("10.0.0.128", "10.0.0.255")]);
  expect(bar).toMatchObject({ from: 0.5, to: 1, share: "128 of 256 (50%)" });
});

test("a small IPv6 range of a /64 can be seen, and its share is said in powers of two", () => {
  const [bar] = barsOf(Cidr.parse("2001:db8::/64"), [between("2001:db8::2:0:0:0", "2001:db8::2:0:0:ffff")]);
  expect(bar?.share).toBe("65536 of 2^64 (<0.01%)");
  expect((bar?.to ?? 0) - (bar?.from ?? 0)).toBeGreaterThan(0.1);
});

test("a range outside the subnet is named, but has no place on the bar", () => {
  const [bar] = barsOf(Cidr.parse("10.0.0.0/24"), [between("10.0.1.1", "10.0.1.9")]);
  expect(bar).toEqual({ type: "dynamic", label: "dynamic 10.0.1.1 - 10.0.1.9", share: "" });
});

test("bars stay on the bar, are wide enough to see, and keep the order of their addresses", () => {
  const block = Cidr.parse("2001:db8::/112");
  const spans = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 })), { maxLength: 8 })
    .map((pairs) =>
      pairs.map(([a, b]) => new AddressRange(block.first.plus(Math.min(a, b)), block.first.plus(Math.max(a, b)))),
    );
  fc.assert(
    fc.property(spans, (ranges) => {
      const bars = barsOf(block, ranges.map(rangeOf));
      const starts = bars.map(({ from = NaN }) => from);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      for (const { from = NaN, to = NaN } of bars) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(1 + 1e-9);
        expect(to - from).toBeGreaterThan(0.01);
      }
    }),
  );
});

test.each([
  [256n, "256"],
  [1n << 64n, "2^64"],
  [3n << 40n, "~2^41.6"],
])("%s addresses are said as %s", (size, words) => {
  expect(sizeInWords(size)).toBe(words);
});
