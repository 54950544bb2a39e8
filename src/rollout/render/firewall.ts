import { plain } from "../../../lib/rules/report-markdown";
import { writtenNetworks } from "../devices";
import type { Rollout } from "../rollout";

/** ICMPv6 that no firewall may drop, by direction. @see RFC 4890, 4.3 and 4.4 */
const ICMPV6: readonly (readonly [types: string, what: string, where: string])[] = [
  ["1, 2, 3, 4", "errors: unreachable, packet too big, time exceeded, parameter problem", "everywhere, routed too"],
  ["128, 129", "echo request and reply", "everywhere, routed too"],
  ["133, 134", "router solicitation and advertisement", "between hosts and routers of one link"],
  ["135, 136", "neighbour solicitation and advertisement", "between all hosts of one link"],
  ["130, 131, 132, 143", "multicast listener discovery", "between hosts and switches of one link"],
];

/** What firewalls must let pass for IPv6 on the networks of a rollout, for people: Markdown. */
export function firewallNotes(rollout: Rollout): string {
  const networks = writtenNetworks(rollout);
  const served = networks.filter(({ ipv6 }) => ipv6.dynamicRange !== undefined);
  return `${[
    "# What firewalls must let pass",
    "",
    "IPv6 does not work without ICMPv6: it finds neighbours and routers, and tells hosts how large packets may be.",
    "",
    "| ICMPv6 types | What | Where |",
    "| --- | --- | --- |",
    ...ICMPV6.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "Packets of types 133 to 136 have hop limit 255 and link-local or unspecified sources: drop others. Switches with RA guard let type 134 pass from the router's port only.",
    "",
    "| Network | IPv6 | Router | DHCPv6 (UDP) |",
    "| --- | --- | --- | --- |",
    ...networks.map(({ title, ipv6, racks }) => {
      const from = racks.flatMap((rack) => (rack.serves && rack.ipv6 ? [rack.ipv6.address.replace(/\/.*/, "")] : []));
      const dhcp = served.some((one) => one.ipv6 === ipv6)
        ? `hosts to port 547, racks (${from.join(", ")}) to port 546`
        : "none";
      return `| ${plain(title)} | ${ipv6.cidr} | ${ipv6.gateway ?? "not set"} | ${dhcp} |`;
    }),
    "",
    ...(served.length === 0
      ? ["No network has a DHCPv6 range: UDP 546 and 547 may stay closed.", ""]
      : [
          "DHCPv6 clients ask from UDP port 546 of their link-local address to port 547 of `ff02::1:2`, and servers and relays answer to port 546. A relay and its server talk on port 547.",
          "",
        ]),
    "Machines reach the region over IPv6 too once its name has an AAAA record: open the ports there that are open for IPv4 (5240 to 5248, 53, 3128, 8000, 514 as far as they are used).",
  ].join("\n")}\n`;
}
