import type { MaasClient } from "../../maas/client";
import type { Snapshot } from "../../maas/snapshot";
import type { Intents } from "../objects/resume";

/** Runs tasks with the same key one after the other, in the order they came; others run at once. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones with that key have ended, successfully or not. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const ended = before.then(task, task);
    this.#last.set(key, ended);
    const forget = (): void => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    };
    void ended.then(forget, forget);
    return ended;
  }
}

/** A live region: the client that talks to it, and what has been read of it so far. */
export interface Region {
  readonly client: Pick<MaasClient, "get" | "post" | "put" | "delete">;
  readonly snapshot: Snapshot;
  /** What runs are about to do, where that is remembered. */
  readonly intents?: Intents;
  /** What runs take from objects of others and are about to restore, where that is remembered. */
  readonly restorations?: Intents;
}

const QUEUES = new WeakMap<Region, KeyedMutex>();

/** Does the work when all earlier work of this run under that key is done: what MAAS changes at once is changed by one. */
export function inTurn<T>(region: Region, key: string, work: () => Promise<T>): Promise<T> {
  const queue = QUEUES.get(region) ?? new KeyedMutex();
  QUEUES.set(region, queue);
  return queue.run(key, work);
}
