import { type Family, IpAddress } from "./address";

/** Ends of a range that are of two families, or in the wrong order. */
export class RangeOrderError extends Error {
  override readonly name = "RangeOrderError";
  constructor(start: IpAddress, end: IpAddress) {
    super(
      start.family === end.family
        ? `the end ${end.toString()} lies before the start ${start.toString()}`
        : `${start.toString()} and ${end.toString()} are of two address families`,
    );
  }
}

/** The addresses from `start` to `end`, both included. Shape: immutable, one family, start <= end. */
export class AddressRange {
  /** @throws RangeOrderError when the ends differ in family or are reversed. */
  constructor(
    readonly start: IpAddress,
    readonly end: IpAddress,
  ) {
    if (start.family !== end.family || start.compare(end) > 0) throw new RangeOrderError(start, end);
  }

  get family(): Family {
    return this.start.family;
  }

  /** Number of addresses, as bigint: half an IPv6 /64 does not fit a number. */
  get size(): bigint {
    return this.end.value - this.start.value + 1n;
  }

  contains(address: IpAddress): boolean {
    return address.family === this.family && address.compare(this.start) >= 0 && address.compare(this.end) <= 0;
  }

  overlaps(other: AddressRange): boolean {
    return this.contains(other.start) || other.contains(this.start);
  }

  /** What is left of `within` when all `used` ranges are taken out: ascending, disjoint, none empty. */
  static gaps(within: AddressRange, used: readonly AddressRange[]): AddressRange[] {
    const gaps: AddressRange[] = [];
    let next = within.start.value;
    const sorted = used.filter((range) => range.overlaps(within)).sort((a, b) => a.start.compare(b.start));
    for (const range of sorted) {
      if (range.start.value > next) gaps.push(AddressRange.between(within.family, next, range.start.value - 1n));
      if (range.end.value >= next) next = range.end.value + 1n;
    }
    if (next <= within.end.value) gaps.push(AddressRange.between(within.family, next, within.end.value));
    return gaps;
  }

  private static between(family: Family, start: bigint, end: bigint): AddressRange {
    return new AddressRange(IpAddress.of(family, start), IpAddress.of(family, end));
  }

  toString(): string {
    return `${this.start.toString()}-${this.end.toString()}`;
  }
}
