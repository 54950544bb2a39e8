import type { Cidr } from "../../lib/model/cidr";
import { isKnown } from "../../lib/model/known";
import type { NetworkIpRange, RangeType } from "../../lib/model/network/objects";

/** A range as a part of its subnet's bar. */
export interface Bar {
  readonly type: RangeType | undefined;
  readonly label: string;
  /** How much of the subnet it takes, in words; empty while that is not known. */
  readonly share: string;
  /** Where it starts and ends on the bar, 0 to 1; absent = its addresses are not known, or outside the subnet. */
  readonly from?: number;
  readonly to?: number;
}

/** Part of a bar that the smallest stretch takes, so that it can be seen. */
const SMALLEST = 0.02;

function log2(size: bigint): number {
  const bits = size.toString(2).length - 1;
  return bits < 50 ? Math.log2(Number(size)) : bits + Math.log2(Number(size >> BigInt(bits - 50)) / 2 ** 50);
}

/** A number of addresses: in digits, from a million on as a power of two. */
export function sizeInWords(size: bigint): string {
  if (size < 1_000_000n) return size.toString();
  const power = log2(size);
  return Number.isInteger(power) ? `2^${power}` : `~2^${power.toFixed(1)}`;
}

function percent(part: bigint, whole: bigint): string {
  const share = 100 * 2 ** (log2(part) - log2(whole));
  if (share >= 10) return `${Math.round(share)}%`;
  return share >= 0.01 ? `${Number(share.toPrecision(2))}%` : "<0.01%";
}

/**
 * The ranges of a subnet as parts of one bar, in order of their addresses. The bar is cut wherever a range starts or
 * ends. An IPv4 stretch is as wide as its share of the subnet; an IPv6 one as the logarithm of its number of addresses,
 * since a range of a /64 would be too thin to see. None is thinner than 2% of the bar.
 */
export function barsOf(block: Cidr, ranges: readonly NetworkIpRange[]): Bar[] {
  const [first, end] = [block.first.value, block.first.value + block.size];
  const inside = ranges.flatMap((range) => {
    const { span } = range;
    const fits = isKnown(span) && block.contains(span.start) && block.contains(span.end);
    return fits ? [{ range, start: span.start.value, stop: span.end.value + 1n }] : [];
  });
  const cuts = [...new Set([first, end, ...inside.flatMap(({ start, stop }) => [start, stop])])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const stretches = cuts.slice(1).map((cut, index) => cut - (cuts[index] ?? cut));
  const weights = stretches.map((size) => (block.family === 4 ? Number(size) / Number(block.size) : log2(size) + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const widths = weights.map((weight) => Math.max(weight / total, SMALLEST));
  const width = widths.reduce((sum, one) => sum + one, 0);
  const places = new Map<bigint, number>();
  let at = 0;
  for (const [index, cut] of cuts.entries()) {
    places.set(cut, at / width);
    at += widths[index] ?? 0;
  }
  const placed = new Map(inside.map((one) => [one.range, one]));
  const text = (value: unknown): string => String(value);
  return [...ranges]
    .sort((a, b) => {
      const [x, y] = [placed.get(a)?.start ?? end, placed.get(b)?.start ?? end];
      return x < y ? -1 : x > y ? 1 : 0;
    })
    .map((range) => {
      const here = placed.get(range);
      const type = isKnown(range.type) ? range.type : undefined;
      const label = `${type ?? "range"} ${text(range.startIp)} - ${text(range.endIp)}`;
      if (here === undefined) return { type, label, share: "" };
      const size = here.stop - here.start;
      const share = `${sizeInWords(size)} of ${sizeInWords(block.size)} (${percent(size, block.size)})`;
      return { type, label, share, from: places.get(here.start) ?? 0, to: places.get(here.stop) ?? 1 };
    });
}
