import type { ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { MaasClient } from "../../../src/maas/client";
import type { ObjectJson } from "../../../src/maas/codec";
import type { Seed } from "../../../src/simulator/seed/notation";

/** One object of a kind: what it is made with, and what it is changed to. */
export interface KindCase {
  readonly kind: ManagedKindName;
  readonly made: Attributes;
  readonly changed: Attributes;
  /** What is to be there beforehand, beyond the seed. */
  readonly prepare?: (api: MaasClient) => Promise<void>;
  /** The faults of a read that can't be told from what MAAS answers. */
  readonly likeAnswers?: readonly string[];
}

/** The region that the cases begin with. */
export const CASES_SEED: Seed = {
  spaces: [{ name: "green" }],
  fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 20 }] }, { name: "racks" }],
  subnets: [
    { cidr: "10.1.0.0/24", fabric: "lab", vid: 0, gateway_ip: "10.1.0.1" },
    { cidr: "2001:db8:1::/64", fabric: "lab", vid: 0, gateway_ip: "2001:db8:1::1" },
    { cidr: "2001:db8:9::/64", fabric: "lab", vid: 10 },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [
      { name: "eth0", fabric: "lab" },
      { name: "eth1", fabric: "racks" },
    ],
  })),
  devices: [
    {
      hostname: "ups",
      interfaces: [{ name: "eth0", fabric: "lab", mac_address: "52:54:00:00:04:01", links: [{ mode: "link_up" }] }],
    },
  ],
  machines: [
    {
      hostname: "node1",
      interfaces: ["eth0", "eth1", "eth2"].map((name, at) => ({
        ...{ name, fabric: "lab", mac_address: `52:54:00:00:01:0${at}` },
        // A bond takes the links of its parents for good.
        ...(name === "eth0" && { links: [{ mode: "link_up" }] }),
      })),
    },
  ],
};

const POOL = { subnet: "10.1.0.0/24", type: "dynamic", start_ip: "10.1.0.20", end_ip: "10.1.0.29" };
const LINK = { machine: "node1", network_interface: "eth0", subnet: "10.1.0.0/24" };
const DEVICE_LINK = { device: "ups", network_interface: "eth0", subnet: "10.1.0.0/24", mode: "STATIC" };
const NEW_NIC = { machine: "node1", mac_address: "52:54:00:00:00:09", name: "eth9" };
const BOND = { machine: "node1", name: "bond0", parents: ["eth1", "eth2"] };
const BRIDGE = { machine: "node1", name: "br0", parent: "eth1" };

/** Makes a link of the machine the default gateway of IPv6, by hand. */
async function makeGatewayOfV6(api: MaasClient): Promise<void> {
  const [machine] = (await api.get("machines/")) as readonly ObjectJson[];
  const [nic] = machine?.interface_set as readonly ObjectJson[];
  const subnets = (await api.get("subnets/")) as readonly ObjectJson[];
  const form = [
    ["mode", "auto"],
    ["subnet", textOf(subnets.find(({ cidr }) => cidr === "2001:db8:1::/64")?.id)],
    ["default_gateway", "true"],
  ] as const;
  await api.post(`nodes/${textOf(machine?.system_id)}/interfaces/${textOf(nic?.id)}/`, form, { op: "link_subnet" });
}

export const KIND_CASES: Readonly<Record<string, KindCase>> = {
  fabric: { kind: "fabric", made: { name: "new" }, changed: { name: "newer", class_type: "10g" } },
  space: { kind: "space", made: { name: "new" }, changed: { name: "new", description: "changed" } },
  VLAN: { kind: "vlan", made: { fabric: "lab", vid: 30 }, changed: { fabric: "lab", vid: 31, mtu: 9000 } },
  "untagged VLAN": {
    kind: "vlan",
    made: { fabric: "lab", vid: 0, mtu: 9000 },
    changed: { fabric: "lab", vid: 0, mtu: 1400, space: "green" },
  },
  "IPv4 subnet": {
    kind: "subnet",
    made: { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.1" },
    changed: { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.2", dns_servers: ["10.2.0.5"] },
  },
  "IPv6 subnet": {
    kind: "subnet",
    made: { vlan: "lab:10", cidr: "2001:db8:2::/64", name: "new" },
    changed: { vlan: "lab:20", cidr: "2001:db8:2::/64", name: "new", gateway_ip: "fe80::1" },
  },
  "dynamic range": { kind: "ip_range", made: POOL, changed: { ...POOL, end_ip: "10.1.0.39" } },
  "reserved range": {
    kind: "ip_range",
    made: { ...POOL, type: "reserved", comment: "new" },
    changed: { ...POOL, type: "reserved", comment: "changed" },
  },
  device: {
    kind: "device",
    made: { hostname: "switch1", network_interfaces: [{ mac_address: "52:54:00:00:02:01" }], description: "new" },
    changed: {
      hostname: "switch2",
      network_interfaces: [{ mac_address: "52:54:00:00:02:01" }, { mac_address: "52-54-00-00-02-02" }],
      description: "changed",
    },
  },
  "static route": {
    kind: "static_route",
    made: { source: "2001:db8:1::/64", destination: "2001:db8:9::/64", gateway_ip: "2001:db8:1::9" },
    changed: { source: "2001:db8:1::/64", destination: "2001:db8:9::/64", gateway_ip: "2001:db8:1::9", metric: 7 },
  },
  "DNS domain": {
    kind: "dns_domain",
    made: { name: "new.example", ttl: 60, is_default: true },
    changed: { name: "newer.example", authoritative: false, is_default: false },
  },
  "DNS record of addresses": {
    kind: "dns_record",
    made: { type: "A/AAAA", name: "new", domain: "maas", data: "10.1.0.7 2001:db8:1::7" },
    changed: { type: "A/AAAA", name: "new", domain: "maas", data: "10.1.0.8 2001:db8:1::7", ttl: 0 },
  },
  "DNS record of another type": {
    kind: "dns_record",
    made: { type: "MX", fqdn: "maas", data: "10 mail.maas.", ttl: 60 },
    changed: { type: "MX", fqdn: "maas", data: "20 mail.maas." },
  },
  "reserved IP": {
    kind: "reserved_ip",
    made: { ip: "2001:db8:1:0:3::9", mac_address: "52:54:00:00:00:09" },
    changed: { ip: "2001:db8:1:0:3::9", mac_address: "52:54:00:00:00:09", comment: "changed" },
  },
  setting: {
    kind: "configuration",
    made: { key: "upstream_dns", value: "10.1.0.5" },
    changed: { key: "upstream_dns", value: "10.1.0.5 2001:db8:1::5" },
    // MAAS answers so for a setting without a value.
    likeAnswers: ["200 null"],
  },
  "DHCP snippet": {
    kind: "dhcp_snippet",
    made: { name: "ntp", value: "option ntp-servers 10.1.0.5;" },
    changed: { name: "ntp", value: "option ntp-servers 10.1.0.6;", description: "changed", enabled: false },
  },
  "DHCP snippet of a subnet": {
    kind: "dhcp_snippet",
    made: { name: "dns", value: "option domain-name-servers 10.1.0.5;", subnet: "10.1.0.0/24" },
    changed: { name: "renamed", value: "option domain-name-servers 10.1.0.6;", subnet: "10.1.0.0/24" },
  },
  "DHCP snippet of a machine": {
    kind: "dhcp_snippet",
    made: { name: "boot", value: 'filename "boot";', machine: "node1" },
    changed: { name: "boot", value: 'filename "other";', machine: "node1" },
  },
  "DHCP snippet of a device": {
    kind: "dhcp_snippet",
    made: { name: "boot", value: 'filename "boot";', device: "ups" },
    changed: { name: "boot", value: 'filename "other";', device: "ups" },
  },
  "DHCP snippet of a rack controller": {
    kind: "dhcp_snippet",
    made: { name: "boot", value: 'filename "boot";', rack_controller: "rack1" },
    changed: { name: "boot", value: 'filename "other";', rack_controller: "rack1" },
  },
  DHCP: {
    kind: "vlan_dhcp",
    made: { vlan: "lab:0", primary_rack_controller: "rack1" },
    changed: { vlan: "lab:0", primary_rack_controller: "rack2", secondary_rack_controller: "rack1" },
  },
  "DHCP relay": {
    kind: "vlan_dhcp",
    made: { vlan: "lab:10", relay_vlan: "lab:0" },
    changed: { vlan: "lab:10", relay_vlan: "lab:20" },
  },
  "rack interface": {
    kind: "rack_interface",
    made: { rack_controller: "rack1", name: "eth1", vlan: "lab:10" },
    changed: { rack_controller: "rack1", name: "eth1", vlan: "lab:20" },
  },
  link: {
    kind: "network_interface_link",
    prepare: makeGatewayOfV6,
    made: { ...LINK, mode: "AUTO", default_gateway: true },
    changed: { ...LINK, mode: "AUTO", default_gateway: false },
  },
  "physical interface": {
    kind: "network_interface_physical",
    made: { ...NEW_NIC, vlan: "lab:0", tags: ["new"] },
    changed: { ...NEW_NIC, name: "eth8", vlan: "lab:10", tags: ["new", "changed"], mtu: 9000 },
  },
  "physical interface that the machine has": {
    kind: "network_interface_physical",
    made: { machine: "node1", mac_address: "52:54:00:00:01:01", name: "uplink", tags: ["new"] },
    changed: { machine: "node1", mac_address: "52:54:00:00:01:01", name: "eth1", accept_ra: true },
  },
  bond: {
    kind: "network_interface_bond",
    made: { ...BOND, bond_mode: "802.3ad" },
    changed: { ...BOND, parents: ["eth2"], bond_mode: "active-backup", bond_miimon: 50, tags: ["changed"] },
  },
  bridge: {
    kind: "network_interface_bridge",
    made: { ...BRIDGE, bridge_stp: true },
    changed: { ...BRIDGE, parent: "eth2", bridge_fd: 5, bridge_stp: false },
  },
  "VLAN interface": {
    kind: "network_interface_vlan",
    made: { machine: "node1", parent: "eth1", vlan: "lab:10" },
    changed: { machine: "node1", parent: "eth2", vlan: "lab:20", name: "storage", tags: ["changed"] },
  },
  "tags of an interface": {
    kind: "network_interface_tag",
    made: { machine: "node1", interface_id: "eth0", tags: ["new"] },
    changed: { machine: "node1", interface_id: "eth0", tags: ["changed", "more"] },
  },
  "physical interface of a device": {
    kind: "network_interface_physical",
    made: { device: "ups", mac_address: "52:54:00:00:04:09", vlan: "lab:0", tags: ["new"] },
    changed: { device: "ups", mac_address: "52:54:00:00:04:09", name: "eth8", vlan: "lab:10", tags: ["changed"] },
  },
  "link of a device": {
    kind: "network_interface_link",
    made: { ...DEVICE_LINK, ip_address: "10.1.0.60" },
    changed: { ...DEVICE_LINK, ip_address: "10.1.0.60" },
  },
  "tags of an interface of a device": {
    kind: "network_interface_tag",
    made: { device: "ups", interface_id: "eth0", tags: ["new"] },
    changed: { device: "ups", interface_id: "eth0", tags: ["changed", "more"] },
  },
  "link with an address": {
    kind: "network_interface_link",
    made: { ...LINK, mode: "STATIC", ip_address: "10.1.0.50", default_gateway: false },
    changed: { ...LINK, mode: "STATIC", ip_address: "10.1.0.50", default_gateway: true },
  },
};
