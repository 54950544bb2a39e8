import type { KindName } from "../../../lib/model/field";
import type { KINDS } from "../../../lib/model/kinds";
import { Snapshot } from "../../maas/snapshot";
import type { Region } from "../region/region";
import { configuration } from "./configuration";
import { device } from "./device";
import { dhcpSnippet } from "./dhcp-snippet";
import { dnsDomain } from "./dns-domain";
import { dnsRecord } from "./dns-record";
import { ipRange } from "./ip-range";
import { networkInterfaceLink } from "./network-interface-link";
import { networkInterfaceTag } from "./network-interface-tag";
import { nodeInterface } from "./node-interface";
import { rackController } from "./rack-controller";
import { rackInterface } from "./rack-interface";
import { reservedIp } from "./reserved-ip";
import type { Strategy } from "./strategy";
import { subnet } from "./subnet";
import { vlan } from "./vlan";
import { vlanDhcp } from "./vlan-dhcp";

/** The kinds whose records name a strategy. */
type SpecialKind = {
  [N in KindName]: (typeof KINDS)[N]["api"] extends { readonly strategy: true } ? N : never;
}[KindName];

const STRATEGIES: Readonly<Record<SpecialKind, Strategy>> = {
  vlan,
  subnet,
  ip_range: ipRange,
  vlan_dhcp: vlanDhcp,
  rack_controller: rackController,
  rack_interface: rackInterface,
  network_interface_link: networkInterfaceLink,
  network_interface_physical: nodeInterface("network_interface_physical"),
  network_interface_bond: nodeInterface("network_interface_bond"),
  network_interface_bridge: nodeInterface("network_interface_bridge"),
  network_interface_vlan: nodeInterface("network_interface_vlan"),
  dns_domain: dnsDomain,
  dns_record: dnsRecord,
  device,
  reserved_ip: reservedIp,
  configuration,
  dhcp_snippet: dhcpSnippet,
  network_interface_tag: networkInterfaceTag,
};

const NONE: Strategy = {};

/** What is special about the kind; nothing of most. */
export const strategyOf = (kind: KindName): Strategy =>
  (STRATEGIES as Readonly<Partial<Record<KindName, Strategy>>>)[kind] ?? NONE;

/** The region behind a client, of which nothing has been read yet. */
export const openRegion = (
  client: Region["client"],
  memory: Pick<Region, "intents" | "restorations"> = {},
): Region => ({ client, snapshot: new Snapshot(client), keysOf: strategyOf, ...memory });
