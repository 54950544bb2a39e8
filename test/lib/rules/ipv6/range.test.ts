import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

const pool6 = (startIp: string, endIp: string): Changes => ({ ip_range: { pool6: { startIp, endIp } } });
const pool = (startIp: string, endIp: string): Changes => ({ ip_range: { pool: { startIp, endIp } } });
const hidden: Changes = { ip_range: { pool6: { startIp: UNKNOWN } } };
const noSubnet: Changes = { ip_range: { pool6: { subnet: UNKNOWN } } };

describeRuleCases("MAAS6-RNG-01", [
  ["holds for a range inside the subnet", "pool6", {}, "compliant"],
  [
    "is broken by reversed ends",
    "pool6",
    pool6("2001:db8:20:0:2::ffff", "2001:db8:20:0:2::"),
    {
      what: "lies before the start",
      fix: "Swap them: start_ip 2001:db8:20:0:2::, end_ip 2001:db8:20:0:2::ffff",
    },
  ],
  [
    "is broken by two families",
    "pool6",
    pool6("10.20.0.1", "2001:db8:20:0:2::"),
    { what: "two address families", fix: "one range per family" },
  ],
  [
    "is broken by text that is no address",
    "pool6",
    pool6("2001:db8:20::/80", "2001:db8:20:0:2::"),
    {
      what: "is not an IP address",
      fix: "Write 2001:db8:20::",
    },
  ],
  [
    "is broken by an end after the subnet's last address",
    "pool6",
    pool6("2001:db8:20:0:2::", "2001:db8:20:1::"),
    {
      what: "2001:db8:20:1:: is outside the subnet 2001:db8:20::/64",
      fix: "to 2001:db8:20:0:ffff:ffff:ffff:ffff",
    },
  ],
  ["is not judged while an end is unknown", "pool6", hidden, { unknown: "ends of lab/pool6" }],
  ["is not judged while the subnet is unknown", "pool6", noSubnet, { unknown: "subnet of lab/pool6" }],
]);

describeRuleCases("MAAS6-RNG-02", [
  ["holds from the first to the last but one address of IPv4", "pool", pool("10.20.0.1", "10.20.0.254"), "compliant"],
  [
    "is broken by the broadcast address",
    "pool",
    pool("10.20.0.1", "10.20.0.255"),
    { what: "broadcast address", fix: "End at 10.20.0.254" },
  ],
  [
    "is broken by the network address",
    "pool",
    pool("10.20.0.0", "10.20.0.9"),
    { what: "network address", fix: "Start at 10.20.0.1 or later" },
  ],
  [
    "is broken by the network address of IPv6",
    "pool6",
    pool6("2001:db8:20::", "2001:db8:20::ffff"),
    {
      what: "network address",
      fix: "Start at 2001:db8:20::1:0:0 or later",
    },
  ],
  [
    "holds for the last address of an IPv6 subnet",
    "pool6",
    pool6("2001:db8:20:0:2::", "2001:db8:20:0:ffff:ffff:ffff:ffff"),
    "compliant",
  ],
  ["is not judged while an end is unknown", "pool6", hidden, { unknown: "ends of lab/pool6" }],
]);

describeRuleCases("MAAS6-RNG-03", [
  ["holds for 256 addresses", "pool6", pool6("2001:db8:20:0:2::", "2001:db8:20:0:2::ff"), "compliant"],
  [
    "is broken by 255 addresses",
    "pool6",
    pool6("2001:db8:20:0:2::", "2001:db8:20:0:2::fe"),
    {
      what: "holds 255 addresses",
      fix: "End it at 2001:db8:20:0:2::ff or later",
    },
  ],
  ["does not apply to IPv4", "pool", pool("10.20.0.10", "10.20.0.10"), "not_applicable"],
  [
    "does not apply to a reserved range",
    "pool6",
    { ip_range: { pool6: { type: "reserved", endIp: "2001:db8:20:0:2::1" } } },
    "not_applicable",
  ],
  ["is not judged while an end is unknown", "pool6", hidden, { unknown: "ends of lab/pool6" }],
]);

const unmanaged: Changes = { subnet: { v6: { managed: false } } };

describeRuleCases("MAAS6-RNG-04", [
  ["holds for ranges that touch", "pool6", pool6("2001:db8:20:0:2::", "2001:db8:20:0:2::ffff"), "compliant"],
  [
    "is broken by one shared address",
    "pool6",
    pool6("2001:db8:20:0:1:ffff:ffff:ffff", "2001:db8:20:0:2::ffff"),
    {
      what: "overlaps the static range 2001:db8:20:0:1::-2001:db8:20:0:1:ffff:ffff:ffff of lab/nodes",
      fix: "Start lab/pool6 at 2001:db8:20:0:2::, or end lab/nodes at 2001:db8:20:0:1:ffff:ffff:fffe",
    },
  ],
  [
    "is broken by a range inside another",
    "pool6",
    pool6("2001:db8:20:0:1::100", "2001:db8:20:0:1::fff"),
    {
      what: "overlaps the static range",
      fix: "take 2001:db8:20:0:1::100-2001:db8:20:0:1::fff out of lab/nodes",
    },
  ],
  [
    "is broken by the gateway inside a dynamic range",
    "pool",
    pool("10.20.0.1", "10.20.0.1"),
    {
      what: "holds 10.20.0.1, the gateway",
      fix: "Leave 10.20.0.1 out",
    },
  ],
  [
    "is broken by a DNS server inside a dynamic range",
    "pool",
    pool("10.20.0.2", "10.20.0.50"),
    {
      what: "holds 10.20.0.2, a DNS server",
      fix: "Start the range at 10.20.0.3 or later",
    },
  ],
  [
    "is broken by a route's gateway inside a dynamic range",
    "pool",
    { taken_address: { route: { subnet: "v4", address: "10.20.0.199", use: "the gateway of lab/route" } } },
    {
      what: "holds 10.20.0.199, the gateway of lab/route",
      fix: "End the range at 10.20.0.198",
    },
  ],
  [
    "holds for the gateway inside a reserved range",
    "pool",
    { ip_range: { pool: { type: "reserved", startIp: "10.20.0.1" } } },
    "compliant",
  ],
  [
    "lets a dynamic range lie in a reserved one where the subnet is unmanaged",
    "pool6",
    { ...unmanaged, ...pool6("2001:db8:20:0:1::", "2001:db8:20:0:1::ffff") },
    "compliant",
  ],
  ["is not judged while a neighbour's ends are unknown", "nodes", hidden, { unknown: "ends of lab/pool6" }],
  [
    "is not judged where the region may have other ranges",
    "nodes",
    { subnet: { v6: { partial: true } } },
    {
      unknown: "what other ranges the region has on lab/v6",
    },
  ],
]);

describeRuleCases("MAAS6-RNG-05", [
  ["holds with a static range", "v6", {}, "compliant"],
  [
    "is broken without one, and proposes a free one",
    "v6",
    { ip_range: { nodes: null } },
    {
      what: "IPv6 subnet 2001:db8:20::/64 has no static range",
      fix: 'startIp "2001:db8:20:0:1::" and endIp "2001:db8:20:0:1:ffff:ffff:ffff"',
    },
  ],
  [
    "proposes another range where that one is taken",
    "v6",
    { ip_range: { nodes: null, ...pool6("2001:db8:20:0:1::", "2001:db8:20:0:1::ffff").ip_range } },
    {
      what: "no static range",
      fix: 'startIp "2001:db8:20:0:1:0:1:0"',
    },
  ],
  ["holds for reserved ranges that leave room", "v6", { ip_range: { nodes: { type: "reserved" } } }, "compliant"],
  [
    "is broken by reserved ranges that leave none",
    "v6",
    {
      ip_range: {
        pool6: null,
        nodes: { type: "reserved", startIp: "2001:db8:20::1:0:0", endIp: "2001:db8:20:0:ffff:ffff:ffff:ffff" },
      },
    },
    {
      what: "no static range",
      fix: "Shorten the other ranges",
    },
  ],
  [
    "does not apply where another rack serves DHCP, as DUA-04 does not",
    "v6",
    { ip_range: { nodes: null }, vlan_dhcp: { dhcp: { primary: "rack2" } } },
    "not_applicable",
  ],
  ["does not apply where no rack interface is", "v6", { rack_interface: { eth1: null } }, "not_applicable"],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "is not judged where the region may have ranges",
    "v6",
    { ip_range: { nodes: null }, subnet: { v6: { partial: true } } },
    {
      unknown: "what other ranges the region has on lab/v6",
    },
  ],
]);

describeRuleCases("MAAS6-RNG-06", [
  ["holds for a managed subnet", "v4", {}, "not_applicable"],
  ["holds where a static range says what may be assigned", "v6", unmanaged, "compliant"],
  [
    "is broken by an unmanaged subnet with reserved ranges",
    "v6",
    { ...unmanaged, ip_range: { nodes: { type: "reserved" } } },
    {
      what: "assigns addresses from its reserved ranges only, such as 2001:db8:20:0:1::-2001:db8:20:0:1:ffff:ffff:ffff",
      fix: "Set managed to true",
    },
  ],
  [
    "is broken by an unmanaged subnet without ranges",
    "v6",
    { ...unmanaged, ip_range: { nodes: null, pool6: null } },
    {
      what: "assigns none of its addresses",
      fix: "Set managed to true",
    },
  ],
  [
    "is not judged while managed is unknown",
    "v6",
    { subnet: { v6: { managed: UNKNOWN } } },
    { unknown: "managed of lab/v6" },
  ],
]);

describeRuleCases("MAAS6-RNG-07", [
  [
    "informs about an IPv6 dynamic range",
    "pool6",
    {},
    { what: "2001:db8:20:0:2::-2001:db8:20:0:2::ffff", fix: "Nothing to do" },
  ],
  ["does not apply to IPv4", "pool", {}, "not_applicable"],
  ["does not apply to a static range", "nodes", {}, "not_applicable"],
  [
    "is not judged while the family is unknown",
    "pool6",
    { ...hidden, subnet: { v6: { cidr: UNKNOWN, stated: undefined } } },
    { unknown: "cidr of lab/v6" },
  ],
]);

describeRuleCases("MAAS6-RNG-08", [
  ["holds from ::1:0:0 on", "pool6", pool6("2001:db8:20::1:0:0", "2001:db8:20::1:0:ffff"), "compliant"],
  [
    "is broken by ::ffff:ffff",
    "pool6",
    pool6("2001:db8:20::ffff:ffff", "2001:db8:20::1:0:ffff"),
    {
      what: "touches the addresses that MAAS keeps",
      fix: "Start at 2001:db8:20::1:0:0 or later",
    },
  ],
  [
    "does not apply to a /63",
    "pool6",
    { subnet: { v6: { cidr: "2001:db8:20::/63" } }, ...pool6("2001:db8:20::1", "2001:db8:20::ffff") },
    "not_applicable",
  ],
  ["does not apply to IPv4", "pool", {}, "not_applicable"],
  ["is not judged while an end is unknown", "pool6", hidden, { unknown: "ends of lab/pool6" }],
]);

describeRuleCases("MAAS6-RNG-09", [
  [
    "holds inside a reserved range",
    "pool6",
    { ...unmanaged, ...pool6("2001:db8:20:0:1::", "2001:db8:20:0:1:ffff:ffff:ffff") },
    "compliant",
  ],
  [
    "holds inside two reserved ranges that touch",
    "pool6",
    {
      ...unmanaged,
      ip_range: {
        pool6: { startIp: "2001:db8:20:0:1:ffff:ffff:ff00", endIp: "2001:db8:20:0:2::ff" },
        more: { subnet: "v6", type: "reserved", startIp: "2001:db8:20:0:2::", endIp: "2001:db8:20:0:2::ff" },
      },
    },
    "compliant",
  ],
  [
    "is broken by one address outside",
    "pool6",
    { ...unmanaged, ...pool6("2001:db8:20:0:1:ffff:ffff:ff00", "2001:db8:20:0:2::") },
    {
      what: "is not reserved, and lab/v6 is unmanaged",
      fix: "Add a ReservedRange from 2001:db8:20:0:2:: to 2001:db8:20:0:2::.",
    },
  ],
  ["does not apply to a managed subnet", "pool6", {}, "not_applicable"],
  [
    "is not judged while managed is unknown",
    "pool6",
    { subnet: { v6: { managed: UNKNOWN } } },
    { unknown: "managed of lab/v6" },
  ],
]);
