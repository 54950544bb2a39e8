import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { checkRangeInSubnet } from "../../../lib/model/checks/ip-range";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/address-range";
import {
  complementOfStaticRange,
  coverable,
  staticRangeParts,
  type SubnetRange,
} from "../../../lib/model/static-range";
import { closeRanges } from "../../support/arbitraries";

const range = (start: string, end: string): AddressRange =>
  new AddressRange(IpAddress.parse(start), IpAddress.parse(end));

describe("the complement of a static range", () => {
  it("is the one that two real regions confirmed", () => {
    const complement = complementOfStaticRange(
      Cidr.parse("2001:db8:20::/64"),
      range("2001:db8:20:0:1::", "2001:db8:20:0:1:ffff:ffff:ffff"),
      [range("2001:db8:20:0:2::", "2001:db8:20:0:2::ffff")],
    );
    expect(complement.map(String)).toEqual([
      "2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff",
      "2001:db8:20:0:2:0:1:0-2001:db8:20:0:ffff:ffff:ffff:ffff",
    ]);
  });

  it("leaves out the network and the broadcast address of an IPv4 subnet", () => {
    const complement = complementOfStaticRange(Cidr.parse("10.0.0.0/24"), range("10.0.0.10", "10.0.0.20"), []);
    expect(complement.map(String)).toEqual(["10.0.0.1-10.0.0.9", "10.0.0.21-10.0.0.254"]);
  });

  it("is empty where nothing is left", () => {
    expect(complementOfStaticRange(Cidr.parse("2001:db8::/128"), range("2001:db8::", "2001:db8::"), [])).toEqual([]);
    expect(complementOfStaticRange(Cidr.parse("10.0.0.0/30"), range("10.0.0.1", "10.0.0.2"), [])).toEqual([]);
  });

  it("is made of ranges that MAAS takes on that subnet, whatever its size", () => {
    const subnets = fc
      .tuple(fc.constantFrom("10.1.0.0", "2001:db8:1::"), fc.integer({ min: 8, max: 120 }))
      .map(([network, length]) =>
        Cidr.of(IpAddress.parse(network), network.includes(":") ? length : (length % 24) + 6),
      );
    fc.assert(
      fc.property(subnets, fc.nat(), fc.nat(), (subnet, from, width) => {
        const room = coverable(subnet);
        fc.pre(room !== undefined);
        const start = room.start.value + (BigInt(from) % room.size);
        const end = start + (BigInt(width) % (room.end.value - start + 1n));
        const wanted = new AddressRange(IpAddress.of(subnet.family, start), IpAddress.of(subnet.family, end));
        const complement = complementOfStaticRange(subnet, wanted, []);
        for (const reserved of complement) {
          expect(checkRangeInSubnet(reserved, subnet)).toEqual([]);
          expect(reserved.overlaps(wanted)).toBe(false);
        }
        const covered = complement.reduce((sum, { size }) => sum + size, wanted.size);
        expect(covered).toBe(room.size);
      }),
    );
  });
});

describe("the reserved ranges that static ranges come to", () => {
  const V4 = Cidr.parse("10.0.0.0/24");
  const named = (label: string, type: string, start: string, end: string): SubnetRange => ({
    ...{ label, type, range: range(`10.0.0.${start}`, `10.0.0.${end}`) },
  });
  const told = (subnet: Cidr | "unmanaged", ranges: readonly SubnetRange[]): unknown[] =>
    staticRangeParts(subnet, ranges).map((part) => [part.range.toString(), part.comment, part.at?.label]);

  it("are none where no range is static", () => {
    const ranges = [named("pool", "dynamic", "10", "19"), named("routers", "reserved", "30", "39")];
    expect(told(V4, ranges)).toEqual([]);
    expect(told("unmanaged", ranges)).toEqual([]);
  });

  it("are the static ranges themselves where the subnet is unmanaged", () => {
    const ranges = [
      named("b", "static", "30", "39"),
      named("pool", "reserved", "1", "9"),
      named("a", "static", "10", "19"),
    ];
    expect(told("unmanaged", ranges)).toEqual([
      ["10.0.0.10-10.0.0.19", "static range a (10.0.0.10-10.0.0.19)", "a"],
      ["10.0.0.30-10.0.0.39", "static range b (10.0.0.30-10.0.0.39)", "b"],
    ]);
  });

  it("are what no range covers where the subnet is managed, each known by the range that it follows", () => {
    const ranges = [
      named("b", "static", "100", "109"),
      named("pool", "dynamic", "50", "59"),
      named("a", "static", "10", "19"),
    ];
    expect(told(V4, ranges)).toEqual([
      ["10.0.0.1-10.0.0.9", "Outside static range a (10.0.0.10-10.0.0.19)", undefined],
      ["10.0.0.20-10.0.0.49", "Outside static range a (10.0.0.10-10.0.0.19)", "a"],
      ["10.0.0.60-10.0.0.99", "Outside static range a (10.0.0.10-10.0.0.19)", "pool"],
      ["10.0.0.110-10.0.0.254", "Outside static range b (10.0.0.100-10.0.0.109)", "b"],
    ]);
  });

  it("stay as they are, but for the one that a further range is made in, which is shortened and followed by one more", () => {
    const before = [named("a", "static", "10", "19"), named("b", "static", "100", "109")];
    const after = [...before, named("routers", "reserved", "50", "59")];
    const [first, second, last] = told(V4, before);
    expect(told(V4, after)).toEqual([
      first,
      ["10.0.0.20-10.0.0.49", (second as unknown[])[1], "a"],
      ["10.0.0.60-10.0.0.99", "Outside static range a (10.0.0.10-10.0.0.19)", "routers"],
      last,
    ]);
  });

  it("leave exactly the static ranges free, on IPv4 and IPv6, in whatever order the ranges come", () => {
    const subnets = fc.constantFrom(Cidr.parse("10.0.0.0/26"), Cidr.parse("2001:db8::/122"));
    const drawn = subnets.chain((subnet) =>
      fc.tuple(
        fc.constant(subnet),
        fc.array(fc.tuple(closeRanges(subnet.nth(2), 59), fc.constantFrom("static", "dynamic", "reserved")), {
          maxLength: 8,
        }),
      ),
    );
    fc.assert(
      fc.property(drawn, fc.nat(), ([subnet, given], turn) => {
        const apart = given.filter(([one], index) => given.slice(0, index).every(([other]) => !one.overlaps(other)));
        const ranges = apart.map(([span, type], index) => ({ label: `r${index}`, type, range: span }));
        const statics = ranges.filter(({ type }) => type === "static");
        const parts = staticRangeParts(subnet, ranges);
        const room = coverable(subnet);
        fc.pre(room !== undefined && statics.length > 0);
        const taken = [...parts, ...ranges.filter(({ type }) => type !== "static")].map(({ range: span }) => span);
        for (const [index, span] of taken.entries())
          for (const other of taken.slice(index + 1)) expect(span.overlaps(other)).toBe(false);
        const free = AddressRange.gaps(room, taken);
        const covered = (spans: readonly AddressRange[]): bigint => spans.reduce((sum, { size }) => sum + size, 0n);
        expect(covered(free)).toBe(covered(statics.map(({ range: span }) => span)));
        expect(free.every((gap) => statics.some(({ range: span }) => span.overlaps(gap)))).toBe(true);
        const places = parts.map(({ at }) => at?.label);
        expect(new Set(places).size).toBe(places.length);
        const from = ranges.length === 0 ? 0 : turn % ranges.length;
        expect(staticRangeParts(subnet, [...ranges.slice(from), ...ranges.slice(0, from)])).toEqual(parts);
      }),
    );
  });
});
