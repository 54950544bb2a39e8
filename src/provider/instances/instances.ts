import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../../lib/model/field";
import { textOf } from "../../../lib/model/text";
import { TakenError } from "../../reconcile/objects/failure";
import type { Created } from "../../reconcile/objects/object-ops";
import { type HandoverStore, type KnownOfKind, ObjectLife } from "./object-life";
import type { PrivateState } from "./private-state";

/** Milliseconds without a removal or change under way after which this run has none more to begin, as far as is known. */
const QUIET_MS = 1_000;
/** Milliseconds that a creation waits at most for what is in its place to go. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;

/** An object that an instance has made or taken over, and what is kept with it. */
export interface Made {
  readonly created: Created;
  readonly kept: PrivateState;
}

/** What an object is called by. */
export interface ObjectName {
  readonly kind: KindName;
  readonly id: string;
}

interface LivesOfKind extends KnownOfKind {
  readonly lives: Map<string, ObjectLife>;
}

const nothingKnown = (): LivesOfKind => ({
  ...{ lives: new Map(), released: new Map(), postponed: new Map(), unplanned: new Map() },
});

/** What this process of the provider knows of each object whose instances Terraform reads, plans and applies. */
export class Instances {
  readonly #kinds = new Map<KindName, LivesOfKind>();
  #store: HandoverStore | undefined;
  #lastMadeAt = 0;
  /** The removals and changes under way, of all objects, and when the last one ended. */
  #underWay = 0;
  #endedAt = -Infinity;

  /** Keeps handovers there from now on. */
  keepIn(store: HandoverStore | undefined): void {
    this.#store = store;
  }

  /** The life of that object. */
  of(kind: KindName, id: string): ObjectLife {
    const known = this.#kinds.get(kind) ?? nothingKnown();
    this.#kinds.set(kind, known);
    const { lives, ...ofKind } = known;
    const life = lives.get(id) ?? new ObjectLife({ kind, id, store: () => this.#store, ...ofKind });
    lives.set(id, life);
    return life;
  }

  /**
   * What is kept with the instances of the kind that were read and are not planned, by id of the object.
   *
   * Terraform plans what replaces a tainted instance as if there were none, and later destroys the tainted one with the
   * private state of that plan. So that plan keeps the private state of every instance that may be the tainted one: it is
   * read right before, and never planned itself.
   */
  unplanned(kind: KindName): Readonly<Record<string, PrivateState>> {
    return Object.fromEntries(this.#kinds.get(kind)?.unplanned ?? []);
  }

  /** Whether this process has removed, or released, the object, and no instance has it since. */
  isReleased(kind: KindName, id: string): boolean {
    return this.#kinds.get(kind)?.released.has(id) === true;
  }

  /** Whether it has released any object of the kind. */
  hasReleased(kind: KindName): boolean {
    return (this.#kinds.get(kind)?.released.size ?? 0) > 0;
  }

  /**
   * Makes an object or takes it over. Where a key of `for_each` is renamed, Terraform destroys one instance and creates
   * another one with the same natural key, at once and in no order; likewise where an object is renamed and another one gets
   * its name. So the object is made again after each removal or change while another one is in its place, and once the
   * removal has ended of an object that was taken over meanwhile. No removal that begins later touches the object.
   *
   * @throws what the last try threw
   */
  async make(kind: KindName, make: () => Promise<Created>): Promise<Made> {
    const began = performance.now();
    for (;;) {
      const since = performance.now();
      try {
        const created = await make();
        const life = this.of(kind, textOf(created.live.id));
        if (!life.isRemovedSince(since)) return { created, kept: life.made(this.#keptOf(created, life)) };
        await life.removalsEnded();
      } catch (error) {
        if (!(error instanceof TakenError) || !(await this.#vacatedAfter(since, began))) throw error;
      }
    }
  }

  /**
   * Removes an object, unless another instance has it by now.
   *
   * @returns whether it was removed
   */
  async remove(kind: KindName, id: string, kept: PrivateState, removal: () => Promise<void>): Promise<boolean> {
    return this.vacating(() => this.of(kind, id).remove(kept, removal));
  }

  /** Removes or changes an object: what it has given up by then is free for one that is to be made. */
  async vacating<T>(change: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await change();
    } finally {
      this.#underWay -= 1;
      this.#endedAt = performance.now();
    }
  }

  /**
   * Makes the removals that were put off of those objects that are in the way of what is to be deleted.
   *
   * @param inTheWay asked only when there are any.
   */
  async removePostponed(inTheWay: () => Promise<readonly ObjectName[]>): Promise<void> {
    const isAny = [...this.#kinds.values()].some(({ postponed }) => postponed.size > 0);
    for (const { kind, id } of isAny ? await inTheWay() : []) await this.of(kind, id).removePostponed();
  }

  /** Its time is later than those of all instances that this process has made, and of those that had the object. */
  #keptOf({ original }: Created, { latest }: ObjectLife): PrivateState {
    this.#lastMadeAt = Math.max(Date.now(), this.#lastMadeAt + 1, latest + 1);
    return { madeAt: this.#lastMadeAt, ...(original && { original }) };
  }

  /** Resolves when a removal or change has ended since that time: true, or none is under way or about to be: false. */
  async #vacatedAfter(since: number, began: number): Promise<boolean> {
    for (;;) {
      if (this.#endedAt >= since) return true;
      const now = performance.now();
      const isQuiet = this.#underWay === 0 && now > Math.max(this.#endedAt, began) + QUIET_MS;
      if (isQuiet || now > began + PATIENCE_MS) return false;
      await sleep(PAUSE_MS);
    }
  }
}
