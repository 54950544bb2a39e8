import type { ObjectJson } from "../../../../src/maas/codec";
import type { RecordStore } from "../../../../src/reconcile/engine/record/record-store";
import { openRegion } from "../../../../src/reconcile/kinds";
import type { Region } from "../../../../src/reconcile/region/region";
import type { EngineUser } from "../../../support/engine";

/** Where a process dies: before or after a change of the world. */
export interface End {
  /** The number of the change, from 1, or what the name of the first such one matches. */
  readonly at: number | RegExp;
  readonly when: "before" | "after";
}

/** What a run does to the world, one by one: a change of the region, or of the record. The process may die at one of them. */
export class Life {
  readonly effects: string[] = [];
  #isOver = false;

  constructor(private readonly end?: End) {}

  async effect<T>(name: string, happen: () => Promise<T>): Promise<T> {
    this.check();
    this.effects.push(name);
    const { at, when } = this.end ?? {};
    const isEnd = at instanceof RegExp ? at.test(name) : at === this.effects.length;
    this.#isOver = isEnd && when === "before";
    this.check();
    const result = await happen();
    this.#isOver = isEnd;
    this.check();
    return result;
  }

  check(): void {
    if (this.#isOver) throw new Error("the process is gone");
  }
}

/** The user's region, for a process that may die. */
export function regionOf({ api }: EngineUser, life: Life): Region {
  return openRegion({
    get: (...call) => {
      life.check();
      return api.get(...call);
    },
    post: async (path, form, query) =>
      (await life.effect(`POST ${path}`, () => api.post(path, form, query))) as ObjectJson,
    put: (path, form) => life.effect(`PUT ${path}`, () => api.put(path, form)),
    delete: (path) => life.effect(`DELETE ${path}`, () => api.delete(path)),
  });
}

/** The user's store, for a process that may die. */
export const storeOf = ({ store }: EngineUser, life: Life): RecordStore => ({
  name: store.name,
  isKept: true,
  lock: () => store.lock(),
  read: () => store.read(),
  write: (record) => life.effect("record", () => store.write(record)),
  remove: () => life.effect("no record", () => store.remove()),
});
