import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { type Diagnostic, fault } from "../diagnostic";
import { advertisementInterval, dnsLifetime, INFINITE_LIFETIME, type RadvdInterface, type RadvdPrefix } from "../radvd";
import { checkFormat } from "./format";

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

function checkInterfaceName(name: string): Diagnostic[] {
  const isName = /^[A-Za-z_][\w.:@+-]*$/.test(name) && name.length <= LONGEST_INTERFACE_NAME;
  // radvd 2.19 reads a name that is an IPv6 address, such as a::b, as one.
  if (isName && !isKeyword(name) && IpAddress.tryParse(name) === undefined) return [];
  return [
    fault(
      "interfaceName",
      `"${name}" is not the name of an interface that radvd takes`,
      `It must be 1 to ${LONGEST_INTERFACE_NAME} letters, digits and any of _ . : @ + -, start with a letter or _, and be no word of radvd.conf and no address. ` +
        "Write the name on the router's side, such as eth1.",
    ),
  ];
}

/** Whether hosts can have the address: not unspecified, loopback or another one of ::/16, and not multicast. */
function isForHosts({ value }: IpAddress): boolean {
  return value >> 112n !== 0n && value >> 120n !== 0xffn;
}

function checkPrefix(text: string): Diagnostic[] {
  const malformed = checkFormat.cidr("subnet", text);
  if (malformed.length > 0) return malformed;
  const cidr = Cidr.parse(text);
  if (cidr.family === 6 && isForHosts(cidr.first) && !cidr.first.isLinkLocal()) return [];
  return [
    fault(
      "subnet",
      cidr.family === 6 ? `${text} is not a prefix for hosts` : `${text} is an IPv4 network`,
      "Router advertisements are about IPv6 prefixes for hosts. Give an Ipv6Subnet such as 2001:db8:20::/64.",
    ),
  ];
}

const isWhole = (seconds: number, max: number): boolean => Number.isInteger(seconds) && seconds >= 0 && seconds <= max;

function checkRouterLifetime(seconds: number): Diagnostic[] {
  const { min, max } = ROUTER_LIFETIME;
  if (seconds === 0 || (isWhole(seconds, max) && seconds >= min)) return [];
  return [
    fault(
      "routerLifetime",
      `${seconds} is not a lifetime of a router`,
      `It is 0 (no default router) or ${min} to ${max} whole seconds. Write 1800 for half an hour.`,
    ),
  ];
}

function checkPrefixLifetimes({ validLifetime: valid, preferredLifetime: preferred }: RadvdPrefix): Diagnostic[] {
  const malformed = Object.entries({ validLifetime: valid, preferredLifetime: preferred })
    .filter(([, seconds]) => !isWhole(seconds, INFINITE_LIFETIME))
    .map(([attribute, seconds]) =>
      fault(
        attribute,
        `${seconds} is not a lifetime of a prefix`,
        `It is 0 to ${INFINITE_LIFETIME} whole seconds, the last of which means for ever. Write 86400 for a day.`,
      ),
    );
  if (malformed.length > 0 || preferred <= valid) return malformed;
  return [
    fault(
      "preferredLifetime",
      `addresses would be preferred (${preferred} s) for longer than they are valid (${valid} s)`,
      `Hosts ignore such a prefix, and radvd does not start. Set preferredLifetime to ${valid} or less.`,
    ),
  ];
}

/** A prefix that hosts would lose before they hear of it again, or could not use at all. */
function checkPrefixLasts({ autonomous, validLifetime: valid }: RadvdPrefix, routerLifetime: number): Diagnostic[] {
  if (valid === 0 && autonomous) {
    return [
      fault(
        "validLifetime",
        "hosts are told to make their own address (A) from a prefix that is never valid",
        "They would not make one. Set validLifetime to 86400, or autonomousAddresses to false.",
      ),
    ];
  }
  const interval = advertisementInterval(routerLifetime);
  if (valid === 0 || valid >= interval) return [];
  return [
    fault(
      "validLifetime",
      `the prefix would be valid for ${valid} s, but advertised only every ${interval} s`,
      `Hosts would lose it in between. Set validLifetime to 86400, at least to ${interval}.`,
    ),
  ];
}

function checkDnsServer(text: string): Diagnostic[] {
  const malformed = checkFormat.ip("dnsServers", text);
  if (malformed.length > 0) return malformed;
  const server = IpAddress.parse(text);
  if (server.family === 6 && isForHosts(server)) return [];
  return [
    fault(
      "dnsServers",
      `${text} is no IPv6 address that hosts can ask`,
      server.family === 4
        ? "Router advertisements carry IPv6 addresses only. Set it on the IPv4 subnet, and give an IPv6 address such as 2001:db8:20::53."
        : "Give the address of the DNS server on the network, such as 2001:db8:20::53.",
    ),
  ];
}

function checkDomain(domain: string): Diagnostic[] {
  const labels = domain.split(".");
  const isDomain =
    domain.length <= 253 &&
    labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}$/.test(label) && !label.endsWith("-")) &&
    /[A-Za-z]/.test(labels.at(-1) ?? "") &&
    !isKeyword(domain);
  if (isDomain) return [];
  return [
    fault(
      "dnsSearch",
      `"${domain}" is not a domain that radvd takes`,
      "Write labels of letters, digits and - with dots between them and none at the end, such as lab.example; one label must be no word of radvd.conf.",
    ),
  ];
}

function checkMtu(mtu: number | undefined): Diagnostic[] {
  const { min, max } = LINK_MTU;
  if (mtu === undefined || (isWhole(mtu, max) && mtu >= min)) return [];
  return [
    fault(
      "mtu",
      `${mtu} is not an MTU of an IPv6 link`,
      `IPv6 needs at least ${min} octets (RFC 8200), and radvd takes at most ${max}. Write 1500 for Ethernet, or leave mtu out.`,
    ),
  ];
}

/** @see RFC 4191, 2.2: a router that is no default router has no preference */
function checkPreference({ preference, routerLifetime }: RadvdInterface): Diagnostic[] {
  if (preference === "medium" || routerLifetime !== 0) return [];
  return [
    fault(
      "routerPreference",
      `the preference is ${preference}, but with routerLifetime 0 hosts don't use the router as default router`,
      "Leave routerPreference out, or set routerLifetime to 1800.",
    ),
  ];
}

/** @see RFC 8106, 5.1 and 5.2 */
function checkDnsLifetime(attribute: string, lifetime: number | undefined, routerLifetime: number): Diagnostic[] {
  const least = dnsLifetime(routerLifetime);
  if (lifetime === undefined || lifetime === 0 || (isWhole(lifetime, INFINITE_LIFETIME) && lifetime >= least))
    return [];
  return [
    fault(
      attribute,
      `${lifetime} is not a lifetime for what is advertised every ${advertisementInterval(routerLifetime)} s`,
      `It is 0 (no longer to be used), or at least three intervals, so that hosts may miss two advertisements (RFC 8106): ` +
        `${least} to ${INFINITE_LIFETIME} whole seconds, the last of which means for ever. Leave ${attribute} out for ${least}.`,
    ),
  ];
}

/**
 * Everything that is wrong with the advertisements of one interface by themselves, each error at its property. What
 * passes gives a radvd.conf that radvd takes. Whether the flags fit the subnet's ranges and DHCP is rule MAAS6-RTR-03.
 */
export function checkRadvdInterface(settings: RadvdInterface): Diagnostic[] {
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
