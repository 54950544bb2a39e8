import { checkRadvdInterface } from "../../../../lib/model/checks/radvd";
import { RADVD_DEFAULTS, type RadvdInterface } from "../../../../lib/model/radvd";

const LAB: RadvdInterface = {
  interfaceName: "eth1",
  prefix: "2001:db8:20::/64",
  autonomous: false,
  otherConfig: false,
  managedAddress: false,
  ...RADVD_DEFAULTS,
  dnsServers: [],
  dnsSearch: [],
};

test.each<[string, Partial<RadvdInterface>]>([
  ["nothing but the defaults", {}],
  ["all three flags at once", { autonomous: true, otherConfig: true, managedAddress: true }],
  ["a router that leads nowhere", { routerLifetime: 0 }],
  ["a prefix that is valid for ever", { validLifetime: 0xffffffff, preferredLifetime: 0xffffffff }],
  ["a prefix that is withdrawn", { validLifetime: 0, preferredLifetime: 0 }],
  ["an interface of a VLAN", { interfaceName: "enp5s0.20" }],
  ["more DNS servers than radvd takes at once", { dnsServers: [1, 2, 3, 4].map((n) => `2001:db8::${n}`) }],
])("%s is fine", (_, given) => {
  expect(checkRadvdInterface({ ...LAB, ...given })).toEqual([]);
});

test.each<[string, Partial<RadvdInterface>, string, RegExp]>([
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
])("%s is refused with a fix", (_, given, attribute, fix) => {
  expect(checkRadvdInterface({ ...LAB, ...given })).toMatchObject([
    { severity: "error", attribute, detail: expect.stringMatching(fix) as unknown },
  ]);
});
