import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

const dhcp = (facts: NonNullable<NonNullable<Changes["vlan_dhcp"]>[string]>): Changes => ({
  vlan_dhcp: { dhcp: facts },
});
const off = dhcp({ on: false, primary: null });
const rack2: Changes["rack_controller"] = { rack2: { hostname: "rack2", regionUrl: null } };
const relayed: Changes = {
  vlan: { far: { fabric: "lab", vid: 7 } },
  vlan_dhcp: { relay: { vlan: "far", on: false, primary: null, secondary: null, relayTo: "pxe" } },
};

describeRuleCases("MAAS6-DHC-01", [
  ["holds with a primary rack", "dhcp", {}, "compliant"],
  [
    "is broken without one, and names a rack interface that is there",
    "dhcp",
    dhcp({ primary: null }),
    { what: "without a primary rack", fix: "Give lab/eth1 as primary" },
  ],
  ["does not apply while DHCP is off", "dhcp", off, "not_applicable"],
  [
    "is not judged while the rack is unknown",
    "dhcp",
    dhcp({ primary: UNKNOWN }),
    { unknown: "primary_rack of lab/dhcp" },
  ],
]);

describeRuleCases("MAAS6-DHC-02", [
  ["holds with a dynamic range of either family", "dhcp", { ip_range: { pool: null } }, "compliant"],
  [
    "is broken without any, and proposes one",
    "dhcp",
    { ip_range: { pool: null, pool6: null } },
    { what: "no dynamic range", fix: 'startIp "10.20.0.155", endIp "10.20.0.254"' },
  ],
  ["does not apply while DHCP is off", "dhcp", off, "not_applicable"],
  [
    "is not judged where the region may have subnets",
    "dhcp",
    { ip_range: { pool: null, pool6: null }, vlan: { pxe: { partial: true } } },
    {
      unknown: "what other subnets the region has on lab/pxe",
    },
  ],
]);

describeRuleCases("MAAS6-DHC-03", [
  ["holds for DHCP of its own", "dhcp", {}, "compliant"],
  ["holds for a relay", "relay", relayed, "compliant"],
  [
    "is broken by both",
    "dhcp",
    dhcp({ relayTo: "other" }),
    { what: "DHCP on and is relayed", fix: "Leave out relay_vlan" },
  ],
  [
    "is not judged while the relay is unknown",
    "dhcp",
    dhcp({ relayTo: UNKNOWN }),
    { unknown: "relay_vlan of lab/dhcp" },
  ],
]);

describeRuleCases("MAAS6-DHC-04", [
  ["holds for a rack with an interface on the VLAN", "dhcp", {}, "compliant"],
  [
    "is broken by a rack on a VLAN with the same VID in another fabric",
    "dhcp",
    { vlan: { twin: { fabric: "other", vid: 0 } }, rack_interface: { eth1: { vlan: "twin" } } },
    {
      what: "rack1 has no interface on lab/pxe; it has eth1 on lab/twin",
      fix: "new RackInterface",
    },
  ],
  [
    "is broken by a secondary that is elsewhere",
    "dhcp",
    { ...dhcp({ secondary: "rack2" }), rack_controller: rack2 },
    { what: "rack2 has no interface on lab/pxe", fix: "new RackInterface" },
  ],
  ["does not apply while DHCP is off", "dhcp", off, "not_applicable"],
  [
    "is not judged where the region may have rack interfaces",
    "dhcp",
    { vlan: { pxe: { partial: true } }, rack_interface: { eth1: null } },
    {
      unknown: "what other rack interfaces the region has on lab/pxe",
    },
  ],
  [
    "is not judged while an interface's VLAN is unknown",
    "dhcp",
    { rack_interface: { eth1: { vlan: UNKNOWN } } },
    { unknown: "VLAN of lab/eth1" },
  ],
]);

const links = (...mode: ("static" | "dhcp")[]): Changes["rack_interface"] => ({
  eth1: { links: mode.map((each) => ({ subnet: "v6", ip: "2001:db8:20::5", mode: each })) },
});
const two = {
  ...dhcp({ secondary: "rack2" }),
  rack_controller: rack2,
};
const eth2 = {
  rack: "rack2",
  name: "eth2",
  vlan: "pxe",
  links: [{ subnet: "v6", ip: "2001:db8:20::6", mode: "static" }],
} as const;

describeRuleCases("MAAS6-DHC-05", [
  ["holds for a rack with an IPv6 address", "dhcp", {}, "compliant"],
  ["holds for one rack whose address came by DHCP", "dhcp", { rack_interface: links("dhcp") }, "compliant"],
  [
    "is broken by a rack with IPv4 only",
    "dhcp",
    { rack_interface: { eth1: { links: [{ subnet: "v4", ip: "10.20.0.5" }] } } },
    {
      what: "rack1 has no IPv6 address on lab/pxe (eth1)",
      fix: "such as 2001:db8:20::2/64 on eth1 of rack1",
    },
  ],
  ["holds for two racks with configured addresses", "dhcp", { ...two, rack_interface: { eth2 } }, "compliant"],
  [
    "is broken by two racks, one with an address from DHCP",
    "dhcp",
    { ...two, rack_interface: { eth2, ...links("dhcp") } },
    {
      what: "rack1 has no configured IPv6 address",
      fix: "on eth1 of rack1",
    },
  ],
  ["does not apply without an IPv6 dynamic range", "dhcp", { ip_range: { pool6: null } }, "not_applicable"],
  ["leaves a rack without an interface to DHC-04", "dhcp", { rack_interface: { eth1: null } }, "not_applicable"],
  [
    "is not judged before the rack has reported its addresses",
    "dhcp",
    { rack_interface: { eth1: { links: UNKNOWN } } },
    { unknown: "addresses of lab/eth1" },
  ],
]);

describeRuleCases("MAAS6-DHC-06", [
  ["holds for two racks", "dhcp", two, "compliant"],
  [
    "is broken by one rack twice",
    "dhcp",
    dhcp({ secondary: "rack1" }),
    { what: "rack1 is both", fix: "another rack as secondary" },
  ],
  ["does not apply without a secondary", "dhcp", {}, "not_applicable"],
  [
    "is not judged while the secondary is unknown",
    "dhcp",
    dhcp({ secondary: UNKNOWN }),
    { unknown: "secondary_rack of lab/dhcp" },
  ],
]);

describeRuleCases("MAAS6-DHC-07", [
  ["holds for a relay to a served VLAN", "relay", relayed, "compliant"],
  [
    "is broken by a relay to a VLAN without DHCP",
    "relay",
    { ...relayed, vlan_dhcp: { ...relayed.vlan_dhcp, dhcp: null } },
    { what: "relays to lab/pxe, where DHCP is not on", fix: "Add a VlanDhcp" },
  ],
  [
    "is broken by a relay to a relay",
    "relay",
    { ...relayed, vlan_dhcp: { ...relayed.vlan_dhcp, dhcp: { on: false, primary: null, relayTo: "far" } } },
    { what: "where DHCP is not on", fix: "a primary rack to lab/pxe" },
  ],
  ["does not apply to DHCP of its own", "dhcp", {}, "not_applicable"],
  [
    "is not judged for a VLAN that is looked up",
    "relay",
    { ...relayed, vlan: { ...relayed.vlan, pxe: { partial: true } }, vlan_dhcp: { ...relayed.vlan_dhcp, dhcp: null } },
    {
      unknown: "what other DHCP settings the region has on lab/pxe",
    },
  ],
]);

const relayedOnly: Changes = {
  vlan: { vlan20: { fabric: "lab", vid: 20 } },
  subnet: { branch: { vlan: "vlan20", cidr: "10.9.0.0/24", gatewayIp: "10.9.0.1", dnsServers: [], managed: true } },
  vlan_dhcp: { branch: { vlan: "vlan20", on: false, primary: null, secondary: null, relayTo: "pxe" } },
};
const branchPool = { subnet: "branch", type: "dynamic", startIp: "10.9.0.100", endIp: "10.9.0.199" } as const;

describeRuleCases("MAAS6-DHC-08", [
  [
    "holds for a relayed VLAN with a dynamic range",
    "branch",
    { ...relayedOnly, ip_range: { branchPool } },
    "compliant",
  ],
  [
    "is broken by a relayed VLAN without IPv6 and without a dynamic range",
    "branch",
    relayedOnly,
    { what: "lab/vlan20 is relayed, and no managed subnet of it has a dynamic range", fix: 'startIp "10.9.0.155"' },
  ],
  [
    "is broken by a dynamic range on a subnet that MAAS does not manage",
    "branch",
    {
      ...relayedOnly,
      ip_range: { branchPool },
      subnet: { branch: { ...relayedOnly.subnet?.branch, managed: false } },
    },
    { what: "no managed subnet of it", fix: "Add an Ipv4Subnet such as 10.20.1.0/24 to lab/vlan20" },
  ],
  ["does not apply to DHCP that is on", "dhcp", {}, "not_applicable"],
  [
    "is not judged on a VLAN that is looked up",
    "branch",
    { ...relayedOnly, vlan: { vlan20: { fabric: "lab", vid: 20, partial: true } } },
    { unknown: "what other subnets the region has on lab/vlan20" },
  ],
]);

describeRuleCases("MAAS6-DHC-07", [
  [
    "is broken by a relay to the VLAN itself, and names one with DHCP",
    "branch",
    { ...relayedOnly, vlan_dhcp: { branch: { ...relayedOnly.vlan_dhcp?.branch, relayTo: "vlan20" } } },
    { what: "lab/branch relays to the VLAN itself", fix: "Relay to lab/pxe" },
  ],
  [
    "names the VLAN that a relayed one is relayed to",
    "far",
    {
      ...relayedOnly,
      vlan: { ...relayedOnly.vlan, vlan30: { fabric: "lab", vid: 30 } },
      vlan_dhcp: {
        ...relayedOnly.vlan_dhcp,
        far: { vlan: "vlan30", on: false, primary: null, secondary: null, relayTo: "vlan20" },
      },
    },
    { what: "lab/far relays to lab/vlan20, where DHCP is not on: it is relayed itself", fix: "Relay to lab/pxe" },
  ],
]);
