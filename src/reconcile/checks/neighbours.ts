import { checkAddressInSubnet } from "../../../lib/model/checks/object";
import { Cidr } from "../../../lib/model/cidr";
import type { KindName } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import type { Network } from "../../../lib/model/network";
import type { Problem } from "../../../lib/model/problem";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import type { Finding } from "../../../lib/rules/report";
import type { PlannedObject } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import type { Region } from "../region/region";
import type { Checked, Surroundings } from "./checked";
import type { Extent, PlannedNetwork } from "./planned-network";
import { findingsAt, findingsOf, problemOn, rulesOf } from "./rule-findings";

/**
 * What is wrong with the address of a planned link in view of its subnet. Asks nothing while the address stays as it is;
 * so the prior address, which stands in the plan until Terraform plans a replacement, is not checked against another subnet.
 */
export async function checkPlannedLink(
  region: Region,
  prior: Attributes | undefined,
  { ip_address: address, subnet }: Attributes,
): Promise<Problem[]> {
  if (typeof address !== "string" || address === prior?.ip_address || typeof subnet !== "string") return [];
  const id = await tryResolve(region, "subnet", subnet);
  const live = id === undefined ? undefined : await region.snapshot.read("subnets", id);
  const cidr = typeof live?.cidr === "string" ? Cidr.tryParse(live.cidr) : undefined;
  return cidr === undefined ? [] : checkAddressInSubnet(address, cidr);
}

/** The rules about an object and what is beside it, which an unchanged object may break when that changes. */
const NEIGHBOUR_RULES = rulesOf("MAAS6-RNG-04", "MAAS6-NET-07");
const VLAN_RULES = rulesOf("MAAS6-NET-07");

/** Whether the other object of the fault may have told of it. */
const isBetweenTwo = ({ id, kind }: Finding): boolean =>
  kind === "enforced" || VLAN_RULES.some((rule) => rule.id === id);

/** One fault between two objects, whichever of them it is found on. */
const faultOf = ({ id, what }: Finding): string => `${id} ${what.replace(/ of .*$/, "")}`;

/** MAAS takes such a subnet, and its ranges may change in the same run: Terraform plans them after it. */
const possible = (problem: Problem<string>): Problem<string> => ({
  ...problem,
  severity: "warning",
  fix: `${problem.fix ?? ""} If this run changes that range too, there is nothing to do.`,
});

/** Terraform may still plan a change of the other range, where it does nothing at the same time (-parallelism=1). */
const unlessPlannedLater = (problem: Problem<string>): Problem<string> => ({
  ...problem,
  fix: `${problem.fix ?? ""} If this run changes the other object, name it in depends_on here, so that it changes first.`,
});

/** How an object is checked with what is beside it. */
interface Neighbourhood {
  readonly kind: KindName;
  /** What findings call the object. */
  readonly place: string;
  readonly network: (around: PlannedNetwork, own: PlannedObject, extent: Extent) => Promise<Network>;
  /** Whether the region has something beside it that this run may plan still. */
  readonly isOnRegion: (around: PlannedNetwork, own: PlannedObject) => Promise<boolean>;
  /** Whether something beside it changes in this run. */
  readonly isChanged: (around: PlannedNetwork, own: PlannedObject) => Promise<boolean>;
  /** Whether Terraform plans all that is beside it before it, or at the same time. */
  readonly isPlannedLast: boolean;
}

const SUBNET: Neighbourhood = {
  kind: "subnet",
  place: "this subnet",
  network: (around, own, extent) => around.ofSubnet(own, extent),
  isOnRegion: (_around, { id }) => Promise.resolve(id !== undefined),
  isChanged: (around, own) => around.isVlanChanged(own),
  isPlannedLast: false,
};

const IP_RANGE: Neighbourhood = {
  kind: "ip_range",
  place: "this IP range",
  network: (around, own, extent) => around.ofRange(own, extent),
  isOnRegion: (around, own) => around.isOnRegion(own),
  isChanged: (around, own) => around.isSubnetChanged(own),
  isPlannedLast: true,
};

const RESERVED_IP: Neighbourhood = {
  kind: "reserved_ip",
  place: "this reserved IP",
  network: (around, own, extent) => around.ofReservedIp(own, extent),
  isOnRegion: (around, own) => around.isOnRegion(own),
  isChanged: () => Promise.resolve(false),
  isPlannedLast: true,
};

/** The kinds of object that are checked with what is beside them. */
const NEIGHBOURHOODS = { subnet: SUBNET, ip_range: IP_RANGE, reserved_ip: RESERVED_IP } as const;

async function findings(
  { around }: Surroundings,
  { place, network }: Neighbourhood,
  own: PlannedObject,
  extent: Extent,
): Promise<Finding[]> {
  return findingsAt(place, await network(around, own, extent), own.isChanged ? IPV6_RULES : NEIGHBOUR_RULES);
}

/**
 * Checks a VLAN whose MTU is to shrink with the subnets that are on it, those of others among them. Terraform plans its own
 * ones after it, so that some may leave it; what is reported here is not reported again for each of them.
 */
export async function checkVlan(
  { planned, around }: Surroundings,
  kind: Kind,
  prior: Attributes | undefined,
  own: PlannedObject,
): Promise<Problem<string>[]> {
  const isSmaller = Number(own.attributes?.mtu) < Number(prior?.mtu);
  if (!isSmaller) return [];
  const found = findingsOf(await around.ofVlan(own), VLAN_RULES);
  return found
    .filter((finding) => planned.isNews(faultOf(finding), own))
    .map((finding) => problemOn(kind, finding))
    .map((problem) => ({
      ...problem,
      attribute: "mtu",
      fix: `${problem.fix ?? ""} If this run moves the subnet to another VLAN, there is nothing to do.`,
    }));
}

/** A subnet or a range that is about to be applied. What is not settled yet is left to MAAS: it changes at the same time. */
async function checkNeighboursAtApply(
  surroundings: Surroundings,
  neighbourhood: Neighbourhood,
  own: PlannedObject,
): Promise<Problem<string>[]> {
  if (!own.isChanged) return [];
  const found = await findings(surroundings, neighbourhood, own, "certain");
  return found.map((finding) => problemOn(KINDS[neighbourhood.kind], finding));
}

/**
 * Checks a planned subnet or range with what is beside it, as planned in this run. What this run has not planned yet may
 * change still, so its present values count only when Terraform has nothing more to plan at the moment. An unchanged
 * object is checked when something beside it changes, so a plan without changes costs nothing.
 */
async function checkNeighbours(
  surroundings: Surroundings,
  neighbourhood: Neighbourhood,
  own: PlannedObject,
): Promise<Problem<string>[]> {
  const { planned, around } = surroundings;
  const kind = KINDS[neighbourhood.kind];
  if (!own.isChanged && !(await neighbourhood.isChanged(around, own))) return [];
  const judge = async (): Promise<{ certain: Finding[]; live: Finding[] }> => {
    const certain = await findings(surroundings, neighbourhood, own, "certain");
    const isAll = !own.isChanged || !planned.isPlanning(own, kind.name);
    if (isAll || !(await neighbourhood.isOnRegion(around, own))) return { certain, live: [] };
    const known = new Set(certain.map(faultOf));
    const live = await findings(surroundings, neighbourhood, own, "live");
    return { certain, live: live.filter((finding) => !known.has(faultOf(finding))) };
  };
  const news = (found: readonly Finding[]): Problem<string>[] =>
    found
      .filter((finding) => !isBetweenTwo(finding) || planned.isNews(faultOf(finding), own))
      .map((finding) => problemOn(kind, finding));
  const first = await judge();
  if (!neighbourhood.isPlannedLast)
    return [...news(first.certain), ...first.live.map((finding) => possible(problemOn(kind, finding)))];
  if (first.live.length === 0) return news(first.certain);
  const open = await around.openRanges(own);
  await planned.untilQuiet(() => open.length > 0 && open.every((id) => planned.find("ip_range", id) !== undefined));
  const { certain, live } = await judge();
  return [...news(certain), ...news(live).map(unlessPlannedLater)];
}

/** Checks a subnet or a range with what is beside it: see {@link checkNeighbours} and {@link checkNeighboursAtApply}. */
export function checkBeside(name: keyof typeof NEIGHBOURHOODS, checked: Checked): Promise<Problem[]> {
  const check = checked.moment === "apply" ? checkNeighboursAtApply : checkNeighbours;
  return check(checked, NEIGHBOURHOODS[name], checked.own);
}
