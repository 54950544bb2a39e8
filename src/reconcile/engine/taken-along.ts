import { textOf } from "../../../lib/model/text";
import type { Dependent } from "../dependents/dependent";
import type { Dependents } from "../dependents/dependents";
import type { LiveObject } from "../live-objects";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";
import type { Step } from "./order";

/** What MAAS deletes, moves or changes along with an object that a step deletes. */
export interface TakenAlong {
  readonly step: Step;
  /** Of it what no step of the plan takes care of, and what does not belong to a rack of the document. */
  readonly foreign: readonly Dependent[];
  /** Whether nodes, the document's racks among them, use addresses of it: then MAAS deletes it only when forced. */
  readonly isUsed: boolean;
}

/** Whose things are expected where a plan deletes something. */
export interface Own {
  /** The objects that former runs have made or adopted. */
  readonly recorded: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
  /** Hostnames or system ids of the racks that serve the networks: what is theirs is expected there. */
  readonly racks: ReadonlySet<string>;
}

/**
 * Default VLANs that no step changes because nobody can delete them, and that are not somebody else's all the same: they
 * are on record, or go with their fabric.
 */
function ownDefaultVlans(steps: readonly Step[], { recorded, live }: Own): readonly LiveObject[] {
  const names = new Set(recorded.map(({ kind, key }) => nameOf(kind, key)));
  const ended = new Set(steps.filter(({ action }) => action === "delete").map(({ kind, key }) => nameOf(kind, key)));
  return live.objects.filter(
    ({ kind, key, comesWithParent, attributes }) =>
      comesWithParent === true &&
      (names.has(nameOf(kind, key)) || ended.has(nameOf("fabric", textOf(attributes.fabric ?? "")))),
  );
}

/** What the plan's deletions take along. */
export async function takenAlong(dependents: Dependents, steps: readonly Step[], own: Own): Promise<TakenAlong[]> {
  const { racks } = own;
  const handled = new Set(
    [...steps, ...ownDefaultVlans(steps, own)].flatMap(({ kind, id }) => (id === undefined ? [] : [nameOf(kind, id)])),
  );
  const isHandled = ({ object }: Dependent): boolean =>
    object !== undefined && handled.has(nameOf(object.kind, object.id));
  const isExpected = ({ rack = [] }: Dependent): boolean => rack.some((name) => racks.has(name));
  const told = new Set<string>();
  const found: TakenAlong[] = [];
  for (const step of steps) {
    const { action, kind, id, live } = step;
    if (action !== "delete" || id === undefined) continue;
    const left = (await dependents.of(kind, id, live)).filter((dependent) => !isHandled(dependent));
    // What is on a VLAN is on its fabric too, and is told once.
    const foreign = left.filter((dependent) => !isExpected(dependent) && !told.has(dependent.what));
    for (const { what } of foreign) told.add(what);
    found.push({ step, foreign, isUsed: left.some(({ isInUse }) => isInUse === true) });
  }
  return found.filter(({ foreign, isUsed }) => foreign.length > 0 || isUsed);
}
