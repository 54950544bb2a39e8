import type { Dependent } from "../dependents/dependent";
import type { Dependents } from "../dependents/dependents";
import { nameOf } from "./live-state";
import type { Step } from "./order";

/** What MAAS deletes, moves or changes along with an object that a step deletes. */
export interface TakenAlong {
  readonly step: Step;
  /** Of it what no step of the plan takes care of, and what does not belong to a rack of the document. */
  readonly foreign: readonly Dependent[];
  /** Whether nodes, the document's racks among them, use addresses of it: then MAAS deletes it only when forced. */
  readonly isUsed: boolean;
}

/**
 * What the plan's deletions take along.
 *
 * @param racks hostnames or system ids of the racks that serve the networks: what is theirs is expected there.
 */
export async function takenAlong(
  dependents: Dependents,
  steps: readonly Step[],
  racks: ReadonlySet<string>,
): Promise<TakenAlong[]> {
  const handled = new Set(steps.flatMap(({ kind, id }) => (id === undefined ? [] : [nameOf(kind, id)])));
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
