import { boundsOf } from "../../../lib/model/field";
import { KINDS } from "../../../lib/model/kinds";
import { DEFAULT_MTU } from "../../../lib/model/kinds/vlan";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { isWellFormedKey, parseKey } from "../../../lib/model/natural-key";
import { oncePer } from "../../../lib/model/once-per";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, type ObjectJson, rowsOf } from "../../maas/codec";
import { unlessGone } from "../../maas/errors";
import type { Checked } from "../checks/checked";
import { checkVlan } from "../checks/neighbours";
import { attributesAt, type PlannedChange, type When } from "../objects/planned-state";
import { pausedDhcp, pauseDhcp } from "../ops/dhcp-pause";
import { vidExchange } from "../ops/exchanges";
import { PlannedChanges } from "../planned/planned-changes";
import { tryResolve } from "../references/lookups";
import { listed } from "../references/references";
import { defaultVlanOf, isDefaultVlan } from "../region/live-objects";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

interface VlanKey {
  readonly fabric: string;
  readonly vid: number;
  /** Said as `untagged`. */
  readonly isUntagged: boolean;
}

/** The parts of FABRIC:VID. */
function parseVlan(key: string): VlanKey | undefined {
  const { fabric, vid } = parseKey("vlan", key) ?? {};
  return fabric === undefined ? undefined : { fabric, vid: Number(vid), isUntagged: key.endsWith(":untagged") };
}

/** The VLANs that this run makes or changes and that have that VID at that time, in the fabric with that id. */
async function changedVlans(region: Region, inFabric: string, vid: number, when: When): Promise<PlannedChange[]> {
  const found: PlannedChange[] = [];
  for (const change of PlannedChanges.of(region).having("vlan", "vid", String(vid))) {
    const attributes = attributesAt(change, when);
    if (attributes?.vid !== vid || typeof attributes.fabric !== "string") continue;
    if ((await tryResolve(region, "fabric", attributes.fabric, when)) === inFabric) found.push(change);
  }
  return found;
}

const idOf = (row: ObjectJson | undefined): string | undefined => row && textOf(row.id);

/** The id of a VLAN, from itself or from FABRIC:VID. */
export async function lookUpVlan(region: Region, key: string, when?: When): Promise<string | undefined> {
  if (/^\d+$/.test(key)) return idOf(await region.snapshot.read("vlans", key));
  const parts = isWellFormedKey("vlan", key) ? parseVlan(key) : undefined;
  const inFabric = parts && (await tryResolve(region, "fabric", parts.fabric, when));
  if (parts === undefined || inFabric === undefined) return undefined;
  const [changed] = when === undefined ? [] : await changedVlans(region, inFabric, parts.vid, when);
  if (changed?.id !== undefined) return changed.id;
  const found = await findVlan(region, { fabric: inFabric, vid: parts.vid });
  if (found !== undefined || !parts.isUntagged) return idOf(found);
  // MAAS reads `untagged` as VID 0, and shows the default VLAN so when that has another VID by now.
  const row = await region.snapshot.read("fabrics", inFabric);
  return idOf(row && defaultVlanOf(row));
}

const vlansByVid = oncePer((fabric: ObjectJson) => new Map(rowsOf(fabric.vlans).map((row) => [row.vid, row])));

async function vlanInFabric({ snapshot }: Region, { fabric, vid }: Attributes): Promise<ObjectJson | undefined> {
  const row = await snapshot.read("fabrics", textOf(fabric));
  return row && vlansByVid(row).get(vid);
}

async function findVlan(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const { fabric, vid } = desired;
  const found = await vlanInFabric(region, desired);
  if (found !== undefined) return found;
  const path = apiPath`fabrics/${textOf(fabric)}/vlans/${textOf(vid)}/`;
  return unlessGone(region.client.get(path).then((json) => objectRead(path, json)));
}

async function defaultVlanIn({ snapshot }: Region, fabric: string): Promise<ObjectJson | undefined> {
  const row = await snapshot.read("fabrics", fabric);
  return row && defaultVlanOf(row);
}

/** Whether a default VLAN is as MAAS makes it with a fabric. It shows `untagged` whatever its name is. */
function isAsNew(row: ObjectJson): boolean {
  const { mtu, space, name, dhcp_on: dhcpOn } = decode(KINDS.vlan, row);
  const isRelayed = (row.relay_vlan ?? null) !== null;
  return mtu === DEFAULT_MTU && (space ?? null) === null && (name ?? null) === null && dhcpOn !== true && !isRelayed;
}

/** A VID in place of a VLAN's id is a likely mistake: canonical/maas takes one in some places. Undefined = it is none. */
export async function mistakenVid(region: Region, key: string): Promise<string | undefined> {
  if (parseVlan(key) !== undefined && !isWellFormedKey("vlan", key)) {
    const { vid = "" } = parseKey("vlan", key) ?? {};
    return `A VID is a number from ${boundsOf(KINDS.vlan.field.vid) ?? ""}, or untagged, and "${vid}" is none.`;
  }
  if (!/^\d+$/.test(key)) return undefined;
  const vid = Number(key);
  const there = (await region.snapshot.list("fabrics")).flatMap(({ name, vlans }) =>
    rowsOf(vlans)
      .filter((row) => row.vid === vid)
      .map(({ id }) => `"${textOf(name)}:${key}" (id ${textOf(id)})`),
  );
  const isToBeMade = PlannedChanges.of(region)
    .of("vlan")
    .some(({ planned }) => planned.vid === vid);
  if (there.length === 0 && !isToBeMade) return undefined;
  const made = isToBeMade ? ["the id attribute of the maas_vlan"] : [];
  return `${key} is a VID, not an id, and a VID means nothing without its fabric. Give ${listed([...there, ...made])}.`;
}

/** Values that are new and that MAAS keeps nowhere on the default VLAN of a fabric, whatever its VID. */
async function unkeptValues({ region, kind, prior }: Checked, planned: Attributes): Promise<Problem[]> {
  const found = kind.fields.flatMap(({ name, notOnDefault }) => {
    const value = planned[name] ?? null;
    const isNew = value !== null && isKnown(value) && value !== prior?.[name];
    return notOnDefault === undefined || !isNew ? [] : [{ name, notOnDefault }];
  });
  if (found.length === 0) return [];
  const { fabric, vid } = planned;
  const key = typeof fabric === "string" && typeof vid === "number" ? `${fabric}:${vid}` : undefined;
  const id = prior === undefined ? key && (await lookUpVlan(region, key)) : textOf(prior.id);
  const row = id === undefined ? undefined : await region.snapshot.read("vlans", id);
  if (row === undefined || !(await isDefaultVlan(region, row))) return [];
  return found.map(({ name, notOnDefault }) =>
    fault("MAAS-OBJ-11", name, {
      what: `the ${kind.title} with id ${textOf(row.id)} is the default one of its fabric, which has no ${name}`,
      fix: notOnDefault,
    }),
  );
}

/** VLANs: they live in their fabric, and MAAS makes one with each. */
export const vlan: Strategy = {
  lookUp: lookUpVlan,
  find: findVlan,
  known: vlanInFabric,
  exchange: vidExchange,
  putOtherwise: pauseDhcp,
  warnings: pausedDhcp,
  withParent: { is: isDefaultVlan, of: defaultVlanIn, isUntouched: isAsNew },
  likelyCause: mistakenVid,
  alternatives: async ({ snapshot }, key) => {
    const { fabric: name = "" } = parseVlan(key) ?? {};
    const row = name === "" ? undefined : await snapshot.find("fabrics", name);
    return rowsOf(row?.vlans).map(({ vid }) => `${name}:${vid === 0 ? "untagged" : textOf(vid)}`);
  },
  check: async (checked, planned) => {
    const { kind, prior, own, moment } = checked;
    if (moment === "apply") return [];
    return [...(await unkeptValues(checked, planned)), ...(await checkVlan(checked, kind, prior, own))];
  },
};
