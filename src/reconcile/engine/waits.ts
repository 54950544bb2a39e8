import { ORDER_RULES } from "./order-rules";
import type { SingleChange, StepGraph } from "./step-graph";

/** What each change waits for, and whether it could do without. */
export type Waits = ReadonlyMap<SingleChange, Map<SingleChange, { readonly isSoft: boolean }>>;

export function waitsOf(graph: StepGraph): Waits {
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
export const settle = (waits: Waits): Settled => new Walk(waits);
