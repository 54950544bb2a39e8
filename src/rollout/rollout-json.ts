import { problemJson } from "../../lib/model/problem";
import type { Rollout, RolloutNetwork, RolloutRange } from "./rollout";

const rangeJson = ({ startIp, endIp, standing }: RolloutRange): object => ({
  ...{ start_ip: startIp, end_ip: endIp },
  standing,
});

function ipv6Json({ cidr, standing, gateway, staticRange, dynamicRange }: NonNullable<RolloutNetwork["ipv6"]>): object {
  return {
    ...{ cidr, standing, gateway_ip: gateway },
    static_range: staticRange === undefined ? null : rangeJson(staticRange),
    dynamic_range: dynamicRange === undefined ? null : rangeJson(dynamicRange),
  };
}

const networkJson = (network: RolloutNetwork): object => ({
  ...{ fabric: network.fabric, vid: network.vid, vlan: network.title },
  ...{ name: network.name ?? null, space: network.space ?? null, state: network.state },
  ipv4: { subnets: network.ipv4, dhcp: network.dhcp },
  racks: network.racks.map(({ rack, interfaceName, serves, addresses, ipv6 }) => ({
    ...{ rack, interface: interfaceName, serves, addresses: addresses ?? null, ipv6: ipv6 ?? null },
  })),
  router_advertisements: network.advertiser ?? "unknown",
  ipv6: network.ipv6 === undefined ? null : ipv6Json(network.ipv6),
  problems: network.problems.map(problemJson),
});

/**
 * A rollout for programs. A change that could break a reader gives it another `version`; new members do not.
 *
 * Shape: what is not known is null, or `unknown` where that is a word among others.
 */
export function rolloutJson({ prefix, dhcpv6, networks, problems, unused }: Rollout): string {
  const json = {
    ...{ format: "maas-ipv6-rollout", version: 1, prefix, dhcpv6 },
    networks: networks.map(networkJson),
    ...{ problems: problems.map(problemJson), unused },
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
