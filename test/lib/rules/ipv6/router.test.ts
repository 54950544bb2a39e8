import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

const ra = (facts: NonNullable<NonNullable<Changes["router_advertisement"]>[string]> | null): Changes => ({
  router_advertisement: { ra: facts },
});

describeRuleCases("MAAS6-RTR-01", [
  ["holds with a named sender", "v6", {}, "compliant"],
  [
    "is broken without one",
    "v6",
    ra(null),
    { what: "nobody is named who sends router advertisements", fix: "the router 2001:db8:20::1" },
  ],
  [
    "does not ask for the flag while MAAS serves no DHCP",
    "v6",
    { ...ra(null), vlan_dhcp: { dhcp: null } },
    { what: "nobody is named", fix: "for radvd; with the flag for addresses by DHCP once MAAS serves DHCP on it." },
  ],
  ["does not apply without a dynamic range", "v6", { ...ra(null), ip_range: { pool6: null } }, "not_applicable"],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "is not judged on a live region, which models none",
    "v6",
    ra(null),
    { unknown: "router advertisements, which MAAS does not model" },
    { hasAdvertisements: false },
  ],
]);

describeRuleCases("MAAS6-RTR-02", [
  ["holds with a gateway", "v6", {}, "compliant"],
  [
    "is broken without one",
    "v6",
    { subnet: { v6: { gatewayIp: null } } },
    { what: "has no gateway", fix: "such as 2001:db8:20::1" },
  ],
  [
    "does not apply to a subnet that no machine is put on",
    "spare",
    {
      vlan: { vlan20: { fabric: "lab", vid: 20 } },
      subnet: {
        spare: { vlan: "vlan20", cidr: "2001:db8:20:20::/64", gatewayIp: null, dnsServers: [], managed: true },
      },
    },
    "not_applicable",
  ],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "is not judged while the gateway is unknown",
    "v6",
    { subnet: { v6: { gatewayIp: UNKNOWN } } },
    { unknown: "gateway_ip of lab/v6" },
  ],
]);

const noPool: Changes["ip_range"] = { pool6: null };

describeRuleCases("MAAS6-RTR-03", [
  ["holds for M and O with DHCPv6", "ra", {}, "compliant"],
  ["holds for all three mechanisms on one subnet", "ra", ra({ autonomous: true }), "compliant"],
  [
    "is broken by M without a dynamic range",
    "ra",
    { ip_range: noPool },
    { what: "has no dynamic range", fix: "Add a DynamicRange from " },
  ],
  [
    "is broken by A on a /63",
    "ra",
    { ...ra({ autonomous: true }), subnet: { v6: { cidr: "2001:db8:20::/63" } } },
    { what: "is no /64", fix: "such as 2001:db8:20::/64" },
  ],
  [
    "is broken by O where DHCP is off",
    "ra",
    { ...ra({ managedAddress: false }), vlan_dhcp: { dhcp: { on: false } } },
    { what: "ask a DHCPv6 server (O)", fix: "Add a VlanDhcp to lab/pxe" },
  ],
  [
    "is broken by O on an unmanaged subnet",
    "ra",
    { ...ra({ managedAddress: false }), subnet: { v6: { managed: false } } },
    { what: "MAAS serves none", fix: "keep the subnet managed" },
  ],
  ["does not apply without flags", "ra", ra({ managedAddress: false, otherConfig: false }), "not_applicable"],
  ["is not judged while a flag is unknown", "ra", ra({ managedAddress: UNKNOWN }), { unknown: "the M flag of lab/ra" }],
  ["is not judged while the subnet is unknown", "ra", ra({ subnet: UNKNOWN }), { unknown: "subnet of lab/ra" }],
]);

describeRuleCases("MAAS6-RTR-04", [
  ["holds with M", "ra", {}, "compliant"],
  [
    "is broken without M",
    "ra",
    ra({ managedAddress: false }),
    { what: "don't tell hosts to ask", fix: "Set the flag M at lab/ra" },
  ],
  [
    "holds where another sender sets M",
    "ra",
    {
      router_advertisement: {
        ra: { managedAddress: false },
        rb: { subnet: "v6", autonomous: false, otherConfig: false, managedAddress: true },
      },
    },
    "compliant",
  ],
  ["does not apply without a dynamic range", "ra", { ip_range: noPool }, "not_applicable"],
  [
    "is not judged while the flag is unknown",
    "ra",
    ra({ managedAddress: UNKNOWN }),
    { unknown: "the M flag of lab/ra" },
  ],
]);

const nic = (facts: NonNullable<NonNullable<Changes["machine_interface"]>[string]>): Changes => ({
  machine_interface: { nic: facts },
});

describeRuleCases("MAAS6-RTR-05", [
  ["does not apply where the operating system decides", "nic", {}, "not_applicable"],
  ["does not apply where advertisements are ignored", "nic", nic({ acceptRa: false }), "not_applicable"],
  [
    "is broken by an address that MAAS assigns",
    "nic",
    nic({ acceptRa: true }),
    { what: "eno1 of node1 accepts router advertisements", fix: "Set accept_ra to false" },
  ],
  [
    "is broken by a static address",
    "nic",
    nic({ acceptRa: true, links: [{ subnet: "v6", ip: "2001:db8:20:0:1::7", mode: "static" }] }),
    { what: "2001:db8:20::/64", fix: "Set accept_ra to false" },
  ],
  [
    "does not apply to an interface that asks DHCP, or has IPv4 alone",
    "nic",
    nic({
      acceptRa: true,
      links: [
        { subnet: "v6", mode: "dhcp" },
        { subnet: "v4", mode: "auto" },
      ],
    }),
    "not_applicable",
  ],
  [
    "is not judged while the setting is unknown",
    "nic",
    nic({ acceptRa: UNKNOWN }),
    { unknown: "accept_ra of lab/nic" },
  ],
  [
    "is not judged while the links are unknown",
    "nic",
    nic({ acceptRa: true, links: UNKNOWN }),
    { unknown: "links of lab/nic" },
  ],
]);
