import { DOCUMENT_ORDER } from "../../../../lib/model/document";
import { inNaturalOrder } from "../../../../lib/model/lists";
import { ORDER_RULES } from "./order-rules";
import { makes, type SingleChange, StepGraph } from "./step-graph";
import type { DesiredObject, LiveState } from "./read-live";
import type { Change } from "./diff";

/** What each change waits for, and whether it could do without. */
type Waits = ReadonlyMap<SingleChange, Map<SingleChange, { readonly isSoft: boolean }>>;

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

/** An order of changes, as far as there is one. */
export interface Settled {
  /** How many steps, one after the other, have to come before each change. Whole only if nothing is broken. */
  readonly depths: ReadonlyMap<SingleChange, number>;
  /** The changes that can't be made in place, since they and others wait for each other. */
  readonly broken: ReadonlySet<SingleChange>;
}

/** A change whose waits are being looked at. */
interface Visit {
  readonly change: SingleChange;
  readonly waits: Iterator<SingleChange>;
  depth: number;
}

/** Kinds whose objects can be taken away for a moment: addresses are free in between, or DHCP is off. */
const TAKEN_AWAY: readonly string[] = ["ip_range", "vlan_dhcp"];

/** The change to take away, of those that wait for each other. @throws Error when there is none: a mistake in this package. */
function victimOf(cycle: readonly SingleChange[]): number {
  const place = cycle.findIndex(({ kind, action }) => TAKEN_AWAY.includes(kind) && action === "update");
  if (place >= 0) return place;
  const names = cycle.map(({ action, kind, key }) => `${action} ${kind} ${key}`);
  throw new Error(`these changes wait for each other, which is a mistake in cdktf-maas: ${names.join(", ")}`);
}

/** Walks along what changes wait for, depth first, each of them once. Its own stack is as deep as the longest chain. */
class Walk implements Settled {
  readonly depths = new Map<SingleChange, number>();
  readonly broken = new Set<SingleChange>();
  readonly #path: Visit[] = [];
  readonly #places = new Map<SingleChange, number>();

  constructor(private readonly waits: Waits) {
    for (const change of waits.keys()) {
      if (!this.depths.has(change) && !this.broken.has(change)) this.#enter(change);
      for (let last = this.#path.at(-1); last !== undefined; last = this.#path.at(-1)) this.#goOn(last);
    }
  }

  #enter(change: SingleChange): void {
    this.#places.set(change, this.#path.length);
    this.#path.push({ change, waits: (this.waits.get(change) ?? new Map()).keys(), depth: 0 });
  }

  /** Leaves the path from that place on. What is not done is looked at again where another change waits for it. */
  #backTo(place: number): void {
    while (this.#path.length > place) {
      const left = this.#path.pop();
      if (left !== undefined) this.#places.delete(left.change);
    }
  }

  #goOn(last: Visit): void {
    const next = last.waits.next().value as SingleChange | undefined;
    if (next === undefined) {
      this.#backTo(this.#path.length - 1);
      this.depths.set(last.change, last.depth);
      this.#comesAfter(this.#path.at(-1), last.depth);
    } else if (this.depths.has(next)) this.#comesAfter(last, this.depths.get(next) ?? 0);
    else if (this.#places.has(next)) this.#untie(this.#places.get(next) ?? 0);
    else if (!this.broken.has(next)) this.#enter(next);
  }

  #comesAfter(visit: Visit | undefined, depth: number): void {
    if (visit !== undefined) visit.depth = Math.max(visit.depth, depth + 1);
  }

  /** Gives up a wait of the cycle that can be done without; else one of its changes is broken. */
  #untie(from: number): void {
    const cycle = this.#path.slice(from).map(({ change }) => change);
    for (const [place, change] of cycle.entries()) {
      const next = cycle[(place + 1) % cycle.length];
      const waits = this.waits.get(change);
      if (next === undefined || waits?.get(next)?.isSoft !== true) continue;
      waits.delete(next);
      this.#backTo(from + place + 1);
      return;
    }
    const place = victimOf(cycle);
    const victim = cycle[place];
    this.#backTo(from + place);
    if (victim !== undefined) this.broken.add(victim);
  }
}

/** Gives up soft waits until no changes wait for each other, or tells which of them can't be made in place. */
const settle = (waits: Waits): Settled => new Walk(waits);

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
