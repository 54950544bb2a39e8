import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { attr, fault, type Problem, text } from "../problem";
import { advertisementInterval, dnsLifetime, INFINITE_LIFETIME, type RadvdInterface, type RadvdPrefix } from "../radvd";
import { checkFormat } from "./field";

/** Words of radvd's own language, which it takes for nothing else (radvd.conf(5), 2.19). */
const KEYWORDS: ReadonlySet<string> = new Set(
  `interface prefix route RDNSS DNSSL clients abro nat64prefix ignoreprefixes autoignoreprefixes on off infinity low medium
  high IgnoreIfMissing UnicastOnly MaxRtrAdvInterval MinRtrAdvInterval MinDelayBetweenRAs HomeAgentLifetime
  HomeAgentPreference DeprecatePrefix DecrementLifetimes Base6Interface Base6to4Interface RemoveRoute FlushRDNSS
  FlushDNSSL`.split(/\s+/),
);

const isKeyword = (word: string): boolean => KEYWORDS.has(word) || /^Adv[A-Z]/.test(word);

/** IFNAMSIZ of Linux, without the final zero. */
const LONGEST_INTERFACE_NAME = 15;

/** @see RFC 4861, 6.2.1: nine thousand seconds at most, and no less than the interval, which is 4 at least */
const ROUTER_LIFETIME = { min: 12, max: 9000 } as const;

/** @see RFC 8200, 5 for the smallest; radvd 2.19 (defaults.h) takes no more than the largest */
const LINK_MTU = { min: 1280, max: 131072 } as const;

function checkInterfaceName(name: string): Problem[] {
  const isName = /^[A-Za-z_][\w.:@+-]*$/.test(name) && name.length <= LONGEST_INTERFACE_NAME;
  // radvd 2.19 reads a name that is an IPv6 address, such as a::b, as one.
  if (isName && !isKeyword(name) && IpAddress.tryParse(name) === undefined) return [];
  return [
    fault("MAAS-RAD-01", "interfaceName", {
      what: `"${name}" is not the name of an interface that radvd takes`,
      why: `It must be 1 to ${LONGEST_INTERFACE_NAME} letters, digits and any of _ . : @ + -, start with a letter or _, and be no word of radvd.conf and no address.`,
      fix: "Write the name on the router's side, such as eth1.",
    }),
  ];
}

/** Whether hosts can have the address: not unspecified, loopback or another one of ::/16, and not multicast. */
function isForHosts({ value }: IpAddress): boolean {
  return value >> 112n !== 0n && value >> 120n !== 0xffn;
}

function checkPrefix(prefix: string): Problem[] {
  const malformed = checkFormat.cidr("subnet", prefix);
  if (malformed.length > 0) return malformed;
  const cidr = Cidr.parse(prefix);
  if (cidr.family === 6 && isForHosts(cidr.first) && !cidr.first.isLinkLocal()) return [];
  return [
    fault("MAAS-RAD-02", "subnet", {
      what: cidr.family === 6 ? `${prefix} is not a prefix for hosts` : `${prefix} is an IPv4 network`,
      why: "Router advertisements are about IPv6 prefixes for hosts.",
      fix: "Give an Ipv6Subnet such as 2001:db8:20::/64.",
    }),
  ];
}

const isWhole = (seconds: number, max: number): boolean => Number.isInteger(seconds) && seconds >= 0 && seconds <= max;

function checkRouterLifetime(seconds: number): Problem[] {
  const { min, max } = ROUTER_LIFETIME;
  if (seconds === 0 || (isWhole(seconds, max) && seconds >= min)) return [];
  return [
    fault("MAAS-RAD-03", "routerLifetime", {
      what: `${seconds} is not a lifetime of a router`,
      why: `It is 0 (no default router) or ${min} to ${max} whole seconds.`,
      fix: "Write 1800 for half an hour.",
    }),
  ];
}

function checkPrefixLifetimes({ validLifetime: valid, preferredLifetime: preferred }: RadvdPrefix): Problem[] {
  const malformed = Object.entries({ validLifetime: valid, preferredLifetime: preferred })
    .filter(([, seconds]) => !isWhole(seconds, INFINITE_LIFETIME))
    .map(([attribute, seconds]) =>
      fault("MAAS-RAD-03", attribute, {
        what: `${seconds} is not a lifetime of a prefix`,
        why: `It is 0 to ${INFINITE_LIFETIME} whole seconds, the last of which means for ever.`,
        fix: "Write 86400 for a day.",
      }),
    );
  if (malformed.length > 0 || preferred <= valid) return malformed;
  return [
    fault("MAAS-RAD-03", "preferredLifetime", {
      what: `addresses would be preferred (${preferred} s) for longer than they are valid (${valid} s)`,
      why: "Hosts ignore such a prefix, and radvd does not start.",
      fix: text`Set ${attr("preferredLifetime")} to ${valid} or less.`,
    }),
  ];
}

/** A prefix that hosts would lose before they hear of it again, or could not use at all. */
function checkPrefixLasts({ autonomous, validLifetime: valid }: RadvdPrefix, routerLifetime: number): Problem[] {
  if (valid === 0 && autonomous) {
    return [
      fault("MAAS-RAD-03", "validLifetime", {
        what: "hosts are told to make their own address (A) from a prefix that is never valid",
        why: "They would not make one.",
        fix: text`Set ${attr("validLifetime")} to 86400, or ${attr("autonomousAddresses")} to false.`,
      }),
    ];
  }
  const interval = advertisementInterval(routerLifetime);
  if (valid === 0 || valid >= interval) return [];
  return [
    fault("MAAS-RAD-03", "validLifetime", {
      what: `the prefix would be valid for ${valid} s, but advertised only every ${interval} s`,
      why: "Hosts would lose it in between.",
      fix: text`Set ${attr("validLifetime")} to 86400, at least to ${interval}.`,
    }),
  ];
}

function checkDnsServer(address: string): Problem[] {
  const malformed = checkFormat.ip("dnsServers", address);
  if (malformed.length > 0) return malformed;
  const server = IpAddress.parse(address);
  if (server.family === 6 && isForHosts(server)) return [];
  const words =
    server.family === 4
      ? {
          why: "Router advertisements carry IPv6 addresses only.",
          fix: "Set it on the IPv4 subnet, and give an IPv6 address such as 2001:db8:20::53.",
        }
      : { fix: "Give the address of the DNS server on the network, such as 2001:db8:20::53." };
  return [fault("MAAS-RAD-04", "dnsServers", { what: `${address} is no IPv6 address that hosts can ask`, ...words })];
}

function checkDomain(domain: string): Problem[] {
  const labels = domain.split(".");
  const isDomain =
    domain.length <= 253 &&
    labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}$/.test(label) && !label.endsWith("-")) &&
    /[A-Za-z]/.test(labels.at(-1) ?? "") &&
    !isKeyword(domain);
  if (isDomain) return [];
  return [
    fault("MAAS-RAD-04", "dnsSearch", {
      what: `"${domain}" is not a domain that radvd takes`,
      fix: "Write labels of letters, digits and - with dots between them and none at the end, such as lab.example; one label must be no word of radvd.conf.",
    }),
  ];
}

function checkMtu(mtu: number | undefined): Problem[] {
  const { min, max } = LINK_MTU;
  if (mtu === undefined || (isWhole(mtu, max) && mtu >= min)) return [];
  return [
    fault("MAAS-RAD-05", "mtu", {
      what: `${mtu} is not an MTU of an IPv6 link`,
      why: `IPv6 needs at least ${min} octets (RFC 8200), and radvd takes at most ${max}.`,
      fix: text`Write 1500 for Ethernet, or leave ${attr("mtu")} out.`,
    }),
  ];
}

/** @see RFC 4191, 2.2: a router that is no default router has no preference */
function checkPreference({ preference, routerLifetime }: RadvdInterface): Problem[] {
  if (preference === "medium" || routerLifetime !== 0) return [];
  return [
    fault("MAAS-RAD-06", "routerPreference", {
      what: text`the preference is ${preference}, but with ${attr("routerLifetime")} 0 hosts don't use the router as default router`,
      fix: text`Leave ${attr("routerPreference")} out, or set ${attr("routerLifetime")} to 1800.`,
    }),
  ];
}

/** @see RFC 8106, 5.1 and 5.2 */
function checkDnsLifetime(attribute: string, lifetime: number | undefined, routerLifetime: number): Problem[] {
  const least = dnsLifetime(routerLifetime);
  if (lifetime === undefined || lifetime === 0 || (isWhole(lifetime, INFINITE_LIFETIME) && lifetime >= least))
    return [];
  return [
    fault("MAAS-RAD-04", attribute, {
      what: `${lifetime} is not a lifetime for what is advertised every ${advertisementInterval(routerLifetime)} s`,
      why:
        "It is 0 (no longer to be used), or at least three intervals, so that hosts may miss two advertisements (RFC 8106): " +
        `${least} to ${INFINITE_LIFETIME} whole seconds, the last of which means for ever.`,
      fix: text`Leave ${attr(attribute)} out for ${least}.`,
    }),
  ];
}

/**
 * Everything that is wrong with the advertisements of one interface by themselves, each error at its property. What
 * passes gives a radvd.conf that radvd takes. Whether the flags fit the subnet's ranges and DHCP is rule MAAS6-RTR-03.
 */
export function checkRadvdInterface(settings: RadvdInterface): Problem[] {
  const { prefixes, routerLifetime } = settings;
  const alone = [
    ...prefixes.flatMap(({ prefix }) => checkPrefix(prefix)),
    ...checkInterfaceName(settings.interfaceName),
    ...checkRouterLifetime(routerLifetime),
    ...prefixes.flatMap(checkPrefixLifetimes),
    ...checkMtu(settings.mtu),
    ...settings.dnsServers.flatMap(checkDnsServer),
    ...settings.dnsSearch.flatMap(checkDomain),
  ];
  if (alone.length > 0) return alone;
  return [
    ...prefixes.flatMap((prefix) => checkPrefixLasts(prefix, routerLifetime)),
    ...checkPreference(settings),
    ...checkDnsLifetime("dnsServersLifetime", settings.dnsServersLifetime, routerLifetime),
    ...checkDnsLifetime("dnsSearchLifetime", settings.dnsSearchLifetime, routerLifetime),
  ];
}
