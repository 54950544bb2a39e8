import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { Cidr, CidrError } from "../../../lib/model/cidr";
import { addresses, cidrs } from "../../support/arbitraries";

describe("Cidr", () => {
  it("reads back every network it writes", () => {
    fc.assert(fc.property(cidrs, (cidr) => Cidr.parse(cidr.toString()).equals(cidr)));
  });

  it("holds exactly the addresses from its first to its last", () => {
    fc.assert(
      fc.property(cidrs, addresses, (cidr, address) => {
        const isBetween =
          address.family === cidr.family && address.value >= cidr.first.value && address.value <= cidr.last.value;
        expect(cidr.contains(address)).toBe(isBetween);
        expect(cidr.last.value - cidr.first.value + 1n).toBe(cidr.size);
      }),
    );
  });

  it("overlaps another network exactly when one contains the other", () => {
    fc.assert(
      fc.property(cidrs, cidrs, (a, b) => {
        const nested = (a.contains(b.first) && a.contains(b.last)) || (b.contains(a.first) && b.contains(a.last));
        expect(a.overlaps(b)).toBe(nested);
        expect(b.overlaps(a)).toBe(nested);
      }),
    );
  });

  it("drops host bits and says that there were some", () => {
    expect(Cidr.parse("10.20.0.7/24").toString()).toBe("10.20.0.0/24");
    expect(Cidr.hasHostBits("10.20.0.7/24")).toBe(true);
    expect(Cidr.hasHostBits("2001:DB8::/64")).toBe(false);
  });

  it.each([
    ["10.20.0.0", "no /prefix length"],
    ["10.20.0.0/33", "outside 0-32"],
    ["2001:db8::/129", "outside 0-128"],
    ["10.20.0.0/255.255.255.0", "decimal prefix length"],
    ["300.1.1.0/24", "IPv4 or IPv6 address"],
    ["10.20.0.0/", "decimal prefix length"],
  ])("refuses %s, because it has %s", (text, reason) => {
    expect(() => Cidr.parse(text)).toThrow(CidrError);
    expect(() => Cidr.parse(text)).toThrow(reason);
    expect(Cidr.tryParse(text)).toBeUndefined();
  });

  it.each([
    ["::ffff:a09:0/112", "::ffff:10.9.0.0/112"],
    ["::a09:0/112", "::10.9.0.0/112"],
    ["::ffff:10.9.8.7/96", "::ffff:0.0.0.0/96"],
  ])("spells %s as MAAS prints it, %s", (text, printed) => {
    expect(Cidr.parse(text).toString()).toBe(printed);
    expect(Cidr.parse(printed).toString()).toBe(printed);
  });

  it("counts an IPv6 /64 without rounding", () => {
    expect(Cidr.of(IpAddress.parse("2001:db8::"), 64).size).toBe(18446744073709551616n);
  });
});
