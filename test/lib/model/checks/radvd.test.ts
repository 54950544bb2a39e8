import { checkRadvdInterface } from "../../../../lib/model/checks/radvd";
import {
  RADVD_DEFAULTS,
  RADVD_PREFIX_DEFAULTS,
  type RadvdInterface,
  type RadvdPrefix,
} from "../../../../lib/model/radvd";
import { sentence } from "../../../../lib/model/problem";

const PREFIX: RadvdPrefix = { prefix: "2001:db8:20::/64", autonomous: false, ...RADVD_PREFIX_DEFAULTS };

/** An interface with one prefix. */
type Lab = Omit<RadvdInterface, "prefixes"> & RadvdPrefix;

const LAB: Lab = {
  interfaceName: "eth1",
  otherConfig: false,
  managedAddress: false,
  ...RADVD_DEFAULTS,
  dnsServers: [],
  dnsSearch: [],
  ...PREFIX,
};

const check = ({ prefix, autonomous, validLifetime, preferredLifetime, ...rest }: Lab) =>
  checkRadvdInterface({ ...rest, prefixes: [{ prefix, autonomous, validLifetime, preferredLifetime }] });

test.each<[string, Partial<Lab>]>([
  ["nothing but the defaults", {}],
  ["all three flags at once", { autonomous: true, otherConfig: true, managedAddress: true }],
  ["a router that leads nowhere", { routerLifetime: 0 }],
  ["a prefix that is valid for ever", { validLifetime: 0xffffffff, preferredLifetime: 0xffffffff }],
  ["a prefix that is withdrawn", { validLifetime: 0, preferredLifetime: 0 }],
  ["an interface of a VLAN", { interfaceName: "enp5s0.20" }],
  ["the smallest MTU of IPv6", { mtu: 1280 }],
  ["a router that others are preferred to", { preference: "low" }],
  ["DNS servers and domains for ever", { dnsServersLifetime: 0xffffffff, dnsSearchLifetime: 0xffffffff }],
  ["DNS servers and domains that are withdrawn", { dnsServersLifetime: 0, dnsSearchLifetime: 0 }],
  ["DNS servers for three intervals of a router that lives shortly", { routerLifetime: 30, dnsServersLifetime: 30 }],
  ["more DNS servers than radvd takes at once", { dnsServers: [1, 2, 3, 4].map((n) => `2001:db8::${n}`) }],
])("%s is fine", (_, given) => {
  expect(check({ ...LAB, ...given })).toEqual([]);
});

test.each<[string, Partial<Lab>, string, RegExp]>([
  ["an IPv4 network", { prefix: "10.20.0.0/24" }, "subnet", /Ipv6Subnet such as 2001:db8:20::\/64/],
  ["a link-local prefix", { prefix: "fe80::/64" }, "subnet", /Ipv6Subnet/],
  ["a multicast prefix", { prefix: "ff05::/64" }, "subnet", /Ipv6Subnet/],
  ["an empty interface name", { interfaceName: "" }, "interfaceName", /such as eth1/],
  ["an interface name with a space", { interfaceName: "eth 1" }, "interfaceName", /such as eth1/],
  ["an interface name that Linux can't have", { interfaceName: "a-long-interface" }, "interfaceName", /1 to 15/],
  ["a lifetime that is shorter than three intervals", { routerLifetime: 11 }, "routerLifetime", /12 to 9000/],
  ["a router's lifetime beyond RFC 4861", { routerLifetime: 9001 }, "routerLifetime", /12 to 9000/],
  ["a fraction of a second", { validLifetime: 86400.5 }, "validLifetime", /whole seconds/],
  ["a negative lifetime", { preferredLifetime: -1 }, "preferredLifetime", /whole seconds/],
  ["a lifetime beyond 32 bits", { validLifetime: 2 ** 32 }, "validLifetime", /4294967295/],
  ["preferred for longer than valid", { validLifetime: 7200 }, "preferredLifetime", /to 7200 or less/],
  [
    "addresses (A) from a prefix that is never valid",
    { autonomous: true, validLifetime: 0, preferredLifetime: 0 },
    "validLifetime",
    /to 86400, or autonomousAddresses to false/,
  ],
  [
    "a prefix that ends before it is advertised again",
    { validLifetime: 599, preferredLifetime: 300 },
    "validLifetime",
    /at least to 600/,
  ],
  ["an IPv4 DNS server", { dnsServers: ["10.20.0.53"] }, "dnsServers", /on the IPv4 subnet/],
  ["a DNS server that is no address", { dnsServers: ["ns.example"] }, "dnsServers", /2001:db8:20::1/],
  ["a multicast DNS server", { dnsServers: ["ff02::fb"] }, "dnsServers", /2001:db8:20::53/],
  ["a domain with a dot at its end", { dnsSearch: ["lab.example."] }, "dnsSearch", /such as lab.example/],
  ["a domain that starts with a hyphen", { dnsSearch: ["-lab.example"] }, "dnsSearch", /such as lab.example/],
  [
    "DNS servers for less than three intervals",
    { dnsServersLifetime: 1799 },
    "dnsServersLifetime",
    /1800 to 4294967295/,
  ],
  ["domains for less than three intervals", { dnsSearchLifetime: 600 }, "dnsSearchLifetime", /out for 1800/],
  ["DNS servers for a fraction of a second", { dnsServersLifetime: 3600.5 }, "dnsServersLifetime", /whole seconds/],
  ["DNS servers beyond 32 bits", { dnsServersLifetime: 2 ** 32 }, "dnsServersLifetime", /4294967295/],
  ["an MTU below that of IPv6", { mtu: 1279 }, "mtu", /1280 octets/],
  ["an MTU beyond radvd's", { mtu: 131073 }, "mtu", /131072/],
  ["a preference of no default router", { routerLifetime: 0, preference: "high" }, "routerPreference", /to 1800/],
])("%s is refused with a fix", (_, given, attribute, fix) => {
  const [problem, ...others] = check({ ...LAB, ...given });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: "error", attribute });
  expect(sentence(problem!)).toMatch(fix);
});
