import { type Family, IpAddress } from "../../lib/model/address";
import type { Cidr } from "../../lib/model/cidr";
import { showValue } from "./text/addresses";

/** A stretch of addresses and why MAAS counts it as it does. */
export interface PurposeRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly purposes: ReadonlySet<string>;
}

export const UNUSED = "unused";

const SETS = new Map<string, ReadonlySet<string>>();

/** The set of this one purpose: always the same object, so that comparing is cheap. */
export function purposeSet(purpose: string): ReadonlySet<string> {
  let set = SETS.get(purpose);
  if (set === undefined) SETS.set(purpose, (set = new Set([purpose])));
  return set;
}

/**
 * Disjoint, sorted stretches of one family, each with its purposes: what MAAS computes everything about the use of a
 * subnet from. Overlapping stretches become one; adjacent ones with the same purposes too.
 */
export class IpSet {
  private constructor(
    readonly family: Family,
    readonly ranges: readonly PurposeRange[],
  ) {}

  static of(family: Family, ranges: Iterable<PurposeRange>): IpSet {
    return new IpSet(family, coalesce(combine([...ranges].sort(byStart))));
  }

  static single(address: IpAddress, purpose: string): PurposeRange {
    return { first: address.value, last: address.value, purposes: purposeSet(purpose) };
  }

  union(others: Iterable<PurposeRange>): IpSet {
    return IpSet.of(this.family, [...this.ranges, ...others]);
  }

  /** What is free between the stretches, without the network address and, in IPv4, the broadcast address. */
  unused(within: Cidr, purpose = UNUSED): IpSet {
    const { first, last } = usable(within);
    const purposes = purposeSet(purpose);
    const free: PurposeRange[] = [];
    let next = first;
    for (const range of this.ranges) {
      if (range.first > next) free.push({ first: next, last: range.first - 1n, purposes });
      next = range.last + 1n;
    }
    if (last >= next) free.push({ first: next, last, purposes });
    return new IpSet(this.family, free);
  }

  /** The stretches together with what is free: every usable address of the network. */
  full(within: Cidr): IpSet {
    return this.union(this.unused(within).ranges);
  }

  /** The stretch that holds the address. */
  find(value: bigint): PurposeRange | undefined {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.ranges[middle];
      if (range !== undefined && range.last < value) low = middle + 1;
      else high = middle;
    }
    const range = this.ranges[low];
    return range !== undefined && range.first <= value ? range : undefined;
  }

  includes(purpose: string): boolean {
    return this.ranges.some((range) => range.purposes.has(purpose));
  }
}

export const rangeSize = (range: PurposeRange): bigint => range.last - range.first + 1n;

/** A stretch as the API shows it. */
export function showRange(family: Family, range: PurposeRange, withPurpose: boolean): Record<string, unknown> {
  return {
    start: showValue(family, range.first),
    end: showValue(family, range.last),
    num_addresses: rangeSize(range),
    ...(withPurpose ? { purpose: [...range.purposes].sort() } : {}),
  };
}

/** Point-to-point networks (/31, /32, /127, /128) have no network and no broadcast address. */
function usable(network: Cidr): { first: bigint; last: bigint } {
  const first = network.first.value;
  const last = network.last.value;
  if (network.prefixLength >= IpAddress.bits(network.family) - 1) return { first, last };
  return { first: first + 1n, last: network.family === 4 ? last - 1n : last };
}

function byStart(a: PurposeRange, b: PurposeRange): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last > b.last ? -1 : 1;
}

function combine(sorted: readonly PurposeRange[]): PurposeRange[] {
  const combined: PurposeRange[] = [];
  for (const range of sorted) {
    const previous = combined.at(-1);
    if (previous !== undefined && range.first <= previous.last) {
      const last = range.last > previous.last ? range.last : previous.last;
      const purposes = new Set([...previous.purposes, ...range.purposes]);
      combined[combined.length - 1] = { first: previous.first, last, purposes };
    } else {
      combined.push(range);
    }
  }
  return combined;
}

function coalesce(sorted: readonly PurposeRange[]): PurposeRange[] {
  const merged: PurposeRange[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous?.last === range.first - 1n && isSame(previous.purposes, range.purposes)) {
      merged[merged.length - 1] = { ...previous, last: range.last };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a === b || (a.size === b.size && [...a].every((purpose) => b.has(purpose)));
