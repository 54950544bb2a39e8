import { type Family, IpAddress } from "../../../../lib/model/address";
import type { Cidr } from "../../../../lib/model/cidr";
import { crash } from "../../model/errors";
import { showValue } from "../../text/addresses";

/** A stretch of addresses. */
interface Stretch {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** A stretch of addresses and why MAAS counts it as it does. */
export interface PurposeRange extends Stretch {
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
 * Disjoint, sorted stretches, each with its purposes: what MAAS computes everything about the use of a subnet from.
 * Overlapping stretches become one; adjacent ones with the same purposes too. As in MAAS (`MAASIPSet`), a stretch that
 * is computed is known by its numbers alone, and numbers below 2^32 are read as IPv4.
 */
export class IpSet {
  private constructor(readonly ranges: readonly PurposeRange[]) {}

  static of(ranges: Iterable<PurposeRange>): IpSet {
    return new IpSet(coalesce(combine([...ranges].sort(byStart))));
  }

  static single(address: IpAddress, purpose: string): PurposeRange {
    return {
      family: address.family,
      first: address.value,
      last: address.value,
      purposes: purposeSet(purpose),
    };
  }

  union(others: Iterable<PurposeRange>): IpSet {
    return IpSet.of([...this.ranges, ...others]);
  }

  /**
   * The gaps between the stretches from the network's first usable address to its last one, as MAAS up to 3.6 finds
   * them: a stretch outside the network opens gaps outside it, too.
   */
  gaps(network: Cidr, purpose = UNUSED): IpSet {
    const { first, last } = usable(network);
    const purposes = purposeSet(purpose);
    const free: PurposeRange[] = [];
    let next = first;
    for (const range of this.ranges) {
      if (range.first > next) free.push(computed(next, range.first - 1n, purposes));
      next = range.last + 1n;
    }
    if (last >= next) free.push(computed(next, last, purposes));
    return new IpSet(free);
  }

  /** What is left of the given stretches without this set's, as MAAS finds it from 3.7. */
  takenFrom(outer: Iterable<Stretch>): IpSet {
    const free: PurposeRange[] = [];
    for (const { family, first, last } of joined(outer)) {
      let next = first;
      for (const range of this.ranges) {
        if (range.family !== family || range.last < next || range.first > last) continue;
        if (range.first > next) free.push(computed(next, range.first - 1n, purposeSet(UNUSED)));
        next = range.last + 1n;
      }
      if (last >= next) free.push(computed(next, last, purposeSet(UNUSED)));
    }
    return IpSet.of(free);
  }

  /** The stretch that holds the number. */
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

  /** Whether one stretch holds all from the first to the last address. */
  covers(first: IpAddress, last: IpAddress): boolean {
    const around = this.find(first.value);
    return around?.family === first.family && last.value <= around.last;
  }

  includes(purpose: string): boolean {
    return this.ranges.some((range) => range.purposes.has(purpose));
  }
}

export const rangeSize = (range: Stretch): bigint => range.last - range.first + 1n;

/** A stretch as the API shows it. */
export function showRange(range: PurposeRange, withPurpose: boolean): Record<string, unknown> {
  return {
    start: showNumber(range.first),
    end: showNumber(range.last),
    num_addresses: rangeSize(range),
    ...(withPurpose ? { purpose: [...range.purposes].sort() } : {}),
  };
}

/** The family that MAAS takes a bare number for. */
export const familyOf = (value: bigint): Family => (value < 1n << 32n ? 4 : 6);

/** A bare number as an address. */
export const showNumber = (value: bigint): string => showValue(familyOf(value), value);

/** @throws MaasError where the ends are taken for addresses of two families, as MAAS crashes then */
function computed(first: bigint, last: bigint, purposes: ReadonlySet<string>): PurposeRange {
  const family = familyOf(first);
  if (familyOf(last) !== family) throw crash(`base address '${showNumber(last)}' is not IPv${family}`);
  return { family, first, last, purposes };
}

/** Point-to-point networks (/31, /32, /127, /128) have no network and no broadcast address. */
export function usable(network: Cidr): Stretch {
  const { family } = network;
  const first = network.first.value;
  const last = network.last.value;
  if (network.prefixLength >= IpAddress.bits(family) - 1) return { family, first, last };
  return { family, first: first + 1n, last: family === 4 ? last - 1n : last };
}

/** The stretches as one set of addresses: overlapping and adjacent ones joined. */
function joined(stretches: Iterable<Stretch>): Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of [...stretches].sort(byStart)) {
    const previous = found.at(-1);
    if (previous?.family !== stretch.family || stretch.first > previous.last + 1n) found.push(stretch);
    else if (stretch.last > previous.last) found[found.length - 1] = { ...previous, last: stretch.last };
  }
  return found;
}

function byStart(a: Stretch, b: Stretch): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last > b.last ? -1 : 1;
}

function combine(sorted: readonly PurposeRange[]): PurposeRange[] {
  const combined: PurposeRange[] = [];
  for (const range of sorted) {
    const previous = combined.at(-1);
    if (previous !== undefined && previous.first <= range.first && range.first <= previous.last) {
      const last = range.last > previous.last ? range.last : previous.last;
      const purposes = new Set([...previous.purposes, ...range.purposes]);
      combined[combined.length - 1] = computed(previous.first, last, purposes);
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
      merged[merged.length - 1] = computed(previous.first, range.last, range.purposes);
    } else {
      merged.push(range);
    }
  }
  return merged;
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a === b || (a.size === b.size && [...a].every((purpose) => b.has(purpose)));
