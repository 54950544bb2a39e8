import type { Cidr } from "../../lib/model/cidr";
import type { RangeType } from "../../lib/model/kinds/ip-range";
import { isKnown } from "../../lib/model/known";
import type { NetworkIpRange } from "../../lib/model/network/objects";
import { xml } from "../../lib/model/escape";

/** A length in pixels, short. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** The bar of a subnet and its ranges, as shapes of an SVG image. */
export function barShapes(bars: readonly Bar[], x: number, y: number, width: number): string {
  const shapes = bars.map(({ from, to, type, label, share }) =>
    from === undefined || to === undefined
      ? ""
      : `<rect x="${px(x + from * width)}" y="${px(y)}" width="${px((to - from) * width)}" height="8" class="range ${type ?? ""}"><title>${xml(`${label}: ${share}`)}</title></rect>`,
  );
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="8" class="track"/>${shapes.join("")}`;
}

/** Colours in light. Text has a contrast of 4.5 or more on what it stands on, marks one of 3 (WCAG AA). */
const LIGHT = `--page: #f3f5f8; --card: #ffffff; --line: #cfd6df; --text: #1b2430; --quiet: #545e6e; --accent: #1a5fb4;
  --rack: #e3edfb; --on-rack: #17467f; --relay: #efe7fb; --on-relay: #57298f; --vlan: #e9edf2; --on-vlan: #333f4f;
  --track: #e8ecf1; --dynamic: #2f7de1; --reserved: #717b8a; --static: #15855a; --v4: #944700; --v6: #6236b8;
  --error: #b3261e; --warning: #855000; --information: #2a5d8f;`;

const DARK = `--page: #10141a; --card: #1a212b; --line: #38434f; --text: #e8edf4; --quiet: #a6b2c2; --accent: #8ab8ff;
  --rack: #1d3250; --on-rack: #b9d5ff; --relay: #33264a; --on-relay: #dac7ff; --vlan: #2a3441; --on-vlan: #d3dbe6;
  --track: #2f3947; --dynamic: #5b9df0; --reserved: #8d98a8; --static: #3fbf8a; --v4: #f0a35c; --v6: #bda2ff;
  --error: #ff8a80; --warning: #f0b94a; --information: #8cc1ff;`;

/** Colours and what is drawn alike in the page and in the image, light or dark as the viewer's system is; light on paper. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; } }
.track { fill: var(--track); } .range { fill: var(--reserved); }
.dynamic { fill: var(--dynamic); background: var(--dynamic); } .static { fill: var(--static); background: var(--static); }
.reserved { fill: var(--reserved); background: var(--reserved); }
`.trim();

/** What the bars mean, for legends. */
export const LEGEND = [
  "Bars show the ranges in a subnet: IPv4 to scale, IPv6 on a log scale (each stretch as wide as log2 of its addresses).",
  "None is thinner than 2%.",
].join(" ");

/** Types of range, in the order of the legend. */
export const RANGE_TYPES = ["dynamic", "reserved", "static"] as const;

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
