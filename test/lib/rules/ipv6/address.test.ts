import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

const v6 = (facts: NonNullable<NonNullable<Changes["subnet"]>[string]>): Changes => ({ subnet: { v6: facts } });

const second = (cidr: string): Changes => ({
  subnet: { other: { vlan: "pxe", cidr, gatewayIp: null, dnsServers: [], managed: true } },
});

const inside = { what: "lies inside 2001:db8:20::/64 of lab/v6", fix: "a CIDR outside 2001:db8:20::/64" };

describeRuleCases("MAAS6-NET-01", [
  ["holds for subnets that touch", "other", second("2001:db8:20:1::/64"), "compliant"],
  [
    "is broken by one CIDR twice, in two spellings",
    "v6",
    second("2001:DB8:20:0::/64"),
    {
      what: "declared twice, here and at lab/other",
      fix: "one subnet 2001:db8:20::/64",
    },
  ],
  [
    "is enforced from MAAS 3.7 for overlaps",
    "other",
    second("2001:db8:20:0:8000::/65"),
    inside,
    { maasVersion: "3.7.0" },
  ],
  [
    "can be suppressed where the version is not known",
    "other",
    second("2001:db8:20:0:8000::/65"),
    { ...inside, kind: "silent" },
  ],
  [
    "is a warning up to MAAS 3.6, which accepts overlaps",
    "other",
    second("2001:db8:20:0:8000::/65"),
    { ...inside, kind: "silent", level: "warning" },
    { maasVersion: "3.6.5" },
  ],
  ["names the subnet inside, not the one around it", "v6", second("2001:db8:20:0:8000::/65"), "compliant"],
  ["is not judged without a CIDR", "v6", v6({ cidr: UNKNOWN }), { unknown: "cidr of lab/v6" }],
]);

describeRuleCases("MAAS6-NET-02", [
  ["holds for an address of the subnet", "v6", {}, "compliant"],
  [
    "holds for the last address of the subnet",
    "v6",
    v6({ gatewayIp: "2001:db8:20:0:ffff:ffff:ffff:ffff" }),
    "compliant",
  ],
  ["holds for a link-local gateway of an IPv6 subnet", "v6", v6({ gatewayIp: "fe80::1" }), "compliant"],
  [
    "is broken by the address after the last",
    "v6",
    v6({ gatewayIp: "2001:db8:20:1::" }),
    {
      what: "the gateway 2001:db8:20:1:: is outside 2001:db8:20::/64",
      fix: "such as 2001:db8:20::1",
    },
  ],
  [
    "is broken by a link-local gateway of an IPv4 subnet",
    "v4",
    { subnet: { v4: { gatewayIp: "fe80::1" } } },
    {
      what: "the gateway fe80::1 is outside 10.20.0.0/24",
      fix: "such as 10.20.0.1",
    },
  ],
  [
    "is broken by text that is no address",
    "v6",
    v6({ gatewayIp: "fe80::1%eth0" }),
    {
      what: '"fe80::1%eth0" is not an IP address',
      fix: "Write fe80::1",
    },
  ],
  ["does not apply without a gateway", "v6", v6({ gatewayIp: null }), "not_applicable"],
  ["is not judged while the gateway is unknown", "v6", v6({ gatewayIp: UNKNOWN }), { unknown: "gateway_ip of lab/v6" }],
  ["is not judged while the CIDR is unknown", "v6", v6({ cidr: UNKNOWN }), { unknown: "cidr of lab/v6" }],
]);

describeRuleCases("MAAS6-NET-03", [
  ["holds for a server of the family", "v6", {}, "compliant"],
  [
    "is broken by an IPv4 server on an IPv6 subnet",
    "v6",
    v6({ dnsServers: ["2001:db8:20::2", "10.20.0.2"] }),
    {
      what: "the DNS server 10.20.0.2 is not an IPv6 address",
      fix: "set the server on the IPv4 subnet",
    },
  ],
  [
    "is broken whatever else is unknown",
    "v6",
    v6({ dnsServers: [UNKNOWN, "10.20.0.2"] }),
    {
      what: "10.20.0.2",
      fix: "IPv6 address",
    },
  ],
  ["does not apply without servers", "v6", v6({ dnsServers: [] }), "not_applicable"],
  [
    "is not judged while one server is unknown",
    "v6",
    v6({ dnsServers: ["2001:db8:20::2", UNKNOWN] }),
    {
      unknown: "dns_servers of lab/v6",
    },
  ],
]);

describeRuleCases("MAAS6-NET-04", [
  ["holds for a network", "v6", {}, "compliant"],
  ["holds for a prefix length of 1", "v4", { subnet: { v4: { cidr: "128.0.0.0/1" } } }, "compliant"],
  [
    "is broken by a prefix length of 0",
    "v6",
    v6({ cidr: "::/0" }),
    { what: "covers the whole", fix: "prefix length of 0" },
  ],
  [
    "is broken by host bits",
    "v6",
    v6({ cidr: "2001:db8:20::1/64" }),
    {
      what: '"2001:db8:20::1/64" has host bits',
      fix: "Write 2001:db8:20::/64",
    },
  ],
  [
    "is broken by a netmask, and shows the length",
    "v6",
    v6({ cidr: "2001:db8:20::/ffff:ffff:ffff:ffff::" }),
    {
      what: "is not a network",
      fix: "write 2001:db8:20::/64",
    },
  ],
  [
    "is broken by the other family",
    "v6",
    v6({ cidr: "10.30.0.0/24" }),
    {
      what: "10.30.0.0/24 is an IPv4 network, in the place of an IPv6 subnet",
      fix: "an IPv4 subnet",
    },
  ],
  ["is not judged while the CIDR is unknown", "v6", v6({ cidr: UNKNOWN }), { unknown: "cidr of lab/v6" }],
]);

describeRuleCases("MAAS6-NET-05", [
  ["holds for a /64", "v6", {}, "compliant"],
  [
    "is broken by a /65, and names the /64",
    "v6",
    v6({ cidr: "2001:db8:20::/65" }),
    {
      what: "prefix length of 65",
      fix: "2001:db8:20::/64",
    },
  ],
  ["is broken by a /63", "v6", v6({ cidr: "2001:db8:20::/63" }), { what: "prefix length of 63", fix: "a /64" }],
  ["is broken by a /126", "v6", v6({ cidr: "2001:db8:20::/126" }), { what: "prefix length of 126", fix: "a /64" }],
  [
    "does not apply to a /127, which has no room for machines",
    "v6",
    v6({ cidr: "2001:db8:20::/127" }),
    "not_applicable",
  ],
  ["does not apply to IPv4", "v4", {}, "not_applicable"],
  [
    "does not apply to an aggregate that no machine is on",
    "other",
    {
      vlan: { spare: { fabric: "lab", vid: 9 } },
      subnet: { other: { vlan: "spare", cidr: "fd00:9::/48", gatewayIp: null, dnsServers: [], managed: true } },
    },
    "not_applicable",
  ],
  ["is not judged while the CIDR is unknown", "v6", v6({ cidr: UNKNOWN }), { unknown: "cidr of lab/v6" }],
]);

const realRegion: Changes = {
  url: { api: { url: "https://maas.corp.internal/MAAS" } },
  rack_controller: { rack1: { regionUrl: null } },
};

describeRuleCases("MAAS6-NET-06", [
  ["holds for a private prefix", "v6", v6({ cidr: "fd5a:7c01:9b3e:20::/64" }), "compliant"],
  ["holds for a documentation prefix in a region that is an example", "v6", {}, "compliant"],
  [
    "holds for a documentation prefix in a region on loopback",
    "v6",
    { ...realRegion, url: { api: { url: "http://[::1]:5240/MAAS" } } },
    "compliant",
  ],
  [
    "warns of a documentation prefix in any other region",
    "v6",
    realRegion,
    {
      what: "is in 2001:db8::/32, which is for documentation",
      fix: "fd00::/8",
      level: "warning",
    },
  ],
  [
    "warns of the newer documentation prefix",
    "v6",
    { ...realRegion, ...v6({ cidr: "3fff:fff:ffff:ffff::/64" }) },
    {
      what: "3fff::/20",
      fix: "fd00::/8",
      level: "warning",
    },
  ],
  [
    "holds for the network after the documentation prefix",
    "v6",
    { ...realRegion, ...v6({ cidr: "2001:db9::/64" }) },
    "compliant",
  ],
  ...(
    [
      ["multicast", "ff02::/64", "is in ff00::/8"],
      ["the end of link-local", "febf:ffff:ffff:ffff::/64", "is in fe80::/10"],
      ["IPv4-mapped addresses", "::ffff:10.0.0.0/104", "is in ::ffff:0.0.0.0/96"],
      ["the unspecified address", "::/64", "covers ::/128"],
    ] as const
  ).map(([name, cidr, what]) => [`is broken by ${name}`, "v6", v6({ cidr }), { what, fix: "fd00::/8" }] as const),
  [
    "is broken by IPv4 loopback",
    "v4",
    { subnet: { v4: { cidr: "127.1.0.0/16" } } },
    { what: "127.0.0.0/8", fix: "10.20.0.0/24" },
  ],
  [
    "is not judged while the region's URL is unknown",
    "v6",
    { ...realRegion, url: { api: { url: UNKNOWN } } },
    {
      unknown: "apiUrl of lab/api",
    },
  ],
  ["is not judged while the CIDR is unknown", "v6", v6({ cidr: UNKNOWN }), { unknown: "cidr of lab/v6" }],
]);

describeRuleCases("MAAS6-NET-07", [
  ["holds at 1500 octets", "v6", {}, "compliant"],
  ["holds at 1280 octets", "v6", { vlan: { pxe: { mtu: 1280 } } }, "compliant"],
  [
    "is broken by 1279 octets",
    "v6",
    { vlan: { pxe: { mtu: 1279 } } },
    { what: "IPv6 subnet 2001:db8:20::/64 is on lab/pxe, whose MTU is 1279", fix: "Set mtu of lab/pxe to 1280" },
  ],
  ["does not apply to IPv4", "v4", { vlan: { pxe: { mtu: 600 } } }, "not_applicable"],
  ["is not judged while the MTU is unknown", "v6", { vlan: { pxe: { mtu: UNKNOWN } } }, { unknown: "mtu of lab/pxe" }],
]);
