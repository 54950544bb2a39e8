import { coverable } from "../../model/static-range";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import { single, takenAddresses } from "./facts";

/** What a message proposes, and the range that it comes to. */
export interface RangeFix {
  readonly text: string;
  readonly span: AddressRange | undefined;
}

/** The most addresses that a proposal which lies elsewhere has. */
const MOST = 0x10000n;

const smallest = ({ type }: NetworkIpRange, family: 4 | 6): bigint => (type === "dynamic" && family === 6 ? 256n : 1n);

function both(a: AddressRange, b: AddressRange): AddressRange[] {
  if (!a.overlaps(b)) return [];
  const start = a.start.compare(b.start) > 0 ? a.start : b.start;
  return [new AddressRange(start, a.end.compare(b.end) < 0 ? a.end : b.end)];
}

/** The parts of its subnet that the range could take without meeting another range or an address that is in use. */
function roomFor(range: NetworkIpRange, subnet: NetworkSubnet, network: Network): AddressRange[] {
  const within = isKnown(subnet.block) ? coverable(subnet.block) : undefined;
  if (within === undefined) return [];
  const isDynamic = range.type === "dynamic";
  const placed = network
    .rangesOf(subnet)
    .items.flatMap((other) => (other !== range && isKnown(other.span) ? [{ other, span: other.span }] : []));
  const isSameSort = ({ type }: NetworkIpRange): boolean => (type === "dynamic") === isDynamic;
  const inTheWay = placed.filter(({ other }) => subnet.managed !== false || isSameSort(other)).map(({ span }) => span);
  const taken = isDynamic ? takenAddresses(subnet, network).map(({ address }) => single(address)) : [];
  const gaps = AddressRange.gaps(within, [...inTheWay, ...taken]);
  if (subnet.managed !== false || !isDynamic) return gaps;
  const reserved = placed.filter(({ other }) => !isSameSort(other)).map(({ span }) => span);
  return gaps.flatMap((gap) => reserved.flatMap((span) => both(gap, span)));
}

const largestOf = (ranges: readonly AddressRange[], least: bigint): AddressRange | undefined =>
  ranges
    .filter(({ size }) => size >= least)
    .reduce<AddressRange | undefined>(
      (best, range) => (best === undefined || range.size > best.size ? range : best),
      undefined,
    );

/** A range that the subnet has room for: what is free of the wanted one, else as many addresses elsewhere. */
function proposal(wanted: AddressRange, room: readonly AddressRange[], least: bigint): AddressRange | undefined {
  const kept = largestOf(
    room.flatMap((gap) => both(gap, wanted)),
    least,
  );
  if (kept !== undefined) return kept;
  const gap = largestOf(room, least);
  if (gap === undefined) return undefined;
  const size = [wanted.size < least ? least : wanted.size, gap.size, MOST].reduce((a, b) => (a < b ? a : b));
  return new AddressRange(gap.end.plus(1n - size), gap.end);
}

/**
 * How to mend a range, in view of all that its subnet has: the first of the ways that leads to a range without a conflict,
 * else a free range of the subnet.
 */
export function fixRange(
  range: NetworkIpRange,
  wanted: AddressRange,
  subnet: NetworkSubnet,
  network: Network,
  ways: readonly RangeFix[] = [],
): string {
  const room = roomFor(range, subnet, network);
  const least = smallest(range, wanted.family);
  const fits = ({ span }: RangeFix): boolean =>
    span !== undefined && span.size >= least && room.some((gap) => gap.contains(span.start) && gap.contains(span.end));
  const way = ways.find(fits);
  if (way !== undefined) return way.text;
  const free = proposal(wanted, room, least);
  return free === undefined
    ? `Drop it, or shorten other ranges: ${isKnown(subnet.block) ? subnet.block.toString() : subnet.at.path} has no room left for it.`
    : `Use ${free.start.toString()} to ${free.end.toString()} instead, which is free.`;
}
