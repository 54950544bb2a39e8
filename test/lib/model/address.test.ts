import { isIP, SocketAddress } from "node:net";
import * as fc from "fast-check";
import { AddressError, IpAddress } from "../../../lib/model/address";
import { addresses } from "../../support/arbitraries";

describe("IpAddress", () => {
  it("reads back every address it writes", () => {
    fc.assert(fc.property(addresses, (address) => IpAddress.parse(address.toString()).equals(address)));
  });

  it("writes text that Node's own parser takes for the same family", () => {
    fc.assert(fc.property(addresses, (address) => isIP(address.toString()) === address.family));
  });

  it("writes an address as the C library does, whose spelling is MAAS's", () => {
    const sparse = fc
      .array(fc.constantFrom("0", "0", "0", "1", "ffff", "a09"), { minLength: 8, maxLength: 8 })
      .map((words) => IpAddress.parse(words.join(":")));
    fc.assert(
      fc.property(fc.oneof(addresses, sparse), (address) => {
        const text = address.toString();
        expect(text).toBe(new SocketAddress({ address: text, family: `ipv${address.family}` }).address);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["::ffff:a09:0", "::ffff:10.9.0.0"],
    ["::a09:0", "::10.9.0.0"],
    ["::FFFF:10.9.0.1", "::ffff:10.9.0.1"],
    ["::1:0", "::0.1.0.0"],
    ["::ffff", "::ffff"],
    ["64:ff9b::10.9.0.1", "64:ff9b::a09:1"],
    ["2001:DB8:0:0::5", "2001:db8::5"],
    ["2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["192.0.2.1", "192.0.2.1"],
  ])("spells %s as %s", (text, canonical) => {
    expect(IpAddress.parse(text).toString()).toBe(canonical);
  });

  it.each(["", "10.0.0", "10.0.0.256", "010.0.0.1", "fe80::1%eth0", "10.0.0.1/24", " 10.0.0.1", "1::2::3", "host"])(
    "refuses %p",
    (text) => {
      expect(IpAddress.tryParse(text)).toBeUndefined();
      expect(() => IpAddress.parse(text)).toThrow(AddressError);
    },
  );

  it("orders by family, then by number", () => {
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) + 0);
        if (a.family === b.family) expect(a.compare(b) < 0).toBe(a.value < b.value);
        else expect(a.compare(b) < 0).toBe(a.family < b.family);
      }),
    );
  });

  it("does not step over the end of its family", () => {
    expect(() => IpAddress.parse("255.255.255.255").plus(1)).toThrow(RangeError);
    expect(() => IpAddress.parse("::").plus(-1)).toThrow(RangeError);
  });

  it("tells link-local IPv6 addresses from others", () => {
    expect(IpAddress.parse("fe80::1").isLinkLocal()).toBe(true);
    expect(IpAddress.parse("febf:ffff::1").isLinkLocal()).toBe(true);
    expect(IpAddress.parse("fec0::1").isLinkLocal()).toBe(false);
    expect(IpAddress.parse("169.254.0.1").isLinkLocal()).toBe(false);
  });
});
