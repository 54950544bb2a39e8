import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../lib/model/field";
import { ObjectError } from "./object-error";

/** Milliseconds without a removal under way after which this run has none more to begin, as far as can be told. */
const QUIET_MS = 1_000;
/** Milliseconds that a creation waits at most. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;

/** An object can't be created: the region has it, and it may not be taken over. */
export class TakenError extends ObjectError {}

const nameOf = (kind: KindName, id: string): string => `${kind} ${id}`;

/**
 * The removals of this run. Where a key of `for_each` is renamed, Terraform destroys one instance and creates another one
 * with the same natural key, at once and in no order.
 */
export class Endings {
  /** How many removals of an object are under way, by kind and id. */
  readonly #underWay = new Map<string, number>();
  #lastAt = -Infinity;

  async during<T>(kind: KindName, id: string, removal: () => Promise<T>): Promise<T> {
    const name = nameOf(kind, id);
    this.#underWay.set(name, (this.#underWay.get(name) ?? 0) + 1);
    try {
      return await removal();
    } finally {
      const left = (this.#underWay.get(name) ?? 1) - 1;
      if (left > 0) this.#underWay.set(name, left);
      else this.#underWay.delete(name);
      this.#lastAt = performance.now();
    }
  }

  /** Waits for the removals of the object that are under way. @returns whether there were any. */
  async ended(kind: KindName, id: string): Promise<boolean> {
    const name = nameOf(kind, id);
    if (!this.#underWay.has(name)) return false;
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#underWay.has(name) && performance.now() < deadline) await sleep(PAUSE_MS);
    return true;
  }

  /**
   * Creates an object, again after each removal while another one is in its place: the other one may be about to go.
   *
   * @throws what the last try threw.
   */
  async whenFree<T>(create: () => Promise<T>): Promise<T> {
    const began = performance.now();
    for (;;) {
      const seen = this.#lastAt;
      try {
        return await create();
      } catch (error) {
        if (!(error instanceof TakenError) || !(await this.#nextAfter(seen, began))) throw error;
      }
    }
  }

  /** Resolves when a removal has ended since that time: true, or none is under way or about to be: false. */
  async #nextAfter(seen: number, began: number): Promise<boolean> {
    for (;;) {
      if (this.#lastAt > seen) return true;
      const now = performance.now();
      const isQuiet = this.#underWay.size === 0 && now > Math.max(this.#lastAt, began) + QUIET_MS;
      if (isQuiet || now > began + PATIENCE_MS) return false;
      await sleep(PAUSE_MS);
    }
  }
}
