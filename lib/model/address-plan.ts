import { networkOf } from "./address-block";
import { type Family, IpAddress } from "./address";
import { Cidr } from "./cidr";
import { fault, PlanError, type Words } from "./problem";

/** Prefix length of the networks that hosts are on, where none is given. */
export const SEGMENT_LENGTH: Readonly<Record<Family, number>> = { 4: 24, 6: 64 };

/** Properties of an {@link AddressPlan}. Changing one of them moves networks; adding sites and segments never does. */
export interface AddressPlanProps {
  /** The IPv6 prefix to carve into /64s, shorter than that: `2001:db8:40::/48`, or from `UniqueLocalPrefix`. */
  readonly ipv6: string;
  /**
   * The IPv4 network to carve beside it, such as `10.40.0.0/16`.
   * @default - none
   */
  readonly ipv4?: string;
  /**
   * Prefix length of the segments' IPv4 networks.
   * @default 24
   */
  readonly ipv4PrefixLength?: number;
  /**
   * For how many sites there is room: a power of two. With more than one, segments are asked for by `site(index)`.
   * @default 1
   */
  readonly sites?: number;
}

/** The networks of one segment: what a VLAN gets. */
export interface PlannedSegment {
  /** A /64, such as `2001:db8:40:14::/64`. */
  readonly ipv6Cidr: string;
  /** Its first address after the network's own: `2001:db8:40:14::1`. */
  readonly ipv6Gateway: string;
  /** The IPv4 network beside it; undefined in a plan without IPv4. */
  readonly ipv4Cidr?: string;
  /** Its first address after the network's own. */
  readonly ipv4Gateway?: string;
}

/** The part with that index among all parts of that prefix length, counted from 0. */
function part(whole: Cidr, prefixLength: number, index: number): Cidr {
  const hostBits = BigInt(IpAddress.bits(whole.family) - prefixLength);
  return Cidr.of(whole.first.plus(BigInt(index) << hostBits), prefixLength);
}

const refusal = (plan: string, words: Words): PlanError =>
  new PlanError(`address plan of ${plan}`, fault("MAAS-ADR-02", undefined, words));

function checkIndex(index: number, room: number, what: string, whole: Cidr): void {
  if (Number.isInteger(index) && index >= 0 && index < room) return;
  throw refusal(whole.toString(), {
    what: `there is no ${what} ${index}`,
    fix: `It has room for ${room}: use 0 to ${room - 1}, or a shorter prefix than /${whole.prefixLength}.`,
  });
}

function checkShorter(whole: Cidr, prefixLength: number): void {
  if (whole.prefixLength <= prefixLength) return;
  const example = Cidr.of(whole.first, Math.max(1, prefixLength - 16)).toString();
  throw refusal(whole.toString(), {
    what: `it is too small to be carved into /${prefixLength}`,
    fix: `Give a prefix of length ${prefixLength} or less, such as ${example}.`,
  });
}

/**
 * Gives each VLAN of each site a /64 and an IPv4 network.
 *
 * The networks of a segment follow from the plan's properties, the index of the site and the index of the segment, and
 * from nothing else: not from the order or number of calls. So they stay as they are when sites or segments are added or
 * removed, and two pairs of indexes never share an address. Any number will do as an index; a VLAN's VID is a good one.
 */
export class AddressPlan {
  readonly #ipv6: Cidr;
  readonly #ipv4: Cidr | undefined;
  readonly #lengths: Readonly<Record<Family, number>>;
  readonly #sites: number;

  /** Throws when a prefix is none, has no room for the sites, or is of the wrong family. */
  constructor(props: AddressPlanProps) {
    const { ipv6, ipv4, ipv4PrefixLength = SEGMENT_LENGTH[4], sites = 1 } = props;
    this.#lengths = { 4: ipv4PrefixLength, 6: SEGMENT_LENGTH[6] };
    this.#sites = sites;
    this.#ipv6 = this.#wholeOf(ipv6, 6);
    this.#ipv4 = ipv4 === undefined ? undefined : this.#wholeOf(ipv4, 4);
  }

  /** The part of the plan for a site, counted from 0: a plan of its own. */
  site(index: number): AddressPlan {
    checkIndex(index, this.#sites, "site", this.#ipv6);
    const partOf = (whole: Cidr) => part(whole, whole.prefixLength + Math.log2(this.#sites), index).toString();
    return new AddressPlan({
      ipv6: partOf(this.#ipv6),
      ipv4PrefixLength: this.#lengths[4],
      ...(this.#ipv4 === undefined ? {} : { ipv4: partOf(this.#ipv4) }),
    });
  }

  /** The networks of the segment with that index, counted from 0. */
  segment(index: number): PlannedSegment {
    if (this.#sites > 1) {
      throw refusal(this.#ipv6.toString(), {
        what: `it has ${this.#sites} sites, and segment ${index} would be in the first`,
        fix: `Ask for site(0).segment(${index}).`,
      });
    }
    const ipv6 = this.#segmentOf(this.#ipv6, index);
    const ipv4 = this.#ipv4 && this.#segmentOf(this.#ipv4, index);
    return {
      ipv6Cidr: ipv6.toString(),
      ipv6Gateway: ipv6.first.plus(1).toString(),
      ...(ipv4 && { ipv4Cidr: ipv4.toString(), ipv4Gateway: ipv4.first.plus(1).toString() }),
    };
  }

  /** The IPv6 prefix of the plan, or of the site. */
  get ipv6(): string {
    return this.#ipv6.toString();
  }

  /** The IPv4 network of the plan, or of the site; undefined in a plan without IPv4. */
  get ipv4(): string | undefined {
    return this.#ipv4?.toString();
  }

  #segmentOf(whole: Cidr, index: number): Cidr {
    const length = this.#lengths[whole.family];
    checkIndex(index, 2 ** (length - whole.prefixLength), "segment", whole);
    return part(whole, length, index);
  }

  #wholeOf(text: string, family: Family): Cidr {
    const whole = networkOf(text, "address plan");
    const length = this.#lengths[family];
    if (whole.family !== family) {
      throw refusal(text, { what: `this is an IPv${whole.family} network`, fix: `Give it as ipv${whole.family}.` });
    }
    if (!Number.isInteger(length) || length < 1 || length > IpAddress.bits(family)) {
      throw refusal(text, { what: `${length} is no prefix length of IPv${family} networks`, fix: "Use 24." });
    }
    checkShorter(whole, length);
    const siteBits = Math.log2(this.#sites);
    if (!Number.isInteger(siteBits) || siteBits < 0) {
      throw refusal(text, {
        what: `room can't be divided among ${this.#sites} sites`,
        fix: "Write a power of two, such as 16; it may be more than you have.",
      });
    }
    if (whole.prefixLength + siteBits > length) {
      throw refusal(text, {
        what: `there is no room for ${this.#sites} sites with at least one /${length} each`,
        fix: `Give ${2 ** (length - whole.prefixLength)} sites or less, or a shorter prefix than /${whole.prefixLength}.`,
      });
    }
    return whole;
  }
}
