import type { Family, IpAddress } from "../address";
import type { Cidr } from "../cidr";
import type { FactsOf } from "../facts";
import type { KindName, KindTable } from "../kinds";
import type { RangeType } from "../kinds/ip-range";
import { isKnown, type Known, UNKNOWN } from "../known";
import { grouped } from "../lists";
import type { AddressRange } from "../address-range";

/** Where an object was said: what a user looks up when a message names it. */
export interface Place {
  /** A construct path (`lab-network/lab-v6`), or an object on the region (`subnet 10.0.0.0/24 (id 7)`). */
  readonly path: string;
  /** The source file, relative to the project, with forward slashes. */
  readonly file?: string;
  /** 1-based line in {@link file}. */
  readonly line?: number;
}

/** The path of the construct of a place, which may be one of several objects of it: `lab/v4` of `lab/v4["a"]`. */
export const constructPath = (path: string): string => path.replace(/\[[^\]]*\]$/, "");

/** What all objects of a network have in common. */
export interface NetworkObject {
  /** Who it is: opaque, given by the producer, one per object of a kind. References hold it. */
  readonly key: string;
  readonly at: Place;
}

export interface NetworkFabric extends NetworkObject {
  readonly name: Known<string>;
}

export interface NetworkSpace extends NetworkObject {
  readonly name: Known<string>;
}

export interface NetworkVlan extends NetworkObject {
  /** Key of the fabric. */
  readonly fabric: Known<string>;
  readonly vid: Known<number>;
  /** Absent or null = none of its own. */
  readonly name?: Known<string | null>;
  /** Key of the space; null = none. */
  readonly space?: Known<string | null>;
  /** Largest packet, in octets. Absent = not known. */
  readonly mtu?: Known<number>;
  /** The region may have more on it than the network holds: it was looked up or adopted. Absence then proves nothing. */
  readonly partial?: boolean;
}

/** DHCP of a VLAN. A VLAN without one has no DHCP, unless it is partial. */
export interface NetworkVlanDhcp extends NetworkObject {
  /** Key of the VLAN. */
  readonly vlan: Known<string>;
  /** Whether racks serve the VLAN itself (MAAS's `dhcp_on`). */
  readonly on: Known<boolean>;
  /** Key of the rack controller. */
  readonly primary: Known<string | null>;
  /** Key of the rack controller. */
  readonly secondary: Known<string | null>;
  /** Key of the VLAN that requests are relayed to. */
  readonly relayTo: Known<string | null>;
}

/** What a producer says about a subnet. */
export interface SubnetFacts extends NetworkObject {
  /** Key of the VLAN. */
  readonly vlan: Known<string>;
  /** As written, so that rules can judge the spelling. */
  readonly cidr: Known<string>;
  /** Absent or null = none but the CIDR. */
  readonly name?: Known<string | null>;
  /** The family that the construct stands for, known even while the CIDR is not. */
  readonly stated?: Family;
  readonly gatewayIp: Known<string | null>;
  readonly dnsServers: Known<readonly Known<string>[]>;
  readonly managed: Known<boolean>;
  /** The region may have more ranges on it than the network holds. */
  readonly partial?: boolean;
}

export interface NetworkSubnet extends SubnetFacts {
  /** The CIDR as a network; unknown as well when the text is none, which rule NET-04 reports. */
  readonly block: Known<Cidr>;
  readonly family: Known<Family>;
}

/** What a producer says about an IP range. */
export interface IpRangeFacts extends NetworkObject {
  /** Key of the subnet. */
  readonly subnet: Known<string>;
  readonly type: Known<RangeType>;
  readonly startIp: Known<string>;
  readonly endIp: Known<string>;
}

export interface NetworkIpRange extends IpRangeFacts {
  /** Both ends as a range; unknown as well when they make none, which rule RNG-01 reports. */
  readonly span: Known<AddressRange>;
}

export interface NetworkRackController extends NetworkObject {
  readonly hostname: Known<string>;
  /** The region's URL as the rack reaches it; null = not given. Unknown on a live region: MAAS's API does not report it. */
  readonly regionUrl: Known<string | null>;
}

/** One address, or the promise of one, of an interface. */
export interface InterfaceLink {
  /** Key of the subnet; null = on none that MAAS knows. */
  readonly subnet: Known<string | null>;
  /** Absent or null = none assigned yet. */
  readonly ip?: Known<string | null>;
  /** MAAS's link mode. A `dhcp` address is discovered, not configured. */
  readonly mode?: "static" | "auto" | "dhcp" | "link_up";
}

export interface NetworkRackInterface extends NetworkObject {
  /** Key of the rack controller. */
  readonly rack: Known<string>;
  readonly name: Known<string>;
  /** Key of the VLAN; null = on none. */
  readonly vlan: Known<string | null>;
  /** Unknown at synth: only the rack itself reports its addresses. */
  readonly links: Known<readonly InterfaceLink[]>;
}

export interface NetworkMachineInterface extends NetworkObject {
  /** Hostname or system id. */
  readonly machine: string;
  readonly name: Known<string>;
  /** Key of the VLAN; null = on none. */
  readonly vlan: Known<string | null>;
  readonly links: Known<readonly InterfaceLink[]>;
  /** Whether it accepts router advertisements. Absent or null = the operating system decides. */
  readonly acceptRa?: Known<boolean | null>;
}

/** An address of a subnet that some object other than a range takes, so that no dynamic range may hold it. */
export interface NetworkTakenAddress extends NetworkObject {
  /** Key of the subnet; null = of none of the network. */
  readonly subnet: Known<string | null>;
  readonly address: Known<string>;
  /** What it is there: "the gateway of ROUTE". */
  readonly use: string;
}

/** What a router tells the hosts of an IPv6 subnet. MAAS has no object for it. */
export interface NetworkRouterAdvertisement extends NetworkObject {
  /** Key of the subnet. */
  readonly subnet: Known<string>;
  /** A: hosts make their own address from the prefix. */
  readonly autonomous: Known<boolean>;
  /** O: hosts ask a DHCPv6 server for other configuration. */
  readonly otherConfig: Known<boolean>;
  /** M: hosts ask a DHCPv6 server for their address. */
  readonly managedAddress: Known<boolean>;
}

/** A URL that some part of the configuration holds. */
export interface NetworkUrl extends NetworkObject {
  /** The setting by its name: `apiUrl`. */
  readonly setting: string;
  readonly url: Known<string>;
}

/** The facts of kinds that are not simply their attributes: their records make them. */
export interface SpecialFacts {
  fabric: NetworkFabric;
  space: NetworkSpace;
  vlan: NetworkVlan;
  vlan_dhcp: NetworkVlanDhcp;
  subnet: SubnetFacts;
  ip_range: IpRangeFacts;
  rack_controller: NetworkRackController;
  rack_interface: NetworkRackInterface;
}

/** What is in a network and no kind of MAAS object. */
interface OtherFacts {
  machine_interface: NetworkMachineInterface;
  taken_address: NetworkTakenAddress;
  router_advertisement: NetworkRouterAdvertisement;
  url: NetworkUrl;
}

/** The type of the objects of each kind, as a producer gives them. */
export type FactsByKind = SpecialFacts & {
  [N in Exclude<KindName, keyof SpecialFacts>]: NetworkObject & FactsOf<KindTable[N]>;
} & OtherFacts;

/** The type of the objects of each kind, as rules read them. */
export type ObjectsByKind = Omit<FactsByKind, "subnet" | "ip_range"> & {
  subnet: NetworkSubnet;
  ip_range: NetworkIpRange;
};

export type NetworkKind = keyof FactsByKind;

/** The objects that belong to another one, as far as they are known. */
export interface Members<T> {
  readonly items: readonly T[];
  /** What else may belong to it, in words; absent = these are all. */
  readonly missing?: string;
}

/** Objects by the key that one of their references holds. Sorted out at the first question: most networks have a few objects. */
export class ReferenceIndex<T> {
  #sorted: ReadonlyMap<Known<string | null>, readonly T[]> | undefined;

  /** @param describe names an object whose reference is not known yet, for {@link Members.missing}. */
  constructor(
    private readonly items: readonly T[],
    private readonly referenceOf: (item: T) => Known<string | null>,
    private readonly describe: (item: T) => string,
  ) {}

  /** @param missing why there may be others, if the owner itself is only known in part. */
  of(key: string, missing?: string): Members<T> {
    const sorted = (this.#sorted ??= grouped(this.items, this.referenceOf));
    const items = sorted.get(key) ?? [];
    const [stray] = sorted.get(UNKNOWN) ?? [];
    const reason = missing ?? (stray && this.describe(stray));
    return reason === undefined ? { items } : { items, missing: reason };
  }
}

/**
 * The smallest network that holds the address, which is the one that MAAS takes for an address whose subnet is not named.
 * Null where there is none; undefined where one is not known yet and may hold it.
 *
 * @see MAAS models/subnet.py `get_best_subnet_for_ip` (3.6.4)
 */
export function narrowestAround<T extends { readonly block: Known<Cidr> }>(
  address: IpAddress,
  subnets: readonly T[],
): T | null | undefined {
  let narrowest: { readonly subnet: T; readonly block: Cidr } | undefined;
  for (const subnet of subnets) {
    const { block } = subnet;
    if (!isKnown(block)) return undefined;
    if (block.contains(address) && (narrowest === undefined || block.prefixLength > narrowest.block.prefixLength))
      narrowest = { subnet, block };
  }
  return narrowest?.subnet ?? null;
}
