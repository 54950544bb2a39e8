import { ownersIn } from "../../../lib/model/natural-key";
import { findField, isReported, KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import type { LiveObject } from "../live-objects";
import type { Action, Change } from "./change";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";

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

/** Whether there is something to give back: nothing where it is so already, or where somebody has moved it since. */
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
