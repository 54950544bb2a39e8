import { type Family, IpAddress } from "./address";
import { remembering } from "./remembered";

/** The longest IPv6 network. */
const LONGEST = 49;

/** Text that is not a network in CIDR form. `reason` completes the sentence "… because it …". */
export class CidrError extends Error {
  override readonly name = "CidrError";
  constructor(
    readonly text: string,
    readonly reason: string,
  ) {
    super(`"${text}" is not a network in CIDR form: it ${reason}`);
  }
}

const DECIMAL = /^\d{1,3}$/;

/** The parts of `address/length`, as far as they are there. */
function parts(text: string): { readonly address?: IpAddress | undefined; readonly length?: string } {
  const slash = text.indexOf("/");
  return slash < 0 ? {} : { address: IpAddress.tryParse(text.slice(0, slash)), length: text.slice(slash + 1) };
}

/**
 * A network: an address without host bits, and a prefix length.
 *
 * Shape: immutable. Sizes are addresses, as bigint: an IPv6 /64 does not fit a number.
 */
export class Cidr {
  #last: IpAddress | undefined;
  #text: string | undefined;

  private constructor(
    readonly network: IpAddress,
    readonly prefixLength: number,
  ) {}

  /**
   * Reads `address/length`. Host bits are dropped, as MAAS does on save; {@link hasHostBits} tells beforehand.
   * @throws CidrError when the text is no CIDR: bad address, missing or impossible prefix length, netmask in place of a length.
   */
  static parse(text: string): Cidr {
    const cidr = Cidr.tryParse(text);
    if (cidr !== undefined) return cidr;
    const { address, length } = parts(text);
    if (length === undefined) throw new CidrError(text, "has no /prefix length");
    if (address === undefined) throw new CidrError(text, "does not start with an IPv4 or IPv6 address");
    if (!DECIMAL.test(length)) throw new CidrError(text, "does not end with a decimal prefix length");
    return Cidr.of(address, Number(length));
  }

  /** Like {@link parse}, with undefined for text that is no CIDR. */
  static tryParse(text: string): Cidr | undefined {
    return Cidr.#remembered(text);
  }

  static readonly #remembered = remembering((text) => Cidr.#read(text), LONGEST);

  static #read(text: string): Cidr | undefined {
    const { address, length = "" } = parts(text);
    if (address === undefined || !DECIMAL.test(length) || Number(length) > IpAddress.bits(address.family))
      return undefined;
    return Cidr.of(address, Number(length));
  }

  /** The network of `prefixLength` bits that holds the address. @throws CidrError when the length is beyond the family's. */
  static of(address: IpAddress, prefixLength: number): Cidr {
    const bits = IpAddress.bits(address.family);
    if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits) {
      throw new CidrError(
        `${address.toString()}/${prefixLength}`,
        `has a prefix length outside 0-${bits}, the range for IPv${address.family}`,
      );
    }
    const hostBits = BigInt(bits - prefixLength);
    return new Cidr(IpAddress.of(address.family, (address.value >> hostBits) << hostBits), prefixLength);
  }

  /** Whether the text names an address inside a network rather than the network, as in `10.0.0.1/24`. */
  static hasHostBits(text: string): boolean {
    return !Cidr.parse(text).network.equals(IpAddress.parse(text.slice(0, text.indexOf("/"))));
  }

  get family(): Family {
    return this.network.family;
  }

  /** Number of addresses, both ends included. */
  get size(): bigint {
    return 1n << BigInt(IpAddress.bits(this.family) - this.prefixLength);
  }

  get first(): IpAddress {
    return this.network;
  }

  /** The highest address; the broadcast address of an IPv4 network. */
  get last(): IpAddress {
    return (this.#last ??= this.network.plus(this.size - 1n));
  }

  /** The address that many after the first; in a smaller network the last. For addresses that messages propose. */
  nth(index: number): IpAddress {
    return BigInt(index) < this.size ? this.first.plus(index) : this.last;
  }

  contains(address: IpAddress): boolean {
    return address.family === this.family && address.compare(this.first) >= 0 && address.compare(this.last) <= 0;
  }

  /** Two networks overlap exactly when one contains the other's first address. */
  overlaps(other: Cidr): boolean {
    return this.contains(other.first) || other.contains(this.first);
  }

  equals(other: Cidr): boolean {
    return this.prefixLength === other.prefixLength && this.network.equals(other.network);
  }

  toString(): string {
    return (this.#text ??= `${this.network.toString()}/${this.prefixLength}`);
  }
}
