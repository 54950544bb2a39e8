import { IpAddress } from "./address";
import { Cidr } from "./cidr";

/** What radvd tells the hosts behind one interface of a router about one IPv6 subnet. Times are in seconds. */
export interface RadvdInterface {
  /** Name of the router's interface, such as `eth1`. */
  readonly interfaceName: string;
  /** The subnet in CIDR form. */
  readonly prefix: string;
  /** A: hosts make their own address from the prefix. */
  readonly autonomous: boolean;
  /** O: hosts ask a DHCPv6 server for other configuration. */
  readonly otherConfig: boolean;
  /** M: hosts ask a DHCPv6 server for their address. */
  readonly managedAddress: boolean;
  /** How long hosts use the router as their default router; 0 = not at all. */
  readonly routerLifetime: number;
  /** How long the prefix, and addresses made from it, are valid. */
  readonly validLifetime: number;
  /** How long addresses made from the prefix are preferred for new connections. */
  readonly preferredLifetime: number;
  /** IPv6 addresses of DNS servers. */
  readonly dnsServers: readonly string[];
  /** Domains that hosts complete short names with. */
  readonly dnsSearch: readonly string[];
}

/** What radvd and this package take where the user is silent: radvd's own defaults. */
export const RADVD_DEFAULTS = { routerLifetime: 1800, validLifetime: 86400, preferredLifetime: 14400 } as const;

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

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const flag = (isSet: boolean): string => (isSet ? "on" : "off");

function interfaceLines(settings: RadvdInterface): string[] {
  const { dnsServers, dnsSearch } = settings;
  const servers = dnsServers.map((server) => IpAddress.parse(server).toString());
  return [
    `interface ${settings.interfaceName} {`,
    "    AdvSendAdvert on;",
    `    AdvManagedFlag ${flag(settings.managedAddress)};`,
    `    AdvOtherConfigFlag ${flag(settings.otherConfig)};`,
    `    MaxRtrAdvInterval ${advertisementInterval(settings.routerLifetime)};`,
    `    AdvDefaultLifetime ${settings.routerLifetime};`,
    `    prefix ${Cidr.parse(settings.prefix).toString()} {`,
    "        AdvOnLink on;",
    `        AdvAutonomous ${flag(settings.autonomous)};`,
    `        AdvValidLifetime ${settings.validLifetime};`,
    `        AdvPreferredLifetime ${settings.preferredLifetime};`,
    "    };",
    ...[...chunks(servers, SERVERS_PER_OPTION)].map((some) => `    RDNSS ${some.join(" ")} { };`),
    ...(dnsSearch.length === 0 ? [] : [`    DNSSL ${dnsSearch.join(" ")} { };`]),
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
