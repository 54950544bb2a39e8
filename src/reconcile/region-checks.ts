import { isDeepStrictEqual } from "node:util";
import { checkReserved } from "../../lib/model/checks/object";
import { type Diagnostic, fault } from "../../lib/model/diagnostic";
import type { KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../lib/model/known";
import { NetworkBuilder } from "../../lib/model/network/builder";
import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../maas/codec";
import { isDefaultVlan } from "./default-vlan";
import { addInterfaces } from "./live-network";
import { checkMovedSubnet } from "./moved-subnet";
import { checkRelay } from "./ops/relay";
import { checkPlannedLink } from "./planned-link";
import { OWN } from "./planned-network";
import {
  NEIGHBOURHOODS,
  checkNeighbours,
  checkNeighboursAtApply,
  checkVlan,
  type Surroundings,
} from "./planned-neighbours";
import type { PlannedObject } from "./planned-objects";
import { diagnosticOf, findingsAt, rulesOf } from "./rule-findings";
import { tryResolve } from "./references";
import type { Region } from "./region";

/** When the check is made. What others change in the same run is in place only at apply. */
export type Moment = "plan" | "apply";

async function idOf(
  region: Region,
  kind: "vlan" | "rack_controller",
  value: Value | undefined,
): Promise<Known<string>> {
  return typeof value === "string" ? ((await tryResolve(region, kind, value)) ?? UNKNOWN) : UNKNOWN;
}

async function addDhcp(network: NetworkBuilder, region: Region, planned: Attributes): Promise<void> {
  const vlan = await idOf(region, "vlan", planned.vlan);
  const rackOf = async (value: Value | undefined): Promise<Known<string | null>> => {
    if (value === null || value === undefined) return null;
    const id = await idOf(region, "rack_controller", value);
    const live = isKnown(id) ? await region.snapshot.read("rackcontrollers", id) : undefined;
    if (live !== undefined && !network.has("rack_controller", textOf(live.system_id))) addRack(network, live);
    return id;
  };
  const [primary, secondary] = await Promise.all([
    rackOf(planned.primary_rack_controller),
    rackOf(planned.secondary_rack_controller),
  ]);
  const live = isKnown(vlan) ? await region.snapshot.read("vlans", vlan) : undefined;
  if (live !== undefined && isKnown(vlan)) {
    network.add("vlan", {
      key: vlan,
      at: { path: `VLAN ${vlan}` },
      fabric: UNKNOWN,
      vid: Number(live.vid),
    });
  }
  const relayTo = planned.relay_vlan === null ? null : UNKNOWN;
  network.add("vlan_dhcp", {
    key: OWN,
    at: { path: "this DHCP" },
    vlan,
    on: relayTo === null,
    primary,
    secondary,
    relayTo,
  });
}

function addRack(network: NetworkBuilder, rack: ObjectJson): void {
  const hostname = textOf(rack.hostname);
  const at = { path: `rack controller ${hostname}` };
  network.add("rack_controller", { key: textOf(rack.system_id), at, hostname, regionUrl: UNKNOWN });
  addInterfaces(network, "rack_interface", rack);
}

/** A name that MAAS keeps for another object. Who has it already may keep it, and so may what is taken over. */
async function reservedName(
  region: Region,
  kind: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Diagnostic[]> {
  if (prior !== undefined && prior.name === planned.name) return [];
  const found = checkReserved(kind, planned, prior && textOf(prior.id));
  const isTaken = found.length > 0 && prior === undefined && planned.adopt_existing === true;
  return isTaken && (await tryResolve(region, kind.name, textOf(planned.name))) !== undefined ? [] : found;
}

/** Values that are new and that MAAS keeps nowhere on the default VLAN of a fabric, whatever its VID. */
async function unkeptValues(
  region: Region,
  { name: kindName, title, fields }: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Diagnostic[]> {
  const found = fields.flatMap(({ name, notOnDefault }) => {
    const value = planned[name] ?? null;
    const isNew = value !== null && isKnown(value) && value !== prior?.[name];
    return notOnDefault === undefined || !isNew ? [] : [{ name, notOnDefault }];
  });
  if (found.length === 0) return [];
  const { fabric, vid } = planned;
  const key = typeof fabric === "string" && typeof vid === "number" ? `${fabric}:${vid}` : undefined;
  const id = prior === undefined ? key && (await tryResolve(region, kindName, key)) : textOf(prior.id);
  const row = id === undefined ? undefined : await region.snapshot.read("vlans", id);
  if (row === undefined || !(await isDefaultVlan(region, row))) return [];
  return found.map(({ name, notOnDefault }) =>
    fault(
      name,
      `the ${title} with id ${textOf(row.id)} is the default one of its fabric, which has no ${name}`,
      notOnDefault,
    ),
  );
}

const DHCP_RULES = rulesOf("MAAS6-DHC-04");

const isChange = (kind: Kind, prior: Attributes | undefined, planned: Attributes): boolean =>
  kind.fields.some(({ name, presence }) => presence !== "computed" && !isDeepStrictEqual(prior?.[name], planned[name]));

/** An object of a run, and what it is checked with. */
export interface Checked extends Surroundings {
  readonly region: Region;
  readonly kind: Kind;
  readonly prior: Attributes | undefined;
  readonly own: PlannedObject;
  readonly moment: Moment;
}

type RegionCheck = (checked: Checked, planned: Attributes) => Promise<Diagnostic[]>;

const checkBeside =
  (name: keyof typeof NEIGHBOURHOODS): RegionCheck =>
  (checked) =>
    (checked.moment === "apply" ? checkNeighboursAtApply : checkNeighbours)(checked, NEIGHBOURHOODS[name], checked.own);

/** What is checked of a kind beyond its own attributes. Absent = nothing. */
const CHECKS: Readonly<Partial<Record<KindName, RegionCheck>>> = {
  network_interface_link: ({ region, prior }, planned) => checkPlannedLink(region, prior, planned),
  vlan: async (checked, planned) => {
    const { region, kind, prior, own, moment } = checked;
    if (moment === "apply") return [];
    const unkept = await unkeptValues(region, kind, prior, planned);
    return [...unkept, ...(await checkVlan(checked, kind, prior, own))];
  },
  subnet: async (checked, planned) => {
    const { region, prior, moment } = checked;
    const moved = moment === "plan" ? await checkMovedSubnet(region, prior, planned) : [];
    return [...moved, ...(await checkBeside("subnet")(checked, planned))];
  },
  ip_range: checkBeside("ip_range"),
  vlan_dhcp: async ({ region, kind, own, moment, planned: others }, planned) => {
    if (!own.isChanged) return [];
    // An interface may move to the VLAN in the same run, so that only apply can tell.
    if (moment === "plan") return checkRelay(region, others, planned);
    const network = new NetworkBuilder();
    await addDhcp(network, region, planned);
    return findingsAt("this DHCP", network.build(), DHCP_RULES).map((finding) => diagnosticOf(kind, finding));
  },
};

/**
 * What the rules say about a planned object in view of what is beside it, on the region and in this run: what synth could
 * not know. Only changes are checked, and what is beside a change, so that a plan without changes costs no call.
 */
export async function checkAgainstRegion(checked: Checked): Promise<Diagnostic[]> {
  const { region, kind, prior, own } = checked;
  const planned = own.attributes ?? {};
  const reserved = await reservedName(region, kind, prior, planned);
  if (reserved.length > 0) return reserved;
  return (await CHECKS[kind.name]?.(checked, planned)) ?? [];
}

/** The object as it is planned. */
export const asPlanned = (kind: Kind, prior: Attributes | undefined, planned: Attributes): PlannedObject => ({
  id: typeof prior?.id === "string" ? prior.id : undefined,
  attributes: planned,
  isChanged: isChange(kind, prior, planned),
});
