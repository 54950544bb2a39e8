import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { AddressRange } from "../../../lib/model/ip-range";
import { overlaps, type Spanned } from "../../../src/reconcile/engine/overlaps";
import { closeRanges } from "../../support/arbitraries";

const spans = fc
  .array(fc.oneof(closeRanges(IpAddress.parse("10.0.0.0"), 40), closeRanges(IpAddress.parse("::a00:0"), 40)), {
    maxLength: 20,
  })
  .map((ranges) => ranges.map((span, item): Spanned<number> => ({ item, span })));

const sorted = (found: ReadonlyMap<number, readonly number[]>): unknown[] =>
  [...found].map(([item, others]) => [item, [...others].sort((a, b) => a - b)] as const).sort(([a], [b]) => a - b);

function oneByOne(first: readonly Spanned<number>[], second: readonly Spanned<number>[]): Map<number, number[]> {
  const pairs = first.map(
    ({ item, span }) => [item, second.filter((other) => span.overlaps(other.span)).map((other) => other.item)] as const,
  );
  return new Map(pairs.filter(([, others]) => others.length > 0));
}

test("finds what a look at every pair finds, each once, and no overlap between the two families", () => {
  fc.assert(
    fc.property(spans, spans, (first, second) => {
      expect(sorted(overlaps(first, second))).toEqual(sorted(oneByOne(first, second)));
    }),
    { numRuns: 500 },
  );
});

test("a range overlaps itself where it is on both sides, and ranges that only touch don't overlap", () => {
  const [a, b] = ["10.0.0.1-10.0.0.9", "10.0.0.10-10.0.0.19"].map((item) => {
    const [start = "", end = ""] = item.split("-");
    return { item, span: new AddressRange(IpAddress.parse(start), IpAddress.parse(end)) };
  }) as [Spanned<string>, Spanned<string>];
  expect(overlaps([a, b], [a])).toEqual(new Map([[a.item, [a.item]]]));
});

test("takes no longer than its result needs: ten thousand ranges beside each other in one go", () => {
  const many = Array.from({ length: 10_000 }, (_, item) => {
    const start = IpAddress.parse("10.0.0.0").plus(item * 4);
    return { item, span: new AddressRange(start, start.plus(3)) };
  });
  const found = overlaps(many, many);
  expect(found.size).toBe(many.length);
  expect([...found].every(([item, others]) => others.length === 1 && others[0] === item)).toBe(true);
});
