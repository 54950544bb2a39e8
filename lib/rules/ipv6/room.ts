import { IpAddress } from "../../model/address";
import { AddressRange } from "../../model/address-range";
import { oncePer } from "../../model/once-per";
import { coverable } from "../../model/static-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import { single, takenAddresses } from "./facts";

/** What takes addresses: a range, or something that stays whatever becomes of the ranges. */
export interface Taker {
  readonly range?: NetworkIpRange;
  readonly span: AddressRange;
}

/** Index of the first item that is not before the address. */
export function lowerBound<T>(sorted: readonly T[], addressOf: (item: T) => IpAddress, address: IpAddress): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && addressOf(item).compare(address) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What two ranges have in common: one range, or none. */
export function both(a: AddressRange, b: AddressRange): AddressRange[] {
  if (!a.overlaps(b)) return [];
  const start = a.start.compare(b.start) > 0 ? a.start : b.start;
  return [new AddressRange(start, a.end.compare(b.end) < 0 ? a.end : b.end)];
}

/** The same addresses in ranges that are ascending and disjoint: those that touch are one. */
export function merged(ranges: readonly AddressRange[]): AddressRange[] {
  const spans: AddressRange[] = [];
  for (const next of [...ranges].sort((a, b) => a.start.compare(b.start))) {
    const last = spans.at(-1);
    const touches = last?.family === next.family && next.start.value <= last.end.value + 1n;
    if (!touches) spans.push(next);
    else if (next.end.value > last.end.value) spans[spans.length - 1] = new AddressRange(last.start, next.end);
  }
  return spans;
}

/** The parts of the wanted addresses that are among these ranges, which are ascending and disjoint. */
export function* among(sorted: readonly AddressRange[], wanted: AddressRange): Generator<AddressRange> {
  for (let at = lowerBound(sorted, ({ end }) => end, wanted.start); at < sorted.length; at += 1) {
    const range = sorted[at];
    if (range?.overlaps(wanted) !== true) return;
    yield* both(range, wanted);
  }
}

/** The largest range, of several that are as large the lowest. */
export const largestOf = (ranges: readonly AddressRange[]): AddressRange | undefined =>
  ranges.reduce<AddressRange | undefined>((best, range) => {
    const more = best === undefined ? 1n : range.size - best.size;
    return more > 0n || (more === 0n && best !== undefined && range.start.compare(best.start) < 0) ? range : best;
  }, undefined);

/**
 * The free parts of some addresses, for each of the ranges in them as if that one were not there. Made once, it answers for
 * each range from what only that range takes.
 */
export class Room {
  readonly #free: AddressRange[] = [];
  readonly #usable: readonly AddressRange[];
  readonly #largest: AddressRange | undefined;
  readonly #alone = new Map<NetworkIpRange, AddressRange[]>();
  readonly #byStart: ReadonlyMap<bigint, AddressRange>;
  readonly #byEnd: ReadonlyMap<bigint, AddressRange>;

  /** @param allowed the only parts that may be used, ascending and disjoint. Absent = all. */
  constructor(
    private readonly within: AddressRange,
    takers: readonly Taker[],
    private readonly allowed?: readonly AddressRange[],
  ) {
    this.#sweep(takers);
    this.#byStart = new Map(this.#free.map((range) => [range.start.value, range]));
    this.#byEnd = new Map(this.#free.map((range) => [range.end.value, range]));
    this.#usable = this.#free.flatMap((range) => this.#allowedOf(range));
    this.#largest = largestOf(this.#usable);
  }

  /** Whether all of the span is free. */
  holds(span: AddressRange, without: NetworkIpRange): boolean {
    const isIn = (range: AddressRange | undefined): boolean =>
      range?.contains(span.start) === true && range.contains(span.end);
    const at = lowerBound(this.#usable, ({ end }) => end, span.start);
    return isIn(this.#usable[at]) || this.#given(without).some(isIn);
  }

  /** The largest free range. */
  largest(without: NetworkIpRange): AddressRange | undefined {
    return largestOf([...(this.#largest === undefined ? [] : [this.#largest]), ...this.#given(without)]);
  }

  /** The largest free range among the wanted addresses. */
  largestAmong(wanted: AddressRange, without: NetworkIpRange): AddressRange | undefined {
    return largestOf([...among(this.#usable, wanted), ...this.#given(without).flatMap((range) => both(range, wanted))]);
  }

  /** Walks along the addresses, and keeps what is free and what one range alone takes. */
  #sweep(takers: readonly Taker[]): void {
    const taken = takers.flatMap((taker) => both(taker.span, this.within).map((span) => ({ taker, span })));
    const events = taken
      .flatMap(({ taker, span }) => [
        { at: span.start.value, taker, isEnd: false },
        { at: span.end.value + 1n, taker, isEnd: true },
      ])
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const active = new Set<Taker>();
    let from = this.within.start.value;
    const upTo = (end: bigint): void => {
      if (end > from) this.#keep(active, from, end - 1n);
      from = end;
    };
    for (const { at, taker, isEnd } of events) {
      upTo(at);
      if (isEnd) active.delete(taker);
      else active.add(taker);
    }
    upTo(this.within.end.value + 1n);
  }

  #keep(active: ReadonlySet<Taker>, start: bigint, end: bigint): void {
    if (active.size > 1) return;
    const { family } = this.within;
    const part = new AddressRange(IpAddress.of(family, start), IpAddress.of(family, end));
    const [only] = active;
    if (only === undefined) this.#free.push(part);
    else if (only.range !== undefined) {
      const known = this.#alone.get(only.range);
      if (known === undefined) this.#alone.set(only.range, [part]);
      else known.push(part);
    }
  }

  /** What becomes free when the range goes, together with what is free beside it. */
  #given(range: NetworkIpRange): AddressRange[] {
    return (this.#alone.get(range) ?? []).flatMap(({ start, end }) => {
      const [before, after] = [this.#byEnd.get(start.value - 1n), this.#byStart.get(end.value + 1n)];
      return this.#allowedOf(new AddressRange(before?.start ?? start, after?.end ?? end));
    });
  }

  #allowedOf(range: AddressRange): AddressRange[] {
    return this.allowed === undefined ? [range] : [...among(this.allowed, range)];
  }
}

/** What a message proposes, and the range that it comes to. */
export interface RangeFix {
  readonly text: string;
  readonly span: AddressRange | undefined;
}

/** The most addresses that a proposal which lies elsewhere has. */
const MOST = 0x10000n;

const smallest = ({ type }: NetworkIpRange, family: 4 | 6): bigint => (type === "dynamic" && family === 6 ? 256n : 1n);

/** What the ranges of a subnet, and the addresses in use, leave for a range of that sort. */
function roomIn(subnet: NetworkSubnet, isDynamic: boolean, network: Network): Room | undefined {
  const within = isKnown(subnet.block) ? coverable(subnet.block) : undefined;
  if (within === undefined) return undefined;
  const placed = network
    .rangesOf(subnet)
    .items.flatMap((range) => (isKnown(range.span) ? [{ range, span: range.span }] : []));
  const isSameSort = ({ range: { type } }: (typeof placed)[number]): boolean => (type === "dynamic") === isDynamic;
  const inTheWay = placed.filter((one) => subnet.managed !== false || isSameSort(one));
  const taken = isDynamic ? takenAddresses(subnet, network).map(({ address }) => ({ span: single(address) })) : [];
  const isInReserved = subnet.managed === false && isDynamic;
  const reserved = placed.filter((one) => !isSameSort(one)).map(({ span }) => span);
  return new Room(within, [...inTheWay, ...taken], isInReserved ? merged(reserved) : undefined);
}

/** The rooms of a network's subnets, each worked out once for all its ranges. */
const roomsOf = oncePer((network: Network) => ({
  dynamic: oncePer((subnet: NetworkSubnet) => ({ room: roomIn(subnet, true, network) })),
  other: oncePer((subnet: NetworkSubnet) => ({ room: roomIn(subnet, false, network) })),
}));

/** A range that the subnet has room for: what is free of the wanted one, else as many addresses elsewhere. */
function proposal(
  range: NetworkIpRange,
  wanted: AddressRange,
  room: Room | undefined,
  least: bigint,
): AddressRange | undefined {
  const kept = room?.largestAmong(wanted, range);
  if (kept !== undefined && kept.size >= least) return kept;
  const gap = room?.largest(range);
  if (gap === undefined || gap.size < least) return undefined;
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
  const { room } = roomsOf(network)[range.type === "dynamic" ? "dynamic" : "other"](subnet);
  const least = smallest(range, wanted.family);
  const fits = ({ span }: RangeFix): boolean =>
    span !== undefined && span.size >= least && room?.holds(span, range) === true;
  const way = ways.find(fits);
  if (way !== undefined) return way.text;
  const free = proposal(range, wanted, room, least);
  return free === undefined
    ? `Drop it, or shorten other ranges: ${isKnown(subnet.block) ? subnet.block.toString() : subnet.at.path} has no room left for it.`
    : `Use ${free.start.toString()} to ${free.end.toString()} instead, which is free.`;
}
