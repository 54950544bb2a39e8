import type { Attributes } from "../../../lib/model/known";
import type { AddressRange } from "../../../lib/model/address-range";

/** What only one object can have: a name, or addresses of what has the name. */
export interface Place {
  readonly name: string;
  /** Absent = all of it. */
  readonly span?: AddressRange;
}

/** The places that an object has, and those that it is to get. */
export interface Wait {
  readonly has: readonly Place[];
  readonly wants: readonly Place[];
  /** The values that an object has, and is to get, whose change has not begun. */
  readonly toCome?: { readonly live: Attributes; readonly desired: Attributes };
}

const clash = (a: Place, b: Place): boolean => a.span === undefined || b.span?.overlaps(a.span) !== false;

/** Objects by their places. */
class Places {
  readonly #byName = new Map<string, Map<string, Place>>();

  add(id: string, places: readonly Place[]): void {
    for (const place of places) {
      const there = this.#byName.get(place.name) ?? new Map<string, Place>();
      this.#byName.set(place.name, there.set(id, place));
    }
  }

  delete(id: string, places: readonly Place[]): void {
    for (const { name } of places) this.#byName.get(name)?.delete(id);
  }

  /** The objects other than this one that can't have their places beside these. */
  clashing(id: string, places: readonly Place[]): string[] {
    return places.flatMap((place) =>
      [...(this.#byName.get(place.name) ?? [])].flatMap(([other, there]) =>
        other !== id && clash(place, there) ? [other] : [],
      ),
    );
  }
}

/** What is reached from an object, step by step. */
class Search {
  readonly seen = new Set<string>();
  readonly #open: string[];

  constructor(
    start: string,
    private readonly next: (id: string) => string[],
  ) {
    this.#open = next(start);
  }

  /** The next object that had not been seen; undefined = there is none. */
  step(): string | undefined {
    for (;;) {
      const id = this.#open.pop();
      if (id === undefined) return undefined;
      if (this.seen.has(id)) continue;
      this.seen.add(id);
      this.#open.push(...this.next(id));
      return id;
    }
  }

  finish(): ReadonlySet<string> {
    while (this.step() !== undefined);
    return this.seen;
  }
}

/** Which of a cycle is to give way: the one with the lowest id, be that a number or not. */
export const givingWay = (cycle: readonly string[]): string | undefined =>
  [...cycle].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];

/** Changes that wait for one another: each for those whose objects have the place that its own is to get. */
export class WaitGraph {
  readonly #waits = new Map<string, Wait>();
  readonly #had = new Places();
  readonly #wanted = new Places();

  /** Adds a change, in place of an earlier one of the object. */
  set(id: string, wait: Wait): void {
    this.delete(id);
    this.#waits.set(id, wait);
    this.#had.add(id, wait.has);
    this.#wanted.add(id, wait.wants);
  }

  get(id: string): Wait | undefined {
    return this.#waits.get(id);
  }

  delete(id: string): void {
    const wait = this.#waits.get(id);
    if (wait === undefined) return;
    this.#had.delete(id, wait.has);
    this.#wanted.delete(id, wait.wants);
    this.#waits.delete(id);
  }

  /** The changes whose objects have the place that the object of this one is to get. */
  waitsFor(id: string): string[] {
    return this.#had.clashing(id, this.#waits.get(id)?.wants ?? []);
  }

  /**
   * The changes that wait for one another, that one among them, by id; empty = it waits for none that waits for it.
   *
   * Looks from both ends, a step at a time, and stops where one of them has no more: a chain that is put together in any
   * order is looked at in n log n steps, however long it becomes.
   */
  cycleOf(id: string): string[] {
    const ahead = new Search(id, (from) => this.waitsFor(from));
    const behind = new Search(id, (from) => this.#waitedForBy(from));
    for (;;) {
      const [one, other] = [ahead.step(), behind.step()];
      if (one === undefined || other === undefined) return [];
      if (behind.seen.has(one) || ahead.seen.has(other)) break;
    }
    const before = behind.finish();
    return [...ahead.finish()].filter((reached) => before.has(reached));
  }

  /** Whether the change is in a cycle, and the one of it that is to give way. */
  isToGiveWay(id: string): boolean {
    return givingWay(this.cycleOf(id)) === id;
  }

  #waitedForBy(id: string): string[] {
    return this.#wanted.clashing(id, this.#waits.get(id)?.has ?? []);
  }
}
