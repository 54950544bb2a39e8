import { inNaturalOrder } from "../../lib/model/lists";
import type { NetplanInterface } from "../../lib/model/netplan";
import { RADVD_DEFAULTS, RADVD_PREFIX_DEFAULTS, type RadvdInterface } from "../../lib/model/radvd";
import { idOf, staticRangeId } from "./ids";
import type { Rollout, RolloutNetwork, RolloutRange } from "./rollout";

/** What a user says of the routers. */
export interface RouterChoice {
  /** Names of routers, by fabric; by default the fabric's own with `-router`. */
  readonly routers: ReadonlyMap<string, string>;
  /** Name of a router's interface; `{vid}` is the VID. On VID 0 what follows the last `.` is left out. */
  readonly interfaceName: string;
  /** IPv6 addresses of DNS servers for hosts. */
  readonly dnsServers: readonly string[];
}

/** A network that is written: one with a subnet. */
export type WrittenNetwork = RolloutNetwork & Required<Pick<RolloutNetwork, "ipv6">>;

const asItIs = (range: RolloutRange | undefined): RolloutRange | undefined =>
  range?.standing === "exists" ? range : undefined;

/**
 * The networks of a rollout that are written: those that nothing stands in the way of; and what an earlier run has made, as it
 * is, since a stack that leaves something out deletes it.
 */
export const writtenNetworks = ({ networks }: Rollout): WrittenNetwork[] =>
  networks.flatMap((network): WrittenNetwork[] => {
    const { ipv6, state } = network;
    if (ipv6 === undefined) return [];
    if (state !== "blocked") return [{ ...network, ipv6 }];
    const isMade = ipv6.standing === "exists" && (ipv6.isOwn || ipv6.staticRange?.madeBy === staticRangeId(network));
    if (!isMade) return [];
    const { staticRange, dynamicRange, ...rest } = ipv6;
    const kept = [asItIs(staticRange), asItIs(dynamicRange)] as const;
    return [
      {
        ...network,
        ipv6: { ...rest, ...(kept[0] && { staticRange: kept[0] }), ...(kept[1] && { dynamicRange: kept[1] }) },
      },
    ];
  });

/** The interface of a router on one network. */
export interface RouterInterface {
  readonly network: WrittenNetwork;
  readonly router: string;
  /** What it tells hosts, with its own name. */
  readonly settings: RadvdInterface;
}

const nameOn = ({ vid }: RolloutNetwork, interfaceName: string): string =>
  vid === 0 ? interfaceName.replace(/\.[^.]*$/, "") : interfaceName.replace("{vid}", String(vid));

/** The router of a network, of which nobody knows that one advertises there already. */
export function routerOf(network: WrittenNetwork, choice: RouterChoice): RouterInterface {
  const { ipv6, fabric } = network;
  const isServed = ipv6.dynamicRange !== undefined;
  return {
    network,
    router: choice.routers.get(fabric) ?? `${idOf(fabric)}-router`,
    settings: {
      interfaceName: nameOn(network, choice.interfaceName),
      prefixes: [{ prefix: ipv6.cidr, autonomous: false, ...RADVD_PREFIX_DEFAULTS }],
      ...{ otherConfig: isServed, managedAddress: isServed, ...RADVD_DEFAULTS },
      ...{ dnsServers: choice.dnsServers, dnsSearch: [] },
    },
  };
}

/** The routers that are to advertise, each with its interfaces. */
export function routersOf(rollout: Rollout, choice: RouterChoice): ReadonlyMap<string, readonly RouterInterface[]> {
  const routers = new Map<string, RouterInterface[]>();
  for (const network of writtenNetworks(rollout)) {
    if (network.advertiser !== undefined) continue;
    const one = routerOf(network, choice);
    routers.set(one.router, [...(routers.get(one.router) ?? []), one]);
  }
  return routers;
}

/** What netplan is to set on the racks, by hostname: the addresses that their interfaces lack. */
export function netplansOf(rollout: Rollout): ReadonlyMap<string, readonly NetplanInterface[]> {
  const racks = new Map<string, NetplanInterface[]>();
  for (const { racks: own } of writtenNetworks(rollout))
    for (const { rack, interfaceName: name, kind, ipv6 } of own) {
      if (ipv6?.standing !== "planned") continue;
      const settings = { name, ...kind, addresses: [ipv6.address], acceptRa: false };
      racks.set(rack, [...(racks.get(rack) ?? []), settings]);
    }
  return new Map(inNaturalOrder(racks, ([rack]) => rack));
}
