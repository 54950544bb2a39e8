import { Address4, Address6, AddressError as ParseError } from "ip-address";
import { remembering } from "./remembered";

/** The two address families, by IP version number. */
export type Family = 4 | 6;

const BITS: Record<Family, number> = { 4: 32, 6: 128 };

/** The first 96 bits of an IPv4-mapped address, `::ffff:0:0/96`. */
const MAPPED = 0xffffn;

const LOW = 0xffffffffn;

/** No address is longer than 45 characters, and what is no address may be of any length. */
const LONGEST = 45;

const dotted = (value: bigint): string => {
  const number = Number(value);
  return [number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff].join(".");
};

/** The eight groups, the first of the longest runs of zeros among them as `::` (RFC 5952, section 4). */
function colons(value: bigint): string {
  const digits = value.toString(16).padStart(32, "0");
  const groups = Array.from({ length: 8 }, (_, at) => parseInt(digits.slice(4 * at, 4 * at + 4), 16));
  let [start, count] = [0, 1];
  for (let at = 0; at < groups.length; at += 1) {
    let end = at;
    while (groups[end] === 0) end += 1;
    if (end - at > count) [start, count] = [at, end - at];
  }
  const text = groups.map((group) => group.toString(16));
  if (count === 1) return text.join(":");
  return `${text.slice(0, start).join(":")}::${text.slice(start + count).join(":")}`;
}

/** Text that is not one plain IPv4 or IPv6 address. */
export class AddressError extends Error {
  override readonly name = "AddressError";
  constructor(readonly text: string) {
    super(`"${text}" is not an IPv4 or IPv6 address`);
  }
}

/**
 * One IP address as a family and a number, so that arithmetic and comparison need no text.
 *
 * Shape: immutable; `value` is the address as an unsigned integer of 32 or 128 bits.
 * Zone indexes (`fe80::1%eth0`) and CIDR suffixes are refused: MAAS stores neither on an address.
 */
export class IpAddress {
  #text: string | undefined;

  private constructor(
    readonly family: Family,
    readonly value: bigint,
  ) {}

  /** @throws AddressError when the text is not one plain address. */
  static parse(text: string): IpAddress {
    const address = IpAddress.tryParse(text);
    if (address === undefined) throw new AddressError(text);
    return address;
  }

  /** Like {@link parse}, with undefined for text that is no address. */
  static tryParse(text: string): IpAddress | undefined {
    return text === "" || text.length > LONGEST ? undefined : IpAddress.#remembered(text);
  }

  static readonly #remembered = remembering((text) => IpAddress.#read(text), LONGEST);

  static #read(text: string): IpAddress | undefined {
    if (/[/%\s]/.test(text)) return undefined;
    try {
      // Only the parser of the text's own family, and once: asking whether the text is valid would parse it as well.
      return text.includes(":")
        ? new IpAddress(6, new Address6(text).bigInt())
        : new IpAddress(4, new Address4(text).bigInt());
    } catch (error) {
      if (error instanceof ParseError) return undefined;
      throw error;
    }
  }

  /** @throws RangeError when the number does not fit the family. */
  static of(family: Family, value: bigint): IpAddress {
    if (value < 0n || value >> BigInt(BITS[family]) !== 0n) {
      throw new RangeError(`${value} is not an IPv${family} address`);
    }
    return new IpAddress(family, value);
  }

  /** Number of bits of an address of this family: 32 or 128. */
  static bits(family: Family): number {
    return BITS[family];
  }

  /** The address `count` after this one (before it, if negative). @throws RangeError beyond the family's ends. */
  plus(count: bigint | number): IpAddress {
    return IpAddress.of(this.family, this.value + BigInt(count));
  }

  /** Negative, zero or positive; every IPv4 address sorts before every IPv6 address. */
  compare(other: IpAddress): number {
    if (this.family !== other.family) return this.family - other.family;
    return this.value < other.value ? -1 : this.value > other.value ? 1 : 0;
  }

  equals(other: IpAddress): boolean {
    return this.compare(other) === 0;
  }

  /** `fe80::/10`, which MAAS accepts as an IPv6 gateway outside the subnet. */
  isLinkLocal(): boolean {
    return this.family === 6 && this.value >> 118n === 0x3fan;
  }

  /**
   * Canonical text: dotted quad, or RFC 5952 (lower case, longest run of zeros compressed). As MAAS prints them, IPv6
   * addresses that hold an IPv4 address end in it: `::ffff:10.9.0.0` and, of 96 bits of zeros, `::10.9.0.0`.
   *
   * @see PostgreSQL's inet_net_ntop and the C library's inet_ntop, which MAAS prints networks with; live 3.4.10, 3.6.5, 3.7.3
   */
  toString(): string {
    return (this.#text ??= this.#canonicalText());
  }

  #canonicalText(): string {
    if (this.family === 4) return dotted(this.value);
    const high = this.value >> 32n;
    if (high === MAPPED) return `::ffff:${dotted(this.value & LOW)}`;
    if (high === 0n && this.value >> 16n !== 0n) return `::${dotted(this.value)}`;
    return colons(this.value);
  }
}
