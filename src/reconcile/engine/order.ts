import { DOCUMENT_ORDER } from "../../../lib/model/document";
import { inNaturalOrder } from "../../../lib/model/natural-order";
import type { Change } from "./change";
import type { DesiredObject } from "./desired";
import type { LiveState } from "./live-state";
import { ORDER_RULES } from "./order-rules";
import { makes, type SingleChange, StepGraph } from "./step-graph";

/** One change of a plan, in an order that MAAS accepts. */
export type Step = SingleChange & {
  /** The steps that must be done before this one, by their places in the plan: all of them before its own. */
  readonly after: readonly number[];
};

/** What each change waits for, and whether it could do without. */
type Waits = ReadonlyMap<SingleChange, Map<SingleChange, { readonly isSoft: boolean }>>;

function single(change: Change): SingleChange[] {
  const { action, live: _live, liveKey: _key, id: _id, ...made } = change;
  if (action !== "replace") return [{ ...change, action }];
  const { desired: _, differences: __, ...ended } = change;
  return [
    { ...ended, action: "delete", differences: [] },
    { ...made, action: "create" },
  ];
}

function waitsOf(graph: StepGraph): Waits {
  return new Map(
    graph.changes.map((change) => {
      const waits = new Map<SingleChange, { readonly isSoft: boolean }>();
      for (const { of, after, isSoft = false } of ORDER_RULES) {
        if (of?.includes(change.kind) === false) continue;
        for (const other of after(change, graph)) {
          if (other !== change) waits.set(other, { isSoft: isSoft && waits.get(other)?.isSoft !== false });
        }
      }
      return [change, waits] as const;
    }),
  );
}

/** How many steps, one after the other, have to come before each change; or the changes that wait for each other. */
function depths(waits: Waits): ReadonlyMap<SingleChange, number> | readonly SingleChange[] {
  const done = new Map<SingleChange, number>();
  const waiting: SingleChange[] = [];
  let cycle: readonly SingleChange[] | undefined;
  const visit = (change: SingleChange): number => {
    const known = done.get(change);
    if (known !== undefined || cycle !== undefined) return known ?? 0;
    if (waiting.includes(change)) {
      cycle = waiting.slice(waiting.indexOf(change));
      return 0;
    }
    waiting.push(change);
    const depth = 1 + Math.max(-1, ...[...(waits.get(change)?.keys() ?? [])].map(visit));
    waiting.pop();
    done.set(change, depth);
    return depth;
  };
  for (const change of waits.keys()) visit(change);
  return cycle ?? done;
}

/** What is made goes from what is referred to, what is ended the other way round. */
function rank(change: SingleChange): number {
  const place = DOCUMENT_ORDER.indexOf(change.kind);
  return makes(change) ? place : DOCUMENT_ORDER.length + (DOCUMENT_ORDER.length - place);
}

const isCycle = (result: ReturnType<typeof depths>): result is readonly SingleChange[] => Array.isArray(result);

/** Kinds whose objects can be taken away for a moment: addresses are free in between, or DHCP is off. */
const TAKEN_AWAY: readonly string[] = ["ip_range", "vlan_dhcp"];

/** Changes that can't be made in place because each waits for the other: one of them is deleted and made anew. */
function broken(cycle: readonly SingleChange[], changes: readonly SingleChange[]): SingleChange[] {
  const victim = cycle.find(({ kind, action }) => TAKEN_AWAY.includes(kind) && action === "update");
  if (victim === undefined) {
    const names = cycle.map(({ action, kind, key }) => `${action} ${kind} ${key}`);
    throw new Error(`these changes wait for each other, which is a mistake in cdktf-maas: ${names.join(", ")}`);
  }
  return changes.flatMap((change) => (change === victim ? single({ ...change, action: "replace" }) : [change]));
}

/**
 * The changes as steps, in an order that MAAS accepts and the same for the same changes. Steps that don't wait for each
 * other may run at once.
 */
export function ordered(changes: readonly Change[], desired: readonly DesiredObject[], live: LiveState): Step[] {
  let singles: readonly SingleChange[] = changes.flatMap(single);
  for (;;) {
    const waits = waitsOf(new StepGraph(singles, desired, live));
    let result = depths(waits);
    while (isCycle(result) && loosen(waits, result)) result = depths(waits);
    if (!isCycle(result)) return placed(waits, result);
    singles = broken(result, singles);
  }
}

/** Gives up a wait of the cycle that can be done without. False = there is none. */
function loosen(waits: Waits, cycle: readonly SingleChange[]): boolean {
  for (const [place, change] of cycle.entries()) {
    const next = cycle[(place + 1) % cycle.length];
    const wait = next && waits.get(change)?.get(next);
    if (next !== undefined && wait?.isSoft === true) return waits.get(change)?.delete(next) === true;
  }
  return false;
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
  const kept = new Set<number>();
  const keep = (place: number): void => {
    if (kept.has(place)) return;
    kept.add(place);
    for (const earlier of steps[place]?.after ?? []) keep(earlier);
  };
  for (const [place, step] of steps.entries()) if (isWanted(step)) keep(place);
  const places = [...kept].sort((a, b) => a - b);
  return places.flatMap((place) => {
    const step = steps[place];
    return step === undefined ? [] : [{ ...step, after: step.after.map((earlier) => places.indexOf(earlier)) }];
  });
}
