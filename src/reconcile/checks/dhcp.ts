import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../../lib/model/known";
import type { Network } from "../../../lib/model/network";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { checkRelay } from "../ops/relay";
import type { PlannedObjects } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import { listed } from "../references/references";
import { liveRack } from "../region/live-network";
import { vlanKey } from "../region/live-objects";
import type { Region } from "../region/region";
import type { Checked } from "./checked";
import { OWN } from "./planned-network";
import { findingsAt, problemOn, rulesOf } from "./rule-findings";

const DHCP_RULES = rulesOf("MAAS6-DHC-04");

async function idOf(
  region: Region,
  kind: "vlan" | "rack_controller",
  value: Value | undefined,
): Promise<Known<string>> {
  return typeof value === "string" ? ((await tryResolve(region, kind, value)) ?? UNKNOWN) : UNKNOWN;
}

/** DHCP with its VLAN and its racks, as a network. */
async function networkOf(region: Region, planned: Attributes): Promise<Network> {
  const { snapshot } = region;
  const vlan = await idOf(region, "vlan", planned.vlan);
  const rackOf = async (value: Value | undefined): Promise<Known<string | null>> =>
    value === null || value === undefined ? null : idOf(region, "rack_controller", value);
  const [primary, secondary] = await Promise.all([
    rackOf(planned.primary_rack_controller),
    rackOf(planned.secondary_rack_controller),
  ]);
  const ids = new Set([primary, secondary].flatMap((id) => (isKnown(id) && id !== null ? [id] : [])));
  const rows = await Promise.all([...ids].map((id) => snapshot.read("rackcontrollers", id)));
  const racks = rows.flatMap((row) =>
    row === undefined ? [] : [liveRack(row, `rack controller ${textOf(row.hostname)}`)],
  );
  const live = isKnown(vlan) ? await snapshot.read("vlans", vlan) : undefined;
  const relay_vlan = planned.relay_vlan === null ? null : UNKNOWN;
  const served = { vlan, primary_rack_controller: primary, secondary_rack_controller: secondary, relay_vlan };
  const made = (key: string, path: string, attributes: Attributes): DocumentObject => ({
    ...{ key, path, origin: "create" },
    attributes,
  });
  const objects: NetworkDocument["objects"] = {
    ...(live !== undefined && isKnown(vlan) && { vlan: [made(vlan, `VLAN ${vlan}`, {})] }),
    vlan_dhcp: [made(OWN, "this DHCP", { ...served, dhcp_on: relay_vlan === null })],
    rack_controller: racks.flatMap(({ rack_controller: rack }) => rack),
    rack_interface: racks.flatMap(({ rack_interface: nics }) => nics),
  };
  return documentNetwork({ objects, suppressions: [] });
}

/** What the rules say of DHCP in view of the racks that are to serve it. */
export async function checkDhcp(checked: Checked, planned: Attributes): Promise<Problem[]> {
  const { region, kind, own, moment, planned: run } = checked;
  if (!own.isChanged) return [];
  // An interface may move to the very VLAN in the same run, so that only apply can tell.
  if (moment === "plan") return [...(await checkRelay(region, run, planned)), ...(await checkReach(checked, planned))];
  return findingsAt("this DHCP", await networkOf(region, planned), DHCP_RULES).map((finding) =>
    problemOn(kind, finding),
  );
}

// MAAS lets a rack controller serve DHCP on a VLAN where it has an interface on any VLAN of that VID, in whatever fabric, and
// refuses the others with "Select a valid choice" (forms/vlan.py, models/node.py filter_by_vids, 3.6.4).

/** The attributes that name racks. */
export const RACKS = ["primary_rack_controller", "secondary_rack_controller"] as const;

const onVid = (rack: ObjectJson, vid: number): readonly ObjectJson[] =>
  rowsOf(rack.interface_set).filter(({ vlan }) => ((vlan ?? null) as ObjectJson | null)?.vid === vid);

/** Why MAAS refuses the rack, and which ones it would take. */
export function unreachable(
  racks: readonly ObjectJson[],
  { hostname, vlan, vid }: { readonly hostname: string; readonly vlan: string; readonly vid: number },
): { readonly what: string; readonly fix: string } {
  const others = racks.flatMap((rack) => {
    const [nic] = onVid(rack, vid);
    return nic === undefined ? [] : [`${textOf(rack.hostname)} (${textOf(nic.name)} on ${vlanKey(nic.vlan) ?? ""})`];
  });
  const own = racks.find((rack) => rack.hostname === hostname);
  const names = rowsOf(own?.interface_set).map(
    ({ name, vlan: on }) => `${textOf(name)} on ${vlanKey(on) ?? "no VLAN"}`,
  );
  return {
    what: `${hostname} has no interface on a VLAN with the VID ${vid}, so that it can't serve DHCP on ${vlan}`,
    fix:
      `${others.length === 0 ? "No rack controller has one" : `Rack controllers that have one: ${listed(others)}`}. ` +
      `${others.length === 0 ? "Put" : "Name one of them, or put"} an interface of ${hostname} on ${vlan}` +
      `${names.length === 0 ? "" : ` (it has ${listed(names)})`}: with a maas_rack_interface, or a RackInterface in CDKTF.`,
  };
}

/** Whether the rack has an interface on a VLAN of that VID: as read, or as this process has moved it since. */
async function reaches({ snapshot }: Region, rack: ObjectJson, vid: number): Promise<boolean> {
  for (const nic of rowsOf(rack.interface_set)) {
    const now = (await snapshot.peek("interfaces", `${textOf(rack.system_id)}/${textOf(nic.id)}`)) ?? nic;
    if (((now.vlan ?? null) as ObjectJson | null)?.vid === vid) return true;
  }
  return false;
}

async function vidOf(region: Region, run: PlannedObjects, vlan: string): Promise<number | undefined> {
  const id = await tryResolve(region, "vlan", vlan);
  const vid = id && (run.find("vlan", id)?.attributes?.vid ?? (await region.snapshot.read("vlans", id))?.vid);
  return vid === undefined || vid === "" ? undefined : Number(textOf(vid));
}

/** Whether this run puts an interface of the rack on a VLAN of that VID, or on one that is still to be made. */
async function isToReach(region: Region, run: PlannedObjects, rack: string, vid: number): Promise<boolean> {
  for (const { attributes } of run.of("rack_interface")) {
    const { rack_controller: owner, vlan } = attributes ?? {};
    const isOwn = typeof owner !== "string" || (await tryResolve(region, "rack_controller", owner)) === rack;
    if (isOwn && (typeof vlan !== "string" || (await vidOf(region, run, vlan)) === vid)) return true;
  }
  return false;
}

/** Racks that MAAS would refuse for planned DHCP, as far as can be known when it is planned. */
async function checkReach(
  { region, planned: run, prior }: Pick<Checked, "region" | "planned" | "prior">,
  planned: Attributes,
): Promise<Problem[]> {
  const { vlan } = planned;
  const changed = RACKS.filter((name) => prior?.[name] !== planned[name] || prior?.vlan !== vlan);
  const vid = typeof vlan === "string" && changed.length > 0 ? await vidOf(region, run, vlan) : undefined;
  if (vid === undefined) return [];
  const found: Problem[] = [];
  for (const name of changed) {
    const key = planned[name];
    const id = typeof key === "string" ? await tryResolve(region, "rack_controller", key) : undefined;
    const rack = id === undefined ? undefined : await region.snapshot.read("rackcontrollers", id);
    if (id === undefined || rack === undefined || (await reaches(region, rack, vid))) continue;
    // Terraform may be about to plan an interface that moves there.
    await run.untilQuiet(() => false);
    if (await isToReach(region, run, id, vid)) continue;
    const hostname = textOf(rack.hostname);
    const racks = await region.snapshot.list("rackcontrollers");
    const { what, fix } = unreachable(racks, { hostname, vlan: `VLAN ${textOf(vlan)}`, vid });
    const more = "Where this configuration has that interface, name it in depends_on here.";
    found.push(fault("MAAS-OPS-21", name, { what, fix: `${fix} ${more}` }));
  }
  return found;
}
