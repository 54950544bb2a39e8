import type { KindName } from "../../../lib/model/field";
import type { KINDS } from "../../../lib/model/kinds";
import type { Strategy } from "../objects/strategy";
import { dnsDomain } from "./dns-domain";
import { dnsRecord } from "./dns-record";
import { configuration } from "./configuration";
import { dhcpSnippet } from "./dhcp-snippet";
import { device } from "./device";
import { ipRange } from "./ip-range";
import { networkInterfaceLink } from "./network-interface-link";
import { networkInterfaceTag } from "./network-interface-tag";
import { nodeInterface } from "./node-interface";
import { rackController } from "./rack-controller";
import { rackInterface } from "./rack-interface";
import { reservedIp } from "./reserved-ip";
import { subnet } from "./subnet";
import { vlan } from "./vlan";
import { vlanDhcp } from "./vlan-dhcp";

/** The kinds whose records name a strategy. */
type SpecialKind = {
  [N in KindName]: (typeof KINDS)[N]["api"] extends { readonly strategy: true } ? N : never;
}[KindName];

let strategies: Readonly<Record<SpecialKind, Strategy>> | undefined;

const NONE: Strategy = {};

/** What is special about the kind; nothing of most. */
export function strategyOf(kind: KindName): Strategy {
  // Not before the first use: strategies look up objects of other kinds, and so refer to this.
  strategies ??= {
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
  return (strategies as Readonly<Partial<Record<KindName, Strategy>>>)[kind] ?? NONE;
}
