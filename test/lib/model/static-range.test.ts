import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/ip-range";
import { complementOfStaticRange, coverable } from "../../../lib/model/static-range";
import { checkRangeInSubnet } from "../../../lib/model/checks/range-in-subnet";

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
