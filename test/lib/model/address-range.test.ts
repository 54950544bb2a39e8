import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { AddressRange, RangeOrderError } from "../../../lib/model/address-range";
import { closeRanges } from "../../support/arbitraries";

const WIDTH = 60;
const start = IpAddress.parse("2001:db8::ffff:ffff:0");
const within = new AddressRange(start, start.plus(WIDTH));

it("refuses ends of two families and ends in the wrong order", () => {
  const [low, high, other] = ["10.0.0.1", "10.0.0.2", "::1"].map((text) => IpAddress.parse(text));
  expect(() => new AddressRange(high!, low!)).toThrow(RangeOrderError);
  expect(() => new AddressRange(low!, other!)).toThrow(/two address families/);
  expect(new AddressRange(low!, low!).size).toBe(1n);
});

it("leaves as gaps exactly the addresses that no range takes", () => {
  fc.assert(
    fc.property(fc.array(closeRanges(start.plus(-5), WIDTH + 10), { maxLength: 6 }), (used) => {
      const gaps = AddressRange.gaps(within, used);
      for (let offset = 0; offset <= WIDTH; offset += 1) {
        const address = start.plus(offset);
        const isUsed = used.some((range) => range.contains(address));
        expect(gaps.filter((gap) => gap.contains(address))).toHaveLength(isUsed ? 0 : 1);
      }
    }),
  );
});

it("gives gaps in ascending order that never touch each other", () => {
  fc.assert(
    fc.property(fc.array(closeRanges(start, WIDTH), { maxLength: 6 }), (used) => {
      const gaps = AddressRange.gaps(within, used);
      gaps.slice(1).forEach((gap, index) => expect(gap.start.value).toBeGreaterThan(gaps[index]!.end.value + 1n));
    }),
  );
});
