import type { KindName } from "../../../lib/model/field";
import { oncePer } from "../../../lib/model/once-per";
import type { MaasClient } from "../../maas/client";
import type { Snapshot } from "../../maas/snapshot";
import type { Intents } from "../objects/intents";
import type { When } from "../objects/planned-state";

/** Whether a task runs alone under its key, or beside other shared ones. */
export type Access = "alone" | "shared";

interface Turn {
  readonly access: Access;
  readonly begins: Promise<unknown>;
  readonly ends: Promise<unknown>;
}

/** Runs tasks with the same key one after the other, in the order they came, shared ones at once; others run at once. */
export class KeyedMutex {
  readonly #last = new Map<string, Turn>();

  /** Runs the task when all earlier ones with that key have ended, successfully or not. */
  run<T>(key: string, task: () => Promise<T>, access: Access = "alone"): Promise<T> {
    const last = this.#last.get(key);
    const isBeside = access === "shared" && last?.access === "shared";
    const begins = (isBeside ? last.begins : last?.ends) ?? Promise.resolve();
    const result = begins.then(task);
    const ends = Promise.allSettled(isBeside ? [last.ends, result] : [result]);
    const turn = { access, begins, ends };
    this.#last.set(key, turn);
    void ends.then(() => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    });
    return result;
  }
}

/** With `when`, a key of an object that this run changes is the one before the run, or the one after it. */
export type Lookup = (region: Region, key: string, when?: When) => Promise<string | undefined>;

/** What is special about the keys that name objects of a kind. What is absent is done by the kind's record alone. */
export interface KeyStrategy {
  /** The id of the object that an id or a natural key names. */
  readonly lookUp?: Lookup;
  /** What there is instead of an object that a key does not find. */
  readonly alternatives?: (region: Region, key: string) => Promise<string[]>;
  /** What else may be the matter where a key names nothing, with what to do. */
  readonly likelyCause?: (region: Region, key: string) => Promise<string | undefined>;
}

/** A live region: the client that talks to it, and what has been read of it so far. */
export interface Region {
  readonly client: Pick<MaasClient, "get" | "post" | "put" | "delete">;
  readonly snapshot: Snapshot;
  /** What is special about the keys of a kind: a key may name objects of other kinds too. */
  readonly keysOf: (kind: KindName) => KeyStrategy;
  /** What runs are about to do, where that is remembered. */
  readonly intents?: Intents;
  /** What runs take from objects of others and are about to restore, where that is remembered. */
  readonly restorations?: Intents;
}

const queueOf = oncePer((_: Region) => new KeyedMutex());

/** Does the work when all earlier work of this run under that key is done: what MAAS changes at once is changed by one. */
export function inTurn<T>(region: Region, key: string, work: () => Promise<T>, access?: Access): Promise<T> {
  return queueOf(region).run(key, work, access);
}
