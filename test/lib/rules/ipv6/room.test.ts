import * as fc from "fast-check";
import { IpAddress } from "../../../../lib/model/address";
import { AddressRange } from "../../../../lib/model/address-range";
import type { NetworkIpRange } from "../../../../lib/model/network/objects";
import { both, largestOf, merged, Room, type Taker } from "../../../../lib/rules/ipv6/room";
import { closeRanges } from "../../../support/arbitraries";

const FIRST = IpAddress.parse("10.0.0.0");
const WITHIN = new AddressRange(FIRST.plus(5), FIRST.plus(45));

const spans = fc.array(closeRanges(FIRST, 50), { maxLength: 12 });

/** Ranges as the rules have them: all that matters is which is which. */
const takersOf = (ranges: readonly AddressRange[]): (Taker & { readonly range: NetworkIpRange })[] =>
  ranges.map((span, n) => ({ span, range: { key: `r${n}` } as NetworkIpRange }));

const shown = (range: AddressRange | undefined): string | undefined => range?.toString();

test("tells of each range what there would be without it, as working it out for each does", () => {
  const addresses = fc.array(fc.nat(49), { maxLength: 3 });
  fc.assert(
    fc.property(
      spans,
      addresses,
      fc.option(spans, { nil: undefined }),
      closeRanges(FIRST, 50),
      (ranges, taken, reserved, wanted) => {
        const takers = takersOf(ranges);
        const fixed = taken.map((n): Taker => ({ span: new AddressRange(FIRST.plus(n), FIRST.plus(n)) }));
        const allowed = reserved && merged(reserved);
        const room = new Room(WITHIN, [...takers, ...fixed], allowed);
        for (const { range } of [...takers, ...takersOf([wanted])]) {
          const others = [...takers, ...fixed].filter((taker) => taker.range !== range).map(({ span }) => span);
          const gaps = AddressRange.gaps(WITHIN, others);
          const free = allowed === undefined ? gaps : gaps.flatMap((gap) => allowed.flatMap((one) => both(gap, one)));
          expect(shown(room.largest(range))).toBe(shown(largestOf(free)));
          expect(shown(room.largestAmong(wanted, range))).toBe(
            shown(largestOf(free.flatMap((gap) => both(gap, wanted)))),
          );
          expect(room.holds(wanted, range)).toBe(
            free.some((gap) => gap.contains(wanted.start) && gap.contains(wanted.end)),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});
