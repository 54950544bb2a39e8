import { type Problem, withCode } from "../../../lib/model/problem";
import { shown } from "../../../lib/model/text";
import type { NetworkState, Rollout, RolloutNetwork, RolloutRack, RolloutRange } from "../../rollout/rollout";

/** What a person reads of one network, line by line: a label and its value. */
export type Line = readonly [label: string, value: string];

const DHCP: Readonly<Record<RolloutNetwork["dhcp"], string>> = {
  on: "DHCP on",
  relayed: "DHCP relayed",
  off: "no DHCP",
  unknown: "DHCP not known",
};

const STATES: readonly NetworkState[] = ["ready", "done", "blocked"];

function rackText({ rack, interfaceName, serves, addresses, ipv6 }: RolloutRack): string {
  const has =
    addresses === undefined ? "addresses not known" : addresses.length === 0 ? "no address" : addresses.join(", ");
  const gets = ipv6?.standing === "planned" ? `; gets ${ipv6.address}` : "";
  return `${rack} ${interfaceName}: ${has}${gets}${serves ? "" : " (does not serve it)"}`;
}

const rangeText = ({ startIp, endIp, standing }: RolloutRange): string =>
  `${startIp} to ${endIp}${standing === "exists" ? " (exists)" : ""}`;

function ipv4Text({ ipv4, dhcp }: RolloutNetwork): string {
  const subnets = ipv4.map(({ cidr, managed }) => `${cidr}${managed ? "" : " (unmanaged)"}`);
  return `${subnets.length === 0 ? "no subnet" : subnets.join(", ")}; ${DHCP[dhcp]}`;
}

function ipv6Lines({ ipv6 }: RolloutNetwork): Line[] {
  if (ipv6 === undefined) return [["IPv6", "no room in the prefix"]];
  const { cidr, standing, gateway, staticRange, dynamicRange } = ipv6;
  return [
    [
      "IPv6",
      `${cidr}${standing === "exists" ? " (exists, kept)" : ""}, ${gateway === null ? "no gateway" : `gateway ${gateway}`}`,
    ],
    ["Machines", staticRange === undefined ? "all that its reserved ranges leave" : rangeText(staticRange)],
    ["DHCPv6", dynamicRange === undefined ? "none" : rangeText(dynamicRange)],
  ];
}

/** What is to be said of a network. */
export function linesOf(network: RolloutNetwork): Line[] {
  const { racks, advertiser } = network;
  return [
    ["IPv4", ipv4Text(network)],
    ...(racks.length === 0
      ? [["Racks", "none on this VLAN"] as const]
      : racks.map((rack): Line => ["Racks", rackText(rack)])),
    ...ipv6Lines(network),
    [
      "Router",
      advertiser === undefined
        ? "not known whether one advertises"
        : `${advertiser.router} advertises (${advertiser.source})`,
    ],
  ];
}

/** The network's heading, without its state: `fra1:110 (storage), space storage`. */
export function headingOf({ title, name, space }: RolloutNetwork): string {
  return shown(`${title}${name === undefined ? "" : ` (${name})`}${space === undefined ? "" : `, space ${space}`}`);
}

/** The rollout in one line. */
export function rolloutSummary({ networks, prefix, unused }: Rollout): string {
  const counts = STATES.map((state) => `${networks.filter((network) => network.state === state).length} ${state}`);
  const rest = unused.length === 0 ? "" : ` Nothing is on ${unused.map(shown).join(", ")}.`;
  return `IPv6 in ${prefix}: ${networks.length} network${networks.length === 1 ? "" : "s"}, ${counts.join(", ")}.${rest}`;
}

/** A problem in one line, without its severity. */
export function problemLine({ code, what, fix = "" }: Problem<string>): string {
  return shown(code.startsWith("MAAS6-") ? `${code}: ${what}. Fix: ${fix}` : withCode(`${what}. Fix: ${fix}`, code));
}
