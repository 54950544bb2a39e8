import { ownersIn } from "../../../lib/model/natural-key";
import { isReported, KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import type { LiveObject } from "../live-objects";
import type { Action, Change } from "./change";
import type { DesiredObject } from "./desired";
import { nameOf } from "./live-state";

/** The action that takes a recorded object out of the region; undefined = it is left as it is, or goes with its parent. */
function removalOf({ kind, origin, original }: DesiredObject, { comesWithParent }: LiveObject): Action | undefined {
  if (isReported(kind)) return "release";
  if (origin === "adopt" || comesWithParent === true) return original === undefined ? undefined : "release";
  return "delete";
}

/** Whether somebody has changed what is sent of the object since it was recorded. */
const isMoved = (kind: ManagedKindName, recorded: Attributes, live: Attributes): boolean =>
  KINDS[kind].fields.some(
    (field) =>
      field.formField !== undefined && !sameValue(field, live[field.name] ?? null, recorded[field.name] ?? null),
  );

/** Whether there is something to give back: nothing where it is so already, or where somebody has moved it since. */
function isToBeReleased({ kind, attributes, original }: DesiredObject, live: Attributes): boolean {
  if (isReported(kind) && isMoved(kind, attributes, live)) return false;
  return (
    original === undefined ||
    KINDS[kind].fields
      .filter(({ name, jsonPath }) => jsonPath !== undefined && live[name] !== undefined)
      .some((field) => !sameValue(field, live[field.name] ?? null, original[field.name] ?? null))
  );
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

/** A rack interface of which nobody knows where it was stays where it is, unless its VLAN goes. */
export function isLeftAlone({ kind, live, original }: Change, ended: ReadonlySet<string>): boolean {
  if (!isReported(kind) || original !== undefined) return false;
  const vlan = textOf(live?.vlan ?? "");
  const around = [{ kind: "vlan", key: vlan } as const, ...ownersIn("vlan", vlan)];
  return !around.some((owner) => ended.has(nameOf(owner.kind, owner.key)));
}
