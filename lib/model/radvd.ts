import { IpAddress } from "./address";
import { Cidr } from "./cidr";

/** What radvd tells hosts about one prefix. Times are in seconds. */
export interface RadvdPrefix {
  /** The subnet in CIDR form. */
  readonly prefix: string;
  /** A: hosts make their own address from the prefix. */
  readonly autonomous: boolean;
  /** How long the prefix, and addresses made from it, are valid. */
  readonly validLifetime: number;
  /** How long addresses made from the prefix are preferred for new connections. */
  readonly preferredLifetime: number;
}

/** How hosts choose between several default routers. @see RFC 4191, 2.1 */
export type RadvdPreference = "low" | "medium" | "high";

/** What radvd tells the hosts behind one interface of a router. Times are in seconds. */
export interface RadvdInterface {
  /** Name of the router's interface, such as `eth1`. */
  readonly interfaceName: string;
  /** One or more, each once. */
  readonly prefixes: readonly RadvdPrefix[];
  /** O: hosts ask a DHCPv6 server for other configuration. */
  readonly otherConfig: boolean;
  /** M: hosts ask a DHCPv6 server for their address. */
  readonly managedAddress: boolean;
  /** How long hosts use the router as their default router; 0 = not at all. */
  readonly routerLifetime: number;
  readonly preference: RadvdPreference;
  /** Largest packet on the link, in octets; absent = not advertised. */
  readonly mtu?: number;
  /** IPv6 addresses of DNS servers. */
  readonly dnsServers: readonly string[];
  /** How long hosts use the DNS servers; absent = {@link dnsLifetime}. */
  readonly dnsServersLifetime?: number;
  /** Domains that hosts complete short names with. */
  readonly dnsSearch: readonly string[];
  /** How long hosts use the domains; absent = {@link dnsLifetime}. */
  readonly dnsSearchLifetime?: number;
}

/** The defaults of one prefix: radvd's own. */
export const RADVD_PREFIX_DEFAULTS = { validLifetime: 86400, preferredLifetime: 14400 } as const;

/** The defaults of an interface: radvd's own. */
export const RADVD_DEFAULTS = { routerLifetime: 1800, preference: "medium" } as const;

/** What 32 bits hold: as a lifetime it means for ever. */
export const INFINITE_LIFETIME = 0xffffffff;

/** radvd takes no more addresses in one RDNSS option. */
const SERVERS_PER_OPTION = 3;

/** Longest time between two advertisements, in seconds, as radvd has it by itself. */
const LONGEST_INTERVAL = 600;

/**
 * The longest time between two unsolicited advertisements, in seconds: a third of the router's lifetime, so that two of
 * them may get lost before hosts drop the router.
 *
 * @see RFC 4861, 6.2.1: the lifetime's default is three intervals
 */
export function advertisementInterval(routerLifetime: number): number {
  return routerLifetime === 0 ? LONGEST_INTERVAL : Math.min(LONGEST_INTERVAL, Math.floor(routerLifetime / 3));
}

/**
 * How long hosts use DNS servers and domains by default: three intervals, so that two advertisements may get lost.
 *
 * @see RFC 8106, 5.1 and 5.2: at least three times MaxRtrAdvInterval
 */
export function dnsLifetime(routerLifetime: number): number {
  return 3 * advertisementInterval(routerLifetime);
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const flag = (isSet: boolean): string => (isSet ? "on" : "off");

function prefixLines({ prefix, autonomous, validLifetime, preferredLifetime }: RadvdPrefix): string[] {
  return [
    `    prefix ${Cidr.parse(prefix).toString()} {`,
    "        AdvOnLink on;",
    `        AdvAutonomous ${flag(autonomous)};`,
    `        AdvValidLifetime ${validLifetime};`,
    `        AdvPreferredLifetime ${preferredLifetime};`,
    "    };",
  ];
}

function optionLines(option: "RDNSS" | "DNSSL", values: readonly string[], lifetime: number): string[] {
  return [`    ${option} ${values.join(" ")} {`, `        Adv${option}Lifetime ${lifetime};`, "    };"];
}

function byPrefix(a: RadvdPrefix, b: RadvdPrefix): number {
  const [first, second] = [Cidr.parse(a.prefix), Cidr.parse(b.prefix)];
  return first.first.compare(second.first) || first.prefixLength - second.prefixLength;
}

function interfaceLines(settings: RadvdInterface): string[] {
  const { prefixes, mtu, dnsServers, dnsSearch, routerLifetime } = settings;
  const { dnsServersLifetime = dnsLifetime(routerLifetime), dnsSearchLifetime = dnsLifetime(routerLifetime) } =
    settings;
  const servers = dnsServers.map((server) => IpAddress.parse(server).toString());
  return [
    `interface ${settings.interfaceName} {`,
    "    AdvSendAdvert on;",
    `    AdvManagedFlag ${flag(settings.managedAddress)};`,
    `    AdvOtherConfigFlag ${flag(settings.otherConfig)};`,
    `    MaxRtrAdvInterval ${advertisementInterval(routerLifetime)};`,
    `    AdvDefaultLifetime ${routerLifetime};`,
    `    AdvDefaultPreference ${settings.preference};`,
    ...(mtu === undefined ? [] : [`    AdvLinkMTU ${mtu};`]),
    ...[...prefixes].sort(byPrefix).flatMap(prefixLines),
    ...[...chunks(servers, SERVERS_PER_OPTION)].flatMap((some) => optionLines("RDNSS", some, dnsServersLifetime)),
    ...(dnsSearch.length === 0 ? [] : optionLines("DNSSL", dnsSearch, dnsSearchLifetime)),
    "};",
  ];
}

/**
 * A radvd.conf with one section per interface, in the order of their names, so that the same interfaces always give the
 * same text. They must have passed `checkRadvdInterface`, each under a name of its own.
 */
export function renderRadvd(interfaces: readonly RadvdInterface[]): string {
  const sorted = [...interfaces].sort((a, b) => (a.interfaceName < b.interfaceName ? -1 : 1));
  return sorted.map((settings) => `${interfaceLines(settings).join("\n")}\n`).join("\n");
}
