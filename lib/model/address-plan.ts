import { type AddressBlock, networkOf } from "./address-block";
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

/** The addresses of one lease: what a reserved IP of each family gets. */
export interface PlannedLease {
  /** Such as `2001:db8:40:14:3::5`. */
  readonly ipv6: string;
  /** The IPv4 address beside it; undefined in a plan without IPv4. */
  readonly ipv4?: string;
}

/** The ends and the gateways of a route from one segment to another: what a static route of each family gets. */
export interface PlannedRoute {
  /** The network of the machines that get the route. */
  readonly ipv6Source: string;
  /** The network that it leads to. */
  readonly ipv6Destination: string;
  /** The router's address on the source network. */
  readonly ipv6Gateway: string;
  /** The same of IPv4; undefined where one of both segments has none. */
  readonly ipv4Source?: string;
  /** The IPv4 network that the route goes to. */
  readonly ipv4Destination?: string;
  /** The router's IPv4 address on the source network. */
  readonly ipv4Gateway?: string;
}

/** Where a /64 has its leases: from host part `3::` on, after the static and the dynamic range of `AddressBlock`. */
const IPV6_LEASES = 3n << 48n;

/** A quarter of an IPv4 network. The third is what `AddressBlock` has DHCP give out. */
const quarterOf = ({ prefixLength }: Cidr): number => Math.floor(2 ** (30 - prefixLength));

/**
 * For how many leases a network has room. An IPv4 network has them in its last quarter, without the broadcast address;
 * indexes are of 32 bits.
 */
const leasesIn = (network: Cidr): number => (network.family === 6 ? 2 ** 32 : Math.max(0, quarterOf(network) - 1));

/** For how many routers: the first quarter of an IPv4 network after its own address, and as many as MAAS keeps free of a /64. */
const routersIn = (network: Cidr): number => (network.family === 6 ? 2 ** 32 - 1 : Math.max(1, quarterOf(network) - 1));

/** The part with that index among all parts of that prefix length, counted from 0. */
function part(whole: Cidr, prefixLength: number, index: number): Cidr {
  const hostBits = BigInt(IpAddress.bits(whole.family) - prefixLength);
  return Cidr.of(whole.first.plus(BigInt(index) << hostBits), prefixLength);
}

const refusal = (plan: string, words: Words): PlanError =>
  new PlanError(`address plan of ${plan}`, fault("MAAS-ADR-02", undefined, words));

/** Where something of a plan has no room: the network, what is wanted there and how much of it the network has. */
interface Wanted {
  readonly what: string;
  readonly room: number;
  readonly whole: Cidr;
  /** The segment, or the plan. Default: the network. */
  readonly place?: string;
}

function checkIndex(index: number, { what, room, whole, place = whole.toString() }: Wanted): void {
  if (Number.isInteger(index) && index >= 0 && index < room) return;
  const shorter = `a shorter prefix than /${whole.prefixLength}`;
  throw refusal(place, {
    what: `there is no ${what} ${index}`,
    fix:
      room === 0
        ? `It has room for none: use ${shorter}.`
        : `It has room for ${room}: use 0 to ${room - 1}, or ${shorter}.`,
  });
}

/** That no dynamic range has the address of a lease. */
function checkOutside(address: IpAddress, ranges: readonly AddressBlock[], place: string): void {
  for (const { startIp, endIp } of ranges) {
    const [start, end] = [IpAddress.parse(startIp), IpAddress.parse(endIp)];
    if (start.family !== address.family || address.compare(start) < 0 || address.compare(end) > 0) continue;
    throw refusal(place, {
      what: `${address.toString()} is in the dynamic range ${startIp}-${endIp}`,
      why: "MAAS refuses reserved IPs that DHCP may give to others.",
      fix: "Use the index of a lease outside of it, or move the range: AddressBlock's own ranges have no lease of a plan in them.",
    });
  }
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
 * Gives each VLAN of each site a /64 and an IPv4 network, each lease its addresses there, and each route its gateways.
 *
 * What it gives follows from the plan's properties and the indexes alone: not from the order or number of calls. So all
 * stays as it is when sites, segments or leases are added or removed, and no two of them share an address. Any number will do as an index; a VLAN's VID is a good one.
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
    checkIndex(index, { what: "site", room: this.#sites, whole: this.#ipv6 });
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

  /**
   * The addresses of the lease with that index in a segment, both counted from 0: `new ReservedIp(this, "printer", { ip:
   * plan.lease(20, 5).ipv6, macAddress, subnet })`. They are clear of the segment's gateway and routers, and of the ranges that
   * `AddressBlock.staticRange`, `dynamicRange` and `ipv4DynamicRange` give. An IPv4 /24 has room for 63, from `.192` on.
   *
   * @param dynamicRanges the segment's dynamic ranges where they are others: a lease inside of one is refused, as MAAS would
   */
  lease(segment: number, index: number, dynamicRanges: AddressBlock[] = []): PlannedLease {
    const { ipv6Cidr, ipv4Cidr } = this.segment(segment);
    const [ipv6, ipv4] = [ipv6Cidr, ipv4Cidr].map((cidr) => {
      if (cidr === undefined) return undefined;
      const network = Cidr.parse(cidr);
      const place = `${cidr}, segment ${segment}`;
      checkIndex(index, { what: "lease", room: leasesIn(network), whole: network, place });
      const first = network.family === 6 ? IPV6_LEASES : 3n * BigInt(quarterOf(network));
      const address = network.first.plus(first + BigInt(index));
      checkOutside(address, dynamicRanges, `${place}, lease ${index}`);
      return address.toString();
    });
    return { ipv6: ipv6 ?? "", ...(ipv4 !== undefined && { ipv4 }) };
  }

  /**
   * The route from a segment of this plan to another one, of this plan or of another site's. Its gateway is a router on the
   * segment that it is from.
   *
   * @param router the index of the router there, counted from 0: 0 has the segment's gateway, each other one the address after
   */
  route(from: number, to: PlannedSegment, router = 0): PlannedRoute {
    const source = this.segment(from);
    const place = `${source.ipv6Cidr}, segment ${from}`;
    if (to.ipv6Cidr === source.ipv6Cidr || (to.ipv4Cidr !== undefined && to.ipv4Cidr === source.ipv4Cidr)) {
      throw refusal(place, {
        what: "a route leads from the segment to itself",
        fix: "Give another segment as destination.",
      });
    }
    const gatewayIn = (cidr: string): string => {
      const network = Cidr.parse(cidr);
      checkIndex(router, {
        what: "router",
        room: routersIn(network),
        whole: network,
        place: `${cidr}, segment ${from}`,
      });
      return network.first.plus(1 + router).toString();
    };
    const both = source.ipv4Cidr !== undefined && to.ipv4Cidr !== undefined;
    return {
      ...{ ipv6Source: source.ipv6Cidr, ipv6Destination: to.ipv6Cidr, ipv6Gateway: gatewayIn(source.ipv6Cidr) },
      ...(both && {
        ...{ ipv4Source: source.ipv4Cidr, ipv4Destination: to.ipv4Cidr, ipv4Gateway: gatewayIn(source.ipv4Cidr) },
      }),
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
    checkIndex(index, { what: "segment", room: 2 ** (length - whole.prefixLength), whole });
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
