import { createHash } from "node:crypto";
import { AddressPlan } from "../../lib/model/address-plan";
import type { IpAddress } from "../../lib/model/address";
import type { Cidr } from "../../lib/model/cidr";

/** Bits of a VID. */
const VID_BITS = 12;

/** Width of the networks of machines. */
const SEGMENT_LENGTH = 64;

/** For how many fabrics a prefix has a /64 per VID. At least one, which then has no room for the higher VIDs. */
export const sitesIn = ({ prefixLength }: Cidr): number => 2 ** Math.max(0, SEGMENT_LENGTH - VID_BITS - prefixLength);

/** A network that the region has in the prefix already. */
export interface PlacedNetwork {
  readonly fabric: string;
  readonly vid: number;
  readonly first: IpAddress;
}

/** The number of the /64 in the prefix that an address is in. */
const indexIn = (prefix: Cidr, address: IpAddress): number =>
  Number((address.value - prefix.first.value) >> BigInt(SEGMENT_LENGTH));

/** The site that a network was planned at, if it was: it then holds the VID of its VLAN. */
function siteOf(prefix: Cidr, { vid, first }: PlacedNetwork): number | undefined {
  if (!prefix.contains(first)) return undefined;
  const index = indexIn(prefix, first);
  return index % 2 ** VID_BITS === vid ? Math.floor(index / 2 ** VID_BITS) : undefined;
}

/** The site that a name asks for: the same in every run, on every machine. */
function wish(fabric: string, count: number): number {
  return createHash("sha256").update(fabric, "utf8").digest().readUInt32BE(0) % count;
}

/** A fabric that has another site than the one that its name asks for. */
export interface MovedFabric {
  readonly site: number;
  readonly takenBy: string;
}

/** The parts of a prefix. */
export interface Sites {
  /** By fabric. */
  readonly sites: ReadonlyMap<string, number>;
  readonly moved: ReadonlyMap<string, MovedFabric>;
}

/**
 * The site of each fabric in the prefix: the one that the user gave it, else the one that its networks are in already, else the one
 * that follows from its name. The next free one where another fabric has that. Fabrics that come later never move one that
 * has a network. Absent = there is no room for the fabric.
 *
 * @param fabrics names, in the order in which they choose
 */
export function sitesOf(
  prefix: Cidr,
  fabrics: readonly string[],
  { given, placed }: { readonly given: ReadonlyMap<string, number>; readonly placed: readonly PlacedNetwork[] },
): Sites {
  const count = sitesIn(prefix);
  const sites = new Map<string, number>(given);
  const taken = new Map([...given].map(([fabric, site]) => [site, fabric]));
  const moved = new Map<string, MovedFabric>();
  const take = (fabric: string, site: number): void => {
    sites.set(fabric, site);
    taken.set(site, fabric);
  };
  for (const network of placed) {
    const site = siteOf(prefix, network);
    if (site !== undefined && !sites.has(network.fabric) && !taken.has(site)) take(network.fabric, site);
  }
  for (const fabric of fabrics) {
    if (sites.has(fabric)) continue;
    if (taken.size >= count) break;
    const wished = wish(fabric, count);
    let site = wished;
    while (taken.has(site)) site = (site + 1) % count;
    if (site !== wished) moved.set(fabric, { site, takenBy: taken.get(wished) ?? "" });
    take(fabric, site);
  }
  return { sites, moved };
}

/** The /64 of a VLAN, with the address of its router. @throws PlanError where the prefix has no room for it */
export function segmentOf(
  prefix: Cidr,
  site: number,
  vid: number,
): { readonly cidr: string; readonly gateway: string } {
  const plan = new AddressPlan({ ipv6: prefix.toString(), sites: sitesIn(prefix) });
  const { ipv6Cidr, ipv6Gateway } = (sitesIn(prefix) === 1 ? plan : plan.site(site)).segment(vid);
  return { cidr: ipv6Cidr, gateway: ipv6Gateway };
}
