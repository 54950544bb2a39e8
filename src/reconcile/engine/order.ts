import { DOCUMENT_ORDER } from "../../../lib/model/document";
import { inNaturalOrder } from "../../../lib/model/natural-order";
import type { Change } from "./change";
import type { DesiredObject } from "./desired";
import type { LiveState } from "./live-state";
import { makes, type SingleChange, StepGraph } from "./step-graph";
import { settle, type Waits, waitsOf } from "./waits";

/** One change of a plan, in an order that MAAS accepts. */
export type Step = SingleChange & {
  /** The steps that must be done before this one, by their places in the plan: all of them before its own. */
  readonly after: readonly number[];
};

function single(change: Change): SingleChange[] {
  const { action, live: _live, liveKey: _key, id: _id, ...made } = change;
  if (action !== "replace") return [{ ...change, action }];
  const { desired: _, differences: __, ...ended } = change;
  return [
    { ...ended, action: "delete", differences: [] },
    { ...made, action: "create" },
  ];
}

/** What is made goes from what is referred to, what is ended the other way round. */
function rank(change: SingleChange): number {
  const place = DOCUMENT_ORDER.indexOf(change.kind);
  return makes(change) ? place : DOCUMENT_ORDER.length + (DOCUMENT_ORDER.length - place);
}

/**
 * The changes as steps, in an order that MAAS accepts and the same for the same changes. Steps that don't wait for each
 * other may run at once. Changes that can't be made in place are deletions and creations.
 */
export function ordered(changes: readonly Change[], desired: readonly DesiredObject[], live: LiveState): Step[] {
  let singles: readonly SingleChange[] = changes.flatMap(single);
  for (;;) {
    const waits = waitsOf(new StepGraph(singles, desired, live));
    const { depths, broken } = settle(waits);
    if (broken.size === 0) return placed(waits, depths);
    singles = singles.flatMap((change) => (broken.has(change) ? single({ ...change, action: "replace" }) : [change]));
  }
}

function placed(waits: Waits, depth: ReadonlyMap<SingleChange, number>): Step[] {
  const sorted = inNaturalOrder(
    waits.keys(),
    (change) => depth.get(change) ?? 0,
    rank,
    ({ key }) => key,
    ({ action }) => action,
  );
  const places = new Map(sorted.map((change, place) => [change, place]));
  return sorted.map((change) => ({
    ...change,
    after: [...(waits.get(change)?.keys() ?? [])].map((other) => places.get(other) ?? 0).sort((a, b) => a - b),
  }));
}

/** The steps that are wanted, with all that must come before them, as a plan of their own. */
export function restrictedTo(steps: readonly Step[], isWanted: (step: Step) => boolean): Step[] {
  const isKept = steps.map(isWanted);
  // Steps come after those that they wait for, so that one look from the end finds all.
  for (let place = steps.length - 1; place >= 0; place -= 1)
    if (isKept[place] === true) for (const earlier of steps[place]?.after ?? []) isKept[earlier] = true;
  const kept = [...isKept.entries()].flatMap(([place, is]) => (is ? [place] : []));
  const places = new Map(kept.map((place, index) => [place, index]));
  return kept.flatMap((place) => {
    const step = steps[place];
    return step === undefined ? [] : [{ ...step, after: step.after.map((earlier) => places.get(earlier) ?? 0) }];
  });
}
