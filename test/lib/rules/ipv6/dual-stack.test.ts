import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

/** A second VLAN with an IPv6 subnet and nothing else. */
const storage: Changes = {
  vlan: { vlan20: { fabric: "lab", vid: 20 } },
  subnet: { storage: { vlan: "vlan20", cidr: "2001:db8:20:20::/64", gatewayIp: null, dnsServers: [], managed: true } },
};
const storageIs = (facts: NonNullable<NonNullable<Changes["subnet"]>[string]>): Changes => ({
  ...storage,
  subnet: { storage: { ...storage.subnet?.storage, ...facts } },
});
const storageV4: Changes = {
  vlan: storage.vlan,
  subnet: {
    ...storage.subnet,
    storage4: { vlan: "vlan20", cidr: "10.20.20.0/24", gatewayIp: null, dnsServers: [], managed: true },
  },
};
const storagePool = { subnet: "storage4", type: "dynamic", startIp: "10.20.20.100", endIp: "10.20.20.199" } as const;
const relay = { vlan: "vlan20", on: false, primary: null, secondary: null, relayTo: "pxe" } as const;
const relayed: Changes = { ...storageV4, ip_range: { storagePool }, vlan_dhcp: { relay } };

describeRuleCases("MAAS6-DUA-01", [
  ["holds beside a managed IPv4 subnet", "v6", {}, "compliant"],
  [
    "is broken by an IPv6 subnet alone on its VLAN",
    "storage",
    storage,
    {
      what: "IPv6 subnet 2001:db8:20:20::/64 is on lab/vlan20, which has no managed IPv4 subnet",
      fix: "Add an Ipv4Subnet to lab/vlan20",
    },
  ],
  [
    "is broken beside an unmanaged IPv4 subnet",
    "v6",
    { subnet: { v4: { managed: false } } },
    { what: "no managed IPv4 subnet", fix: "Set managed to true on IPv4 subnet 10.20.0.0/24" },
  ],
  [
    "does not apply to an unmanaged IPv6 subnet that MAAS gives nothing out of",
    "storage",
    storageIs({ managed: false }),
    "not_applicable",
  ],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "is not judged on a VLAN that is looked up",
    "storage",
    { ...storage, vlan: { vlan20: { fabric: "lab", vid: 20, partial: true } } },
    {
      unknown: "what other subnets the region has on lab/vlan20",
    },
  ],
  [
    "is not judged while the VLAN is unknown",
    "v6",
    { subnet: { v6: { vlan: UNKNOWN } } },
    { unknown: "VLAN of lab/v6" },
  ],
]);

describeRuleCases("MAAS6-DUA-02", [
  ["holds with IPv4 DHCP on the VLAN", "v6", {}, "compliant"],
  ["holds on a VLAN that is relayed to one with DHCP", "storage", relayed, "compliant"],
  [
    "is broken without any DHCP, and lists all that lacks",
    "storage",
    storage,
    {
      what: "DHCP is neither on nor relayed to a VLAN where it is; no managed IPv4 subnet has a dynamic range",
      fix: "Add a VlanDhcp to lab/vlan20 with a rack's interface there as primary, or with relayTo; add a DynamicRange",
    },
  ],
  [
    "is broken by DHCP for IPv6 only",
    "v6",
    { ip_range: { pool: null } },
    { what: "lab/pxe, the VLAN of IPv6 subnet 2001:db8:20::/64: no managed IPv4", fix: "Add a DynamicRange" },
  ],
  [
    "is broken by a relay to a VLAN without DHCP",
    "storage",
    { ...relayed, vlan_dhcp: { relay, dhcp: null } },
    { what: "neither on nor relayed", fix: "Add a VlanDhcp" },
  ],
  [
    "is broken by DHCP without a primary rack",
    "v6",
    { vlan_dhcp: { dhcp: { primary: null } } },
    { what: "no primary rack controller", fix: "Give lab/dhcp a primary" },
  ],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "is not judged on a VLAN that is looked up",
    "v6",
    { vlan: { pxe: { partial: true } }, vlan_dhcp: { dhcp: null } },
    {
      unknown: "what other DHCP settings the region has on lab/pxe",
    },
  ],
]);

const nic = (...subnets: ("v4" | "v6" | "storage" | typeof UNKNOWN | null)[]): Changes => ({
  ...storage,
  machine_interface: { nic: { links: subnets.map((subnet) => ({ subnet })) } },
});

describeRuleCases("MAAS6-DUA-03", [
  ["holds for one IPv6 subnet beside IPv4", "nic", {}, "compliant"],
  ["holds for two addresses of one subnet", "nic", nic("v6", "v6"), "compliant"],
  [
    "is broken by two IPv6 subnets",
    "nic",
    nic("v6", "storage"),
    {
      what: "eno1 of node1 is on 2 IPv6 subnets: 2001:db8:20::/64, 2001:db8:20:20::/64",
      fix: "Unlink 2001:db8:20:20::/64",
    },
  ],
  ["does not apply to an interface with IPv4 only", "nic", nic("v4", null), "not_applicable"],
  ["is not judged while a link's subnet is unknown", "nic", nic("v6", UNKNOWN), { unknown: "subnets of lab/nic" }],
  [
    "is not judged while the links are unknown",
    "nic",
    { machine_interface: { nic: { links: UNKNOWN } } },
    { unknown: "links of lab/nic" },
  ],
]);

const second: Changes["subnet"] = {
  second: { vlan: "pxe", cidr: "2001:db8:21::/64", gatewayIp: null, dnsServers: [], managed: true },
};
const both = [
  { subnet: "v6", ip: "2001:db8:20::5" },
  { subnet: "second", ip: "2001:db8:21::5" },
];

describeRuleCases("MAAS6-DUA-04", [
  ["holds for one IPv6 subnet", "eth1", {}, "compliant"],
  [
    "is broken by addresses on two",
    "eth1",
    { subnet: second, rack_interface: { eth1: { links: both } } },
    {
      what: "lab/eth1 manages 2 IPv6 subnets: 2001:db8:20::/64, 2001:db8:21::/64",
      fix: "2001:db8:21::/64",
    },
  ],
  [
    "is broken before addresses are known, where there are more subnets than interfaces",
    "eth1",
    { subnet: second, rack_interface: { eth1: { links: UNKNOWN } } },
    { what: "manages 2 IPv6 subnets", fix: "another VLAN" },
  ],
  [
    "holds for an unmanaged second subnet",
    "eth1",
    { subnet: { second: { ...second.second, managed: false } }, rack_interface: { eth1: { links: both } } },
    "compliant",
  ],
  [
    "does not apply where the rack serves no DHCP",
    "eth1",
    { subnet: second, vlan_dhcp: { dhcp: { primary: "rack2" } }, rack_interface: { eth1: { links: both } } },
    "not_applicable",
  ],
  [
    "is broken where nobody serves DHCP yet, as RNG-05 is there",
    "eth1",
    { subnet: second, vlan_dhcp: { dhcp: null }, rack_interface: { eth1: { links: UNKNOWN } } },
    { what: "manages 2 IPv6 subnets", fix: "another VLAN" },
  ],
  ["does not apply without a VLAN", "eth1", { rack_interface: { eth1: { vlan: null } } }, "not_applicable"],
  [
    "is not judged before addresses are known, where each subnet may have an interface",
    "eth1",
    {
      subnet: second,
      rack_interface: { eth1: { links: UNKNOWN }, eth2: { rack: "rack1", name: "eth2", vlan: "pxe", links: UNKNOWN } },
    },
    { unknown: "addresses of lab/eth1" },
  ],
]);

describeRuleCases("MAAS6-DUA-05", [
  ["holds for a rack interface with an address on the subnet", "v6", {}, "compliant"],
  ["holds for any IPv6 address of the rack where the VLAN is relayed", "storage", relayed, "compliant"],
  [
    "is broken by a rack interface with IPv4 only",
    "v6",
    { rack_interface: { eth1: { links: [{ subnet: "v4", ip: "10.20.0.5" }] } } },
    {
      what: "no rack interface reaches IPv6 subnet 2001:db8:20::/64 on lab/pxe",
      fix: "2001:db8:20::2/64 on lab/eth1",
    },
  ],
  [
    "is broken without a rack interface",
    "v6",
    { rack_interface: { eth1: null } },
    { what: "no rack interface reaches", fix: "Put a RackInterface on lab/pxe" },
  ],
  ["does not apply without DHCP, which is DUA-02's finding", "storage", storage, "not_applicable"],
  ["does not apply to an unmanaged subnet", "v6", { subnet: { v6: { managed: false } } }, "not_applicable"],
  [
    "is not judged before the rack has reported its addresses",
    "v6",
    { rack_interface: { eth1: { links: UNKNOWN } } },
    { unknown: "addresses of lab/eth1" },
  ],
]);

describeRuleCases("MAAS6-DUA-06", [
  ["holds for one IPv6 subnet", "pxe", {}, "compliant"],
  [
    "is broken by two",
    "pxe",
    { subnet: second },
    { what: "lab/pxe has 2 IPv6 subnets: 2001:db8:20::/64, 2001:db8:21::/64", fix: "VLANs of their own" },
  ],
  ["does not apply without IPv6", "pxe", { subnet: { v6: null } }, "not_applicable"],
  [
    "is not judged on a VLAN that is looked up",
    "pxe",
    { vlan: { pxe: { partial: true } } },
    { unknown: "what other subnets the region has on lab/pxe" },
  ],
]);
