import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import type { Field, KindName } from "../../../../lib/model/field";
import { findField, isManaged, isReported, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { ownersIn } from "../../../../lib/model/natural-key";
import { sameValue } from "../../../../lib/model/spelling";
import { beforeKey, textOf } from "../../../../lib/model/text";
import type { Dependent, Dependents } from "../../dependents/dependents";
import type { LiveObject } from "../../region/live-objects";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";
import type { Step } from "./order";
import type { Action, Change, Diff } from "./diff";

/** The action that takes a recorded object out of the region; undefined = it is left as it is, or goes with its parent. */
function removalOf({ kind, origin, original }: DesiredObject, { comesWithParent }: LiveObject): Action | undefined {
  if (isReported(kind)) return "release";
  if (origin === "adopt" || comesWithParent === true) return original === undefined ? undefined : "release";
  return "delete";
}

/** Whether somebody has changed what is sent of the object since it was recorded. */
export const isMoved = (kind: ManagedKindName, recorded: Attributes, live: Attributes): boolean =>
  KINDS[kind].fields.some(
    (field) =>
      field.formField !== undefined && !sameValue(field, live[field.name] ?? null, recorded[field.name] ?? null),
  );

/** Whether there is something to restore: nothing where it is so already, or where somebody has moved it since. */
function isToBeReleased({ kind, attributes, planned, original }: DesiredObject, live: Attributes): boolean {
  const left = planned === undefined ? [attributes] : [attributes, planned];
  if (isReported(kind) && left.every((recorded) => isMoved(kind, recorded, live))) return false;
  return (
    original === undefined ||
    KINDS[kind].fields
      .filter(({ name, jsonPath }) => jsonPath !== undefined && live[name] !== undefined)
      .some((field) => !sameValue(field, live[field.name] ?? null, original[field.name] ?? null))
  );
}

/**
 * An adopted object that is switched off, for one because a run was cut off while it changed it: what the object was before
 * is still to be restored. Undefined = there is no such object.
 */
export function switchedOff(
  { kind, key, attributes, original }: DesiredObject,
  live: LiveState,
): LiveObject | undefined {
  const { settingOf, fields } = KINDS[kind];
  if (settingOf === undefined || original === undefined) return undefined;
  const { references } = findField(KINDS[kind], settingOf);
  const owner = references && live.find(references, textOf(attributes[settingOf] ?? ""));
  if (owner === undefined) return undefined;
  const none = fields.filter(({ jsonPath }) => jsonPath !== undefined).map(({ name }) => [name, null] as const);
  return { kind, key, id: owner.id, attributes: { ...Object.fromEntries(none), [settingOf]: owner.key } };
}

/** What happens to a recorded object that is no longer wanted: one change, or none. */
export function removal(recorded: DesiredObject, found: LiveObject, liveKey: string): Change[] {
  const action = removalOf(recorded, found);
  if (action === undefined) return [];
  if (action === "release" && !isToBeReleased(recorded, found.attributes)) return [];
  const { kind, path, original } = recorded;
  const { id, key, attributes: live } = found;
  const renamed = liveKey !== key && { liveKey };
  return [{ action, kind, key, path, id, ...renamed, live, differences: [], ...(original && { original }) }];
}

/** Whether the object is a setting of another one and is switched off; see {@link switchedOff}. */
function isSwitchedOff({ kind, live = {} }: Change): boolean {
  const { settingOf } = KINDS[kind];
  return settingOf !== undefined && Object.entries(live).every(([name, value]) => name === settingOf || value === null);
}

/**
 * A rack interface of which nobody knows where it was stays where it is, unless its VLAN goes; and DHCP that is off is not
 * restored on a VLAN that goes.
 */
export function isLeftAlone(change: Change, ended: ReadonlySet<string>): boolean {
  const { kind, live, original } = change;
  const isOff = isSwitchedOff(change);
  if (!isOff && (!isReported(kind) || original !== undefined)) return false;
  const vlan = textOf(live?.vlan ?? "");
  const around = [{ kind: "vlan", key: vlan } as const, ...ownersIn("vlan", vlan)];
  return around.some((owner) => ended.has(nameOf(owner.kind, owner.key))) === isOff;
}

/** The flags of a kind that MAAS takes from several objects at once. */
const flagsOf = (kind: KindName): readonly Field[] =>
  KINDS[kind].fields.filter(({ clearedPer }) => clearedPer !== undefined);

/** Where MAAS takes the flag from all at once. */
const placeOf = (kind: KindName, { name, clearedPer }: Field, attributes: Attributes): string =>
  JSON.stringify([kind, name, clearedPer && attributes[clearedPer]]);

/** Whether the step takes the flag from its object, which stays. */
const takes = ({ action, live, desired, original }: Step, { name }: Field): boolean =>
  live?.[name] === true && action !== "delete" && (desired ?? original)?.[name] === false;

/**
 * The objects that are none of this user's and that lose a flag for a moment while steps take it from others. On record
 * as adopted while the run is under way, they get it back from the next run where this one is cut off in between.
 */
export function clearedAlong(steps: readonly Step[], live: LiveState, own: readonly DesiredObject[]): DesiredObject[] {
  const known = new Set(own.map(({ kind, key }) => nameOf(kind, key)));
  const flagged = grouped(
    live.objects.flatMap((object) =>
      flagsOf(object.kind)
        .filter(({ name }) => object.attributes[name] === true)
        .map((flag) => ({ object, place: placeOf(object.kind, flag, object.attributes) })),
    ),
    ({ place }) => place,
  );
  const places = steps.flatMap((step) =>
    flagsOf(step.kind)
      .filter((flag) => takes(step, flag))
      .map((flag) => placeOf(step.kind, flag, step.live ?? {})),
  );
  const found = [...new Set(places)].flatMap((place) => flagged.get(place) ?? []).map(({ object }) => object);
  return found.filter(({ kind, key }) => !known.has(nameOf(kind, key))).flatMap(asAdopted);
}

function asAdopted({ kind: name, key, id, attributes }: LiveObject): DesiredObject[] {
  const kind = KINDS[name];
  if (!isManaged(kind)) return [];
  const path = `${beforeKey(DOCUMENT_KINDS[name].title)} ${key}`;
  return [{ kind: kind.name, key, path, origin: "adopt", id, attributes, original: attributes }];
}

/** A dependent that no step of the plan takes care of. */
export interface ForeignDependent extends Dependent {
  /** The document has it and keeps it. */
  readonly isWanted?: true;
}

/** What MAAS deletes, moves or changes along with an object that a step deletes. */
export interface TakenAlong {
  readonly step: Step;
  /** Of it what no step of the plan takes care of, and what does not belong to a rack of the document. */
  readonly foreign: readonly ForeignDependent[];
  /** Whether nodes, the document's racks among them, use addresses of it: then MAAS deletes it only when forced. */
  readonly isUsed: boolean;
}

/** Whose things are expected where a plan deletes something. */
export interface Own {
  /** The objects of the document. */
  readonly desired: readonly DesiredObject[];
  /** What former runs have made or adopted of live objects, by their kind and id. */
  readonly known: Diff["known"];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
  /** Hostnames or system ids of the racks that serve the networks: what is theirs is expected there. */
  readonly racks: ReadonlySet<string>;
}

/**
 * Default VLANs that no step changes because nobody can delete them, and that are not somebody else's all the same: they
 * are on record, or go with their fabric.
 */
function ownDefaultVlans(steps: readonly Step[], { known, live }: Own): readonly LiveObject[] {
  const ended = new Set(steps.filter(({ action }) => action === "delete").map(({ kind, key }) => nameOf(kind, key)));
  return live.objects.filter(
    ({ kind, id, comesWithParent, attributes }) =>
      comesWithParent === true &&
      (known.has(nameOf(kind, id)) || ended.has(nameOf("fabric", textOf(attributes.fabric ?? "")))),
  );
}

/** Whether a change in place leaves the objects that it refers to for others. */
const movesOn = ({ kind, differences }: Step): boolean =>
  differences.some(({ name }) => {
    const { references, namesInterface } = findField(KINDS[kind], name);
    return references !== undefined || namesInterface === true;
  });

/** Whether the step sees to what happens to its object. What MAAS deletes is gone after a change in place too. */
const takesCare = (step: Step, effect: Dependent["effect"]): boolean =>
  effect !== "deleted" || step.action !== "update" || movesOn(step);

/** What the plan's deletions take along. */
export async function takenAlong(dependents: Dependents, steps: readonly Step[], own: Own): Promise<TakenAlong[]> {
  const { racks, live: region } = own;
  const ours = new Set(ownDefaultVlans(steps, own).map(({ kind, id }) => nameOf(kind, id)));
  const byObject = grouped(
    steps.filter(({ id }) => id !== undefined),
    ({ kind, id = "" }) => nameOf(kind, id),
  );
  const isHandled = ({ object, effect }: Dependent): boolean => {
    const name = object && nameOf(object.kind, object.id);
    return (
      name !== undefined && (ours.has(name) || byObject.get(name)?.some((step) => takesCare(step, effect)) === true)
    );
  };
  const wanted = new Set(own.desired.map(({ kind, key }) => nameOf(kind, key)));
  const isWanted = ({ object }: Dependent): boolean => {
    const found = object && region.withId(object.kind, object.id);
    return found !== undefined && wanted.has(nameOf(found.kind, found.key));
  };
  const isExpected = ({ rack = [] }: Dependent): boolean => rack.some((name) => racks.has(name));
  const told = new Set<string>();
  const found: TakenAlong[] = [];
  for (const step of steps) {
    const { action, kind, id, live } = step;
    if (action !== "delete" || id === undefined) continue;
    const left = (await dependents.of(kind, id, live)).filter((dependent) => !isHandled(dependent));
    // What is on a VLAN is on its fabric too, and is reported once.
    const foreign = left
      .filter((dependent) => !isExpected(dependent) && !told.has(dependent.what))
      .map((dependent) => ({ ...dependent, ...(isWanted(dependent) && { isWanted: true as const }) }));
    for (const { what } of foreign) told.add(what);
    found.push({ step, foreign, isUsed: left.some(({ isInUse }) => isInUse === true) });
  }
  return found.filter(({ foreign, isUsed }) => foreign.length > 0 || isUsed);
}
