import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { configurationOf, documentOf, type Item, type LookUp, ofEveryKind, Reference } from "./notation";
import { FOREIGN } from "./region";

/** What the versions of the network differ in. */
interface Version {
  readonly fabric: string;
  readonly mtu?: number;
  readonly vid: number;
  readonly v4: Attributes;
  readonly v6: Attributes;
  /** The DNS server of a subnet that was there before. */
  readonly adopted: string;
  readonly ranges: readonly (readonly [name: string, subnet: "v4" | "v6", type: string, start: string, end: string])[];
  readonly rack: string;
  readonly gatewayLink: "v4" | "v6";
  readonly route: Attributes;
  readonly domain: string;
  readonly addresses: string;
  readonly mail: string;
  readonly bond: Attributes;
  readonly bridge: Attributes;
  readonly nic: Attributes;
  readonly tags: string[];
  readonly device: Attributes;
  readonly lease: Attributes;
  readonly snippet: Attributes;
  readonly dns: string;
}

/** The second version makes, changes, renames, resizes, moves and drops something of the first one. */
const VERSIONS: Readonly<Record<"first" | "second", Version>> = {
  first: {
    ...{ fabric: "lab", vid: 10, rack: "rack1", gatewayLink: "v4" },
    v4: { gateway_ip: "10.1.0.1" },
    v6: { dns_servers: ["2001:db8:1::5"] },
    adopted: "192.168.7.5",
    ranges: [
      ["pool", "v4", "dynamic", "10.1.0.100", "10.1.0.199"],
      ["kept", "v4", "reserved", "10.1.0.2", "10.1.0.9"],
    ],
    route: { gateway_ip: "10.1.0.1", metric: 5 },
    ...{ domain: "lab.example", addresses: "10.1.0.10 2001:db8:1::10", mail: "10 www.lab.example." },
    bond: { bond_mode: "active-backup" },
    bridge: { bridge_stp: true },
    nic: { name: "eth9" },
    tags: ["sriov"],
    device: { hostname: "switch1", network_interfaces: [{ mac_address: "52:54:00:00:02:01" }] },
    lease: { mac_address: "52:54:00:00:03:01", comment: "printer" },
    snippet: { name: "ntp", value: "option ntp-servers 10.1.0.5;" },
    dns: "10.1.0.5",
  },
  second: {
    ...{ fabric: "lab-2", mtu: 9000, vid: 20, rack: "rack2", gatewayLink: "v6" },
    v4: {},
    v6: { gateway_ip: "2001:db8:1::1" },
    adopted: "192.168.7.6",
    ranges: [
      ["pool", "v4", "dynamic", "10.1.0.120", "10.1.0.249"],
      ["pool6", "v6", "dynamic", "2001:db8:1:0:2::", "2001:db8:1:0:2::ffff"],
    ],
    route: { gateway_ip: "10.1.0.3" },
    ...{ domain: "lab2.example", addresses: "10.1.0.11", mail: "20 www.lab2.example." },
    bond: { bond_mode: "802.3ad", mtu: 1400 },
    bridge: { bridge_fd: 5 },
    nic: { name: "eth8", tags: ["uplink"] },
    tags: ["sriov", "fast"],
    device: {
      hostname: "switch2",
      network_interfaces: [{ mac_address: "52:54:00:00:02:01" }, { mac_address: "52:54:00:00:02:02" }],
    },
    lease: { mac_address: "52:54:00:00:03:02" },
    snippet: { name: "time", value: "option ntp-servers 10.1.0.6;" },
    dns: "10.1.0.5 2001:db8:1::5",
  },
};

export type VersionName = keyof typeof VERSIONS;

const V4 = "10.1.0.0/24";
const V6 = "2001:db8:1::/64";
const CIDRS = { v4: V4, v6: V6 } as const;
const NODE = { machine: "node1" } as const;

function link(family: "v4" | "v6", gatewayLink: string): Item {
  return {
    ...{ kind: "network_interface_link", name: family, key: `node1/eth0:${FOREIGN[family]}` },
    attributes: {
      ...{ ...NODE, network_interface: "eth0", subnet: FOREIGN[family], mode: "AUTO" },
      default_gateway: gatewayLink === family,
    },
  };
}

/** The networks of a version. */
function networks(version: Version): Item[] {
  const { fabric, mtu, vid, v4, v6, adopted, ranges, rack, route, lease, snippet } = version;
  // The second version drops the space.
  const space = vid === 10 ? "green" : undefined;
  const inLab = { fabric: new Reference("fabric.lab") };
  const untagged = { vlan: new Reference("vlan.untagged") };
  return [
    ...(space === undefined ? [] : [{ kind: "space", name: "lab", key: space, attributes: { name: space } } as const]),
    { kind: "fabric", name: "lab", key: fabric, attributes: { name: fabric } },
    {
      ...{ kind: "vlan", name: "untagged", key: `${fabric}:0` },
      attributes: { ...inLab, vid: 0, ...(mtu !== undefined && { mtu }) },
    },
    {
      ...{ kind: "vlan", name: "tagged", key: `${fabric}:${vid}` },
      attributes: { ...inLab, vid, ...(space !== undefined && { space: new Reference("space.lab", "name") }) },
    },
    { kind: "subnet", name: "v4", key: V4, attributes: { ...untagged, cidr: V4, ...v4 } },
    { kind: "subnet", name: "v6", key: V6, attributes: { ...untagged, cidr: V6, ...v6 } },
    {
      ...{ kind: "subnet", name: "adopted", key: FOREIGN.adopted, isAdopted: true },
      attributes: { cidr: FOREIGN.adopted, vlan: FOREIGN.tagged, dns_servers: [adopted] },
    },
    ...ranges.map(([name, family, type, start, end]): Item => ({
      ...{ kind: "ip_range", name, key: `${start}-${end} in ${CIDRS[family]}` },
      attributes: { subnet: new Reference(`subnet.${family}`), type, start_ip: start, end_ip: end },
    })),
    {
      ...{ kind: "rack_interface", name: rack, key: `${rack}/eth1` },
      attributes: { rack_controller: rack, name: "eth1", ...untagged },
    },
    {
      ...{ kind: "vlan_dhcp", name: "lab", key: `${fabric}:0` },
      attributes: { ...untagged, primary_rack_controller: rack },
      after: [`rack_interface.${rack}`, "ip_range.pool"],
    },
    {
      ...{ kind: "static_route", name: "lab", key: `${V4} to ${FOREIGN.v4} via ${textOf(route.gateway_ip)}` },
      attributes: { source: new Reference("subnet.v4"), destination: FOREIGN.v4, ...route },
    },
    {
      ...{ kind: "reserved_ip", name: "lease", key: "10.1.0.50" },
      attributes: { ip: "10.1.0.50", subnet: new Reference("subnet.v4"), ...lease },
    },
    {
      ...{ kind: "dhcp_snippet", name: "time", key: textOf(snippet.name) },
      attributes: { subnet: new Reference("subnet.v4"), ...snippet },
    },
  ];
}

/** What a version has beside its networks: interfaces of a machine, a device, DNS and a setting. */
function others({ gatewayLink, domain, addresses, mail, bond, bridge, nic, tags, device, dns }: Version): Item[] {
  const inDomain = { domain: new Reference("dns_domain.lab") };
  return [
    link("v4", gatewayLink),
    link("v6", gatewayLink),
    {
      ...{ kind: "network_interface_physical", name: "nic", key: "node1/52:54:00:00:01:09" },
      attributes: { ...NODE, mac_address: "52:54:00:00:01:09", vlan: FOREIGN.untagged, ...nic },
    },
    {
      // On the VLAN of its interfaces: on another one it would take these along.
      ...{ kind: "network_interface_bond", name: "lab", key: "node1/bond0" },
      attributes: { ...NODE, name: "bond0", parents: ["eth1", "eth2"], vlan: FOREIGN.untagged, ...bond },
    },
    {
      ...{ kind: "network_interface_bridge", name: "lab", key: "node1/br0" },
      attributes: { ...NODE, name: "br0", parent: "eth3", ...bridge },
    },
    {
      ...{ kind: "network_interface_vlan", name: "lab", key: `node1/bond0 on ${FOREIGN.tagged}` },
      attributes: { ...NODE, parent: new Reference("network_interface_bond.lab", "name"), vlan: FOREIGN.tagged },
    },
    {
      ...{ kind: "network_interface_tag", name: "lab", key: "node1/eth4" },
      attributes: { ...NODE, interface_id: "eth4", tags },
    },
    { kind: "dns_domain", name: "lab", key: domain, attributes: { name: domain } },
    {
      ...{ kind: "dns_record", name: "www", key: `A/AAAA www in ${domain}` },
      attributes: { type: "A/AAAA", name: "www", ...inDomain, data: addresses },
    },
    {
      ...{ kind: "dns_record", name: "mail", key: `MX @ in ${domain}: ${mail}` },
      attributes: { type: "MX", name: "@", ...inDomain, data: mail },
    },
    { kind: "device", name: "switch", key: textOf(device.hostname), attributes: device },
    {
      ...{ kind: "configuration", name: "dns", key: "upstream_dns" },
      attributes: { key: "upstream_dns", value: dns },
    },
  ];
}

const ITEMS: Readonly<Record<VersionName, readonly Item[]>> = {
  first: ofEveryKind([...networks(VERSIONS.first), ...others(VERSIONS.first)]),
  second: [...networks(VERSIONS.second), ...others(VERSIONS.second)],
};

const LOOK_UPS: readonly LookUp[] = [
  ["fabric", FOREIGN.fabric],
  ["vlan", FOREIGN.untagged],
  ["vlan", FOREIGN.tagged],
  ...([FOREIGN.v4, FOREIGN.v6] as const).map((cidr): LookUp => ["subnet", cidr, { cidr }]),
  ["rack_controller", "rack1"],
  ["rack_controller", "rack2"],
  ["machine", "node1"],
];

/** A version of the network as a desired-state document. */
export const versionDocument = (name: VersionName): string => documentOf(ITEMS[name], LOOK_UPS);

/** The same version as a Terraform configuration, without the provider's block. */
export const versionConfiguration = (name: VersionName): object => configurationOf(ITEMS[name]);
