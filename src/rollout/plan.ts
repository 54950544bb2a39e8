import type { Cidr } from "../../lib/model/cidr";
import { isKnown } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import type { Network } from "../../lib/model/network";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { isIpv4, isServed } from "../../lib/rules/ipv6/facts";
import { problemOf } from "../../lib/rules/report";
import { isMissing } from "../../lib/rules/verdict";
import { type PlannedNetwork, regionAfter } from "./after";
import { chosenVlans, type PlacedVlan, placedVlans } from "./choice";
import { type Own, ownNetwork } from "./own-network";
import { VlanPlaces } from "./places";
import {
  checkSites,
  fabricsMoved,
  racksWithUnknownAddresses,
  racksWithUnknownUrl,
  unwritable,
  withoutPool,
} from "./problems";
import { racksOn } from "./racks";
import { networkOf, type RolloutRegion } from "./region";
import type { RolloutRequest } from "./request";
import type { Advertiser, Judged, Rollout, RolloutIpv4, RolloutNetwork } from "./rollout";
import { type PlacedNetwork, sitesIn, sitesOf } from "./sites";
import { ipv6Of, isMadeBefore } from "./subnets";

/** A router that is known to advertise a prefix. */
export interface KnownAdvertiser extends Advertiser {
  readonly prefix: Cidr;
}

const judged = (network: Network): Judged => ({
  network,
  report: evaluate({ rules: IPV6_RULES, network, now: new Date(0) }),
});

/** The networks that the region has in both families' sense: where each IPv6 subnet is. */
function placedNetworks(all: readonly PlacedVlan[], network: Network): PlacedNetwork[] {
  return all.flatMap(({ vlan, fabric, vid }) =>
    network
      .subnetsOf(vlan)
      .items.flatMap(({ block }) =>
        isKnown(block) && block.family === 6 ? [{ fabric, vid, first: block.first }] : [],
      ),
  );
}

/**
 * Names of the fabrics in the order in which they choose their sites: those with subnets first, each by name. So it is the same for
 * a live region and for an export of it.
 */
function fabricsInOrder(all: readonly PlacedVlan[], network: Network, used: ReadonlySet<string>): string[] {
  const withSubnets = new Set(
    all.filter(({ vlan }) => network.subnetsOf(vlan).items.length > 0).map(({ fabric }) => fabric),
  );
  const names = [...new Set([...all.map(({ fabric }) => fabric), ...network.all("fabric").map(({ name }) => name)])]
    .filter((name) => isKnown(name))
    .sort();
  const rank = (name: string): number => (!used.has(name) ? 2 : withSubnets.has(name) ? 0 : 1);
  return inNaturalOrder(names, rank, (name) => name);
}

function dhcpOf({ vlan }: PlacedVlan, network: Network): RolloutNetwork["dhcp"] {
  const served = isServed(vlan, network);
  if (isMissing(served)) return "unknown";
  if (!served) return "off";
  return network.dhcpOf(vlan).items.some(({ on }) => on === true) ? "on" : "relayed";
}

const ipv4Of = ({ vlan }: PlacedVlan, network: Network): RolloutIpv4[] =>
  network
    .subnetsOf(vlan)
    .items.filter((subnet) => isIpv4(subnet) === true)
    .map(({ cidr, managed }) => ({ cidr: isKnown(cidr) ? cidr : "unknown", managed: managed === true }));

/** Whether anything is on the VLAN. */
const isUsed = ({ vlan }: PlacedVlan, network: Network, machines: ReadonlySet<unknown>): boolean =>
  network.subnetsOf(vlan).items.length > 0 ||
  network.interfacesOn(vlan).items.length > 0 ||
  network.dhcpOf(vlan).items.some(({ on, relayTo }) => on === true || relayTo !== null) ||
  machines.has(vlan.key);

/** The VLANs that an earlier run of the stack has brought IPv6 to. */
function madeBefore(
  all: readonly PlacedVlan[],
  network: Network,
  { document: { objects } }: RolloutRegion,
  { stackName }: RolloutRequest,
): PlacedVlan[] {
  if (stackName === undefined) return [];
  const { subnet: subnets = [], ip_range: ranges = [] } = objects;
  return all.filter((place) =>
    network.subnetsOf(place.vlan).items.some((subnet) => isMadeBefore(subnet, { subnets, ranges, stackName, place })),
  );
}

/** What the rollout makes of one VLAN, before it is judged. */
function plannedNetwork(
  placed: PlacedVlan,
  network: Network,
  own: Own,
  {
    region,
    dhcpv6,
    stackName,
    advertisers,
  }: Pick<RolloutRequest, "dhcpv6" | "stackName"> & {
    readonly region: RolloutRegion;
    readonly advertisers: readonly KnownAdvertiser[];
  },
): PlannedNetwork {
  const { vlan, fabric, vid, title, space } = placed;
  const ipv6 = ipv6Of(vlan, network, {
    ...("segment" in own && { own: own.segment }),
    ...{ dhcpv6, ranges: region.document.objects.ip_range ?? [], subnets: region.document.objects.subnet ?? [] },
    ...{ place: placed, ...(stackName !== undefined && { stackName }) },
  });
  const known = ipv6 && advertisers.find(({ prefix }) => prefix.toString() === ipv6.cidr);
  const name =
    typeof vlan.name === "string" && ![String(vid), "untagged", ""].includes(vlan.name) ? vlan.name : undefined;
  return {
    ...{ fabric, vid, key: vlan.key, title },
    ...(name !== undefined && { name }),
    ...(space !== undefined && { space }),
    ipv4: ipv4Of(placed, network),
    dhcp: dhcpOf(placed, network),
    racks: racksOn(vlan, network, ipv6, region.interfaces),
    ...(known && { advertiser: { router: known.router, source: known.source } }),
    ...(ipv6 && { ipv6 }),
  };
}

/** Whether the network has all that the rollout could add. */
const isDone = ({ ipv6, racks }: PlannedNetwork): boolean =>
  ipv6?.standing === "exists" &&
  ![ipv6.staticRange, ipv6.dynamicRange, ...racks.map((rack) => rack.ipv6)].some((one) => one?.standing === "planned");

/**
 * The way of a region from IPv4 to both families: per VLAN what is, what will be, and what stands in the way. Pure: the same
 * region and request give the same plan. What the region has is kept; new networks follow from the prefix, the fabric and
 * the VID alone, so that they stay as they are when the region grows.
 *
 * @param advertisers routers that are known to advertise
 * @throws RolloutError for a fabric, VLAN or space that the region does not have
 */
export function planRollout(
  region: RolloutRegion,
  asked: RolloutRequest,
  advertisers: readonly KnownAdvertiser[] = [],
): Rollout {
  const { prefix, chosen, dhcpv6, sites: given } = asked;
  const network = networkOf(region);
  const all = placedVlans(network, region.spaces);
  const machines = new Set(network.all("machine_interface").map(({ vlan }) => vlan));
  const isNamed = chosen.fabrics !== undefined || chosen.vlans !== undefined || chosen.spaces !== undefined;
  const fitting = chosenVlans(all, chosen);
  const isInUse = (one: PlacedVlan): boolean => isUsed(one, network, machines);
  const made = new Set(madeBefore(all, network, region, asked));
  const wanted = all.filter((one) => made.has(one) || (fitting.includes(one) && (isNamed || isInUse(one))));
  // A prefix with room for one fabric is meant for the one that is chosen.
  const used = new Set((sitesIn(prefix) === 1 ? wanted : all.filter(isInUse)).map(({ fabric }) => fabric));
  checkSites(given, prefix, all);
  const { sites, moved } = sitesOf(prefix, fabricsInOrder(all, network, used), {
    ...{ given, placed: placedNetworks(all, network) },
  });
  const owned = wanted.map((placed) => ({ placed, own: ownNetwork(prefix, sites, placed) }));
  const planned = owned.map(({ placed, own }) => ({
    ...{ own, network: plannedNetwork(placed, network, own, { ...asked, region, advertisers }) },
  }));
  const after = judged(
    networkOf(
      regionAfter(
        region,
        planned.map((one) => one.network),
      ),
    ),
  );
  const places = new VlanPlaces(after.network);
  const found = after.report.findings.map((finding) => ({ vlans: places.of(finding), problem: problemOf(finding) }));
  return {
    ...{ prefix: prefix.toString(), dhcpv6 },
    networks: planned.map(({ own, network: one }): RolloutNetwork => {
      const problems = [
        ...("problem" in own && one.ipv6 === undefined ? [own.problem] : []),
        ...(dhcpv6 ? withoutPool(one) : []),
        ...unwritable(one),
        ...found.filter(({ vlans }) => vlans.has(one.key)).map(({ problem }) => problem),
      ];
      const isBlocked = problems.some(({ severity }) => severity === "error");
      return { ...one, problems, state: isBlocked ? "blocked" : isDone(one) ? "done" : "ready" };
    }),
    problems: [
      ...racksWithUnknownUrl(after),
      ...racksWithUnknownAddresses(
        planned.map((one) => one.network),
        region.isLive,
      ),
      ...fabricsMoved(
        planned.map((one) => one.network),
        moved,
      ),
    ],
    unused: fitting.filter((one) => !wanted.includes(one)).map(({ title }) => title),
    before: judged(network),
    after,
  };
}
