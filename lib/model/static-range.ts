import { IpAddress } from "./address";
import { AddressRange } from "./address-range";
import { implicitlyUsed } from "./checks/ip-range";
import type { Cidr } from "./cidr";

/** The addresses of a subnet that a range object may cover: without the network, the broadcast and MAAS's own addresses. */
export function coverable(subnet: Cidr): AddressRange | undefined {
  const { family, first, last } = subnet;
  const start = (implicitlyUsed(subnet)?.end ?? first).value + 1n;
  const end = last.value - (family === 4 ? 1n : 0n);
  return start > end ? undefined : new AddressRange(IpAddress.of(family, start), IpAddress.of(family, end));
}

/**
 * The `reserved` ranges that make MAAS assign addresses of a managed subnet from `wanted` only: everything outside it
 * that no other range takes. Ascending, disjoint, none empty.
 *
 * MAAS has no static range since 2.0; its own upgrade turned each one into this complement.
 *
 * @see MAAS migration 0027 (2.0); two live regions assigned the first address of `wanted` (3.4.10, 3.6.5)
 */
export function complementOfStaticRange(
  subnet: Cidr,
  wanted: AddressRange,
  taken: readonly AddressRange[],
): AddressRange[] {
  const within = coverable(subnet);
  return within === undefined ? [] : AddressRange.gaps(within, [wanted, ...taken]);
}

/** A range of a subnet, of any type. */
export interface SubnetRange {
  /** What its user calls it: the id of its construct. */
  readonly label: string;
  /** `dynamic`, `reserved` or `static`. */
  readonly type: string;
  readonly range: AddressRange;
}

/** One `reserved` range that the static ranges of a subnet come to. */
export interface StaticRangePart<T extends SubnetRange> {
  readonly range: AddressRange;
  readonly comment: string;
  /** The range that it stands for on an unmanaged subnet, or follows on a managed one; absent = it is the first. */
  readonly at?: T;
}

const describe = ({ label, range }: SubnetRange): string => `static range ${label} (${range.toString()})`;

/**
 * The `reserved` ranges that give a subnet its static ranges. On a managed subnet they are the complement of the static
 * ranges; an unmanaged one has MAAS assign from its reserved ranges only, so there they are the static ranges themselves.
 *
 * Each is told apart by the range that it follows, not by a number: a range made elsewhere in the subnet leaves all
 * others alone, and one made inside a part shortens that part and adds the one after itself.
 */
export function staticRangeParts<T extends SubnetRange>(
  subnet: Cidr | "unmanaged",
  ranges: readonly T[],
): StaticRangePart<T>[] {
  const sorted = [...ranges].sort((a, b) => a.range.start.compare(b.range.start));
  const statics = sorted.filter(({ type }) => type === "static");
  const [wanted] = statics;
  if (wanted === undefined) return [];
  if (subnet === "unmanaged") return statics.map((at) => ({ range: at.range, comment: describe(at), at }));
  const taken = sorted.filter((range) => range !== wanted).map(({ range }) => range);
  return complementOfStaticRange(subnet, wanted.range, taken).map((range) => {
    const before = sorted.find((other) => other.range.end.value + 1n === range.start.value);
    const nearest = statics.filter((other) => other.range.end.compare(range.start) < 0).at(-1) ?? wanted;
    return { range, comment: `Outside ${describe(nearest)}`, ...(before !== undefined && { at: before }) };
  });
}
