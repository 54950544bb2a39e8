import type { ObjectJson } from "../../../../src/maas/codec";
import type { RefusalId } from "../../../../src/reconcile/engine/plan/refusals";
import type { RecordStore } from "../../../../src/reconcile/engine/record/record-store";
import type { Convergence } from "../../../../src/reconcile/engine/run/run";
import { runSession, type SessionPlan, type SessionRequest } from "../../../../src/reconcile/engine/run/session";
import { openRegion } from "../../../../src/reconcile/kinds";
import type { Region } from "../../../../src/reconcile/region/region";
import { asRead, type EngineUser } from "../../../support/engine";

/** Where a process dies: before or after a change of the world. */
export interface End {
  /** The number of the change, from 1, or what the name of the first such one matches. */
  readonly at: number | RegExp;
  readonly when: "before" | "after";
}

/** What a user insists on. */
export interface RunSettings {
  readonly force?: readonly RefusalId[];
  readonly maxDeletions?: number;
}

/** What became of a run. */
export interface Run {
  readonly planned: SessionPlan;
  readonly ended: Convergence;
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

  /** Plans and executes in one session of the user's. */
  run(user: EngineUser, request: SessionRequest, { force = [], maxDeletions }: RunSettings = {}): Promise<Run> {
    const whole = { ...request, document: asRead(request.document) };
    return runSession(storeOf(user, this), whole, async (session) => {
      const region = regionOf(user, this);
      const { url } = user.simulator;
      const planned = await session.plan(region, { url, force, ...(maxDeletions !== undefined && { maxDeletions }) });
      return { planned, ended: await session.execute(region, planned, { concurrency: 1 }) };
    });
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
