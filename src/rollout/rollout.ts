import type { Network } from "../../lib/model/network";
import type { Problem } from "../../lib/model/problem";
import type { Report } from "../../lib/rules/report";
import type { RackInterfaceKind } from "./region";

/** Whether the region has something, or the rollout adds it. */
export type Standing = "exists" | "planned";

/** A range of addresses, both ends included. */
export interface RolloutRange {
  readonly startIp: string;
  readonly endIp: string;
  readonly standing: Standing;
  /** Id of the construct of an earlier rollout that has made it; absent = somebody else has. */
  readonly madeBy?: string;
  /** Key of the range in the region, where it is one object there. */
  readonly key?: string;
}

/** A range of somebody else, beside which a static range is made. */
export interface RolloutOtherRange extends RolloutRange {
  readonly type: "dynamic" | "reserved";
}

/** The interface of a rack controller on a network. */
export interface RolloutRack {
  readonly rack: string;
  readonly interfaceName: string;
  /** Key of the interface in the region. */
  readonly key: string;
  /** What it is to netplan. */
  readonly kind: RackInterfaceKind;
  /** Whether it serves the network: its rack is named as primary or secondary, or nobody is. */
  readonly serves: boolean;
  /** As the rack reports them; undefined = not known, as in an export. */
  readonly addresses?: readonly string[];
  /** Its address on the IPv6 subnet, with the prefix length; absent where there is no subnet or room, or its addresses are not known. */
  readonly ipv6?: { readonly address: string; readonly standing: Standing };
}

/** An IPv4 subnet of a network. */
export interface RolloutIpv4 {
  readonly cidr: string;
  readonly managed: boolean;
}

/** The IPv6 subnet that a network has, or gets. */
export interface RolloutIpv6 {
  readonly cidr: string;
  readonly standing: Standing;
  /** Key of the subnet in the region, where it exists. */
  readonly key?: string;
  /** Whether the rollout makes it, or an earlier one has; false for one that somebody else has made. */
  readonly isOwn: boolean;
  /** The address that machines get their default route to; null = none is set. */
  readonly gateway: string | null;
  /** Where machines get their addresses from; absent where ranges of the region leave that open. */
  readonly staticRange?: RolloutRange;
  /** The ranges of others on the subnet that the reserved ranges of the static range leave out. */
  readonly besides: readonly RolloutOtherRange[];
  /** What DHCPv6 gives out; absent = nothing. */
  readonly dynamicRange?: RolloutRange;
}

/** Who sends router advertisements on a network. */
export interface Advertiser {
  /** Name of the router, or its address. */
  readonly router: string;
  /** What says so. */
  readonly source: "document" | "probe";
}

/** `done`: it has IPv6. `ready`: what is planned can be added. `blocked`: something stands in the way. */
export type NetworkState = "done" | "ready" | "blocked";

/** One VLAN of a rollout: what it has, what it gets, and what stands in the way. */
export interface RolloutNetwork {
  readonly fabric: string;
  readonly vid: number;
  /** Key of the VLAN in the region. */
  readonly key: string;
  /** `fra1:110`, `fra1:untagged`. */
  readonly title: string;
  /** The VLAN's own name; absent = none. */
  readonly name?: string;
  readonly space?: string;
  readonly ipv4: readonly RolloutIpv4[];
  /** Whether MAAS serves DHCP on the VLAN, by itself or through a relay. */
  readonly dhcp: "on" | "relayed" | "off" | "unknown";
  readonly racks: readonly RolloutRack[];
  /** Undefined = not known: MAAS has no object for it. */
  readonly advertiser?: Advertiser;
  /** Absent where the prefix has no room for it. */
  readonly ipv6?: RolloutIpv6;
  readonly state: NetworkState;
  /** What stands in the way (errors), and what else is to be known. */
  readonly problems: readonly Problem<string>[];
}

/** A network and what the rules say about it. */
export interface Judged {
  readonly network: Network;
  readonly report: Report;
}

/** The way of a region from IPv4 to both families. Shape: plain data, but for the two networks. */
export interface Rollout {
  /** In CIDR form. */
  readonly prefix: string;
  readonly dhcpv6: boolean;
  /** By fabric and VID. */
  readonly networks: readonly RolloutNetwork[];
  /** What is to be known of the region as a whole. */
  readonly problems: readonly Problem<string>[];
  /** VLANs that nothing is on, and that were not asked for by name. */
  readonly unused: readonly string[];
  readonly before: Judged;
  readonly after: Judged;
}
