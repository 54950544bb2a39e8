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
