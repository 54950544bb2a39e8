import type { KindName } from "../../../lib/model/field";
import type { Attributes } from "../../../lib/model/known";
import type { Region } from "../region";

/** How objects of a kind can exchange values of which MAAS lets no two objects have the same. */
export interface Exchange {
  /** MAAS's refusal of a value that another object has. */
  readonly refusal: RegExp;
  /** Whether an object can't get the desired values while another one has the live ones. */
  readonly clashes: (desired: Attributes, live: Attributes) => boolean;
  /** Values that nothing else has, for the time of the exchange; undefined = there are none. */
  readonly aside: (region: Region, live: Attributes) => Promise<Attributes | undefined>;
}

interface Refused {
  readonly live: Attributes;
  readonly desired: Attributes;
}

/** Changes of one kind under way that MAAS refuses because of values that other objects have. */
export class Exchanges {
  static readonly #ofRegion = new WeakMap<Region, Map<KindName, Exchanges>>();

  static of(region: Region, kind: KindName): Exchanges {
    const kinds = this.#ofRegion.get(region) ?? new Map<KindName, Exchanges>();
    this.#ofRegion.set(region, kinds);
    const known = kinds.get(kind) ?? new Exchanges();
    kinds.set(kind, known);
    return known;
  }

  readonly #refused = new Map<string, Refused>();

  refuse(id: string, live: Attributes, desired: Attributes): void {
    this.#refused.set(id, { live, desired });
  }

  end(id: string): void {
    this.#refused.delete(id);
  }

  /** The changes that wait for one another, that one among them, by id; empty = it waits for none that waits for it. */
  cycleOf(id: string, { clashes }: Exchange): string[] {
    const waitsFor = (from: string): string[] => {
      const desired = this.#refused.get(from)?.desired ?? {};
      return [...this.#refused].flatMap(([other, { live }]) =>
        other !== from && clashes(desired, live) ? [other] : [],
      );
    };
    const reachableFrom = (from: string): ReadonlySet<string> => {
      const seen = new Set<string>();
      for (const open = waitsFor(from); open.length > 0;) {
        const next = open.pop() ?? "";
        if (!seen.has(next)) open.push(...waitsFor(next));
        seen.add(next);
      }
      return seen;
    };
    const reached = reachableFrom(id);
    return reached.has(id) ? [...reached].filter((other) => reachableFrom(other).has(id)) : [];
  }

  /** Whether the change is in such a cycle, and the one that is to give way: that with the lowest id. */
  isToGiveWay(id: string, exchange: Exchange): boolean {
    const cycle = this.cycleOf(id, exchange);
    return cycle.length > 0 && cycle.every((other) => Number(id) <= Number(other));
  }

  /** What the change is of, as it is now. */
  live(id: string): Attributes | undefined {
    return this.#refused.get(id)?.live;
  }
}
