import { Cidr } from "../../lib/model/cidr";
import { isKnown } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import type { Network } from "../../lib/model/network";
import { PlanError, type Problem, spelled, warning } from "../../lib/model/problem";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { isIpv4, isServed } from "../../lib/rules/ipv6/facts";
import { problemOf } from "../../lib/rules/report";
import { isMissing } from "../../lib/rules/verdict";
import { type PlannedNetwork, regionAfter } from "./after";
import { chosenVlans, type PlacedVlan, placedVlans } from "./choice";
import { VlanPlaces } from "./places";
import { racksOn } from "./racks";
import { networkOf, type RolloutRegion } from "./region";
import type { RolloutRequest } from "./request";
import type { Advertiser, Judged, Rollout, RolloutIpv4, RolloutNetwork } from "./rollout";
import { type PlacedNetwork, segmentOf, sitesIn, sitesOf } from "./sites";
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

/** Names of the fabrics in the order in which they choose their sites: as MAAS made them, else by name; unused ones last. */
function fabricsInOrder(network: Network, isLive: boolean, used: ReadonlySet<string>): string[] {
  const fabrics = network.all("fabric").flatMap(({ key, name }) => (isKnown(name) ? [{ key, name }] : []));
  const names = (isLive ? fabrics.sort((a, b) => Number(a.key) - Number(b.key)) : fabrics).map(({ name }) => name);
  return [...names.filter((name) => used.has(name)), ...names.filter((name) => !used.has(name))];
}

type Own = { readonly segment: ReturnType<typeof segmentOf> } | { readonly problem: Problem<string> };

/** The network that the plan gives a VLAN, or why there is none. */
function ownNetwork(prefix: Cidr, sites: ReadonlyMap<string, number>, { fabric, vid, title }: PlacedVlan): Own {
  const site = sites.get(fabric);
  const path = `VLAN ${title}`;
  if (site === undefined)
    return {
      problem: {
        ...{ code: "MAAS-ROL-01", severity: "error", subject: { path } },
        what: `${prefix.toString()} has room for ${sitesIn(prefix)} fabric${sitesIn(prefix) === 1 ? "" : "s"}, and other fabrics have it`,
        fix: `Give a prefix shorter than /${prefix.prefixLength}, such as ${Cidr.of(prefix.first, Math.max(16, Math.min(48, prefix.prefixLength - 4))).toString()}.`,
      },
    };
  try {
    return { segment: segmentOf(prefix, site, vid) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const [problem] = error.problems;
    const what = `${prefix.toString()} has no /64 for the VID ${vid}`;
    const fix = `Give a prefix of /52 or shorter, such as ${Cidr.of(prefix.first, 48).toString()}.`;
    return {
      problem: {
        ...spelled(problem ?? warning("MAAS-ROL-01", undefined, { what })),
        code: "MAAS-ROL-01",
        severity: "error",
        subject: { path },
        what,
        fix,
      },
    };
  }
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

/** The racks that serve IPv6 and of which nobody knows which URL of the region they were given. */
function racksWithUnknownUrl({ network, report }: Judged): Problem<string>[] {
  const racks = report.unjudged.filter(({ id }) => id === "MAAS6-URL-01").map(({ where }) => where.path);
  if (racks.length === 0) return [];
  const names = network
    .all("rack_controller")
    .flatMap(({ hostname, at }) => (racks.includes(at.path) ? [hostname] : []));
  const known = inNaturalOrder(
    names.filter((name) => isKnown(name)),
    (name) => name,
  ).join(", ");
  return [
    {
      ...{ code: "MAAS-ROL-03", severity: "information", subject: { path: "region" } },
      what: `MAAS does not report by which URL ${known === "" ? "the racks" : known} reach the region`,
      why: "In an IPv6 context a rack must know the region by a host name (S5, MAAS6-URL-01).",
      fix: `Look at maas_url in /etc/maas/rackd.conf of each (snap: /var/snap/maas/current/rackd.conf): write a name there that has an A and an AAAA record, such as http://region.example:5240/MAAS.`,
    },
  ];
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
    racks: racksOn(vlan, network, ipv6),
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
  const sites = sitesOf(prefix, fabricsInOrder(network, region.isLive, used), {
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
        dhcpv6,
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
        ...found.filter(({ vlans }) => vlans.has(one.key)).map(({ problem }) => problem),
      ];
      const isBlocked = problems.some(({ severity }) => severity === "error");
      return { ...one, problems, state: isBlocked ? "blocked" : isDone(one) ? "done" : "ready" };
    }),
    problems: racksWithUnknownUrl(after),
    unused: fitting.filter((one) => !wanted.includes(one)).map(({ title }) => title),
    before: judged(network),
    after,
  };
}
