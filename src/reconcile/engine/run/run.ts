import type { NetworkDocument } from "../../../../lib/model/document";
import type { KindName } from "../../../../lib/model/field";
import { isReported, KINDS } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { textOf } from "../../../../lib/model/text";
import { MaasNotFoundError, MaasValidationError } from "../../../maas/errors";
import { openRegion } from "../../kinds";
import { isRefused, ObjectError, PartialChangeError, TakenError, unmet } from "../../objects/failure";
import { RegionObjects } from "../../region-objects";
import type { Region } from "../../region/region";
import type { Step } from "../plan/order";
import { planFor, type Planned, type Prepared } from "../plan/prepare";
import { nameOf } from "../plan/read-live";

/** What is there although the plan did not see it. Terraform's ways to take it over are none of the engine's. */
function takenMeanwhile({ problem, cause }: TakenError): TakenError {
  const fix =
    "It was not there when the plan was made: plan again. Then set adoptExisting: true on what you mean to take over, or override with --force existing." +
    (cause instanceof MaasValidationError ? ` MAAS said: ${cause.said}` : "");
  return new TakenError({ ...problem, fix }, { cause });
}

/** Executes steps through the same operations that the Terraform provider uses. */
export class StepExecutor {
  readonly #ids: Map<string, string>;

  /**
   * @param ids the ids of live objects, by kind and the keys that steps call them by.
   * @param usedObjects those that are to be deleted although nodes have addresses on them, by kind and key.
   */
  constructor(
    private readonly objects: RegionObjects,
    ids: ReadonlyMap<string, string>,
    private readonly usedObjects: ReadonlySet<string> = new Set(),
  ) {
    this.#ids = new Map(ids);
  }

  /** Says which objects the steps will change, so that one that is in another's way can be moved aside before its step. */
  announce(steps: readonly Step[]): void {
    for (const { kind, id, live = {}, desired, original } of steps) {
      const wanted = desired ?? original;
      if (id === undefined || wanted === undefined) continue;
      const [before, after] = [this.#withIds(kind, live), this.#withIds(kind, wanted)];
      this.objects.announce(KINDS[kind], id, before, { ...before, ...after });
    }
  }

  /** @throws ObjectError, MaasError */
  async run({ action, kind: name, key, id = "", live = {}, desired = {}, original }: Step): Promise<void> {
    const kind = KINDS[name];
    const wanted = this.#withIds(name, desired);
    if (action === "create") {
      const created = await this.objects.create(kind, wanted, false).catch((error: unknown) => {
        throw error instanceof TakenError ? takenMeanwhile(error) : error;
      });
      this.#ids.set(nameOf(name, key), textOf(created.live.id));
      this.#refuseUnmet(name, wanted, created.live);
    } else if (action === "update") {
      this.#refuseUnmet(name, wanted, await this.objects.update(kind, id, this.#withIds(name, live), wanted));
    } else if (action === "delete") {
      const force = this.usedObjects.has(nameOf(name, key));
      await this.objects.remove(kind, id, this.#withIds(name, live), { force });
    } else {
      await this.objects.remove(kind, id, this.#withIds(name, live), {
        original: await this.#restored(name, live, original),
      });
    }
  }

  /** The attributes with ids in place of the keys whose ids are known, so that nothing is looked up twice. */
  #withIds(kind: KindName, attributes: Attributes): Attributes {
    const known = KINDS[kind].fields.flatMap(({ name, references }) => {
      const key = attributes[name];
      const id =
        references !== undefined && typeof key === "string" ? this.#ids.get(nameOf(references, key)) : undefined;
      return id === undefined ? [] : [[name, id] as const];
    });
    return { ...attributes, ...Object.fromEntries(known) };
  }

  /**
   * The attributes that an adopted object is restored to. What it then had none of is emptied, and a reference to what has gone since is
   * dropped. A rack interface of which nothing is known is taken off its VLAN, so that the VLAN can go.
   */
  async #restored(name: KindName, live: Attributes, original: Attributes | undefined): Promise<Attributes> {
    const back: Attributes = { ...this.#withIds(name, live), ...(original && this.#withIds(name, original)) };
    for (const field of KINDS[name].fields) {
      const value = original?.[field.name] ?? null;
      const isEmptied = field.jsonPath !== undefined && field.clearable === true;
      const isPlace = isReported(name) && field.formField !== undefined;
      if (value === null && (isEmptied || isPlace)) back[field.name] = null;
      if (field.references === undefined || typeof value !== "string") continue;
      back[field.name] = await this.#idIfThere(field.references, textOf(back[field.name]));
    }
    return back;
  }

  async #idIfThere(kind: KindName, key: string): Promise<string | null> {
    try {
      return await this.objects.resolve(kind, key);
    } catch (error) {
      if (error instanceof ObjectError) return null;
      throw error;
    }
  }

  #refuseUnmet(kind: KindName, desired: Attributes, live: Attributes): void {
    const [problem] = unmet(KINDS[kind], desired, live);
    if (problem !== undefined) throw new ObjectError(problem);
  }
}

/** How far a step is. */
export type Progress =
  | { readonly state: "started"; readonly step: Step }
  | { readonly state: "done"; readonly step: Step; readonly ms: number }
  | { readonly state: "failed"; readonly step: Step; readonly ms: number; readonly error: unknown };

/** What became of each step. Every step is in exactly one list, in the plan's order. */
export interface RunReport {
  readonly done: readonly Step[];
  readonly failed: readonly { readonly step: Step; readonly error: unknown }[];
  readonly notTried: readonly Step[];
}

export interface RunOptions {
  /** Steps at a time, where the order allows several. */
  readonly concurrency: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run after the steps that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the steps, each after those that it waits for. The first failure ends the run: what is under way is finished,
 * since its result must be known, and nothing else is begun.
 */
export async function runSteps(
  steps: readonly Step[],
  execute: (step: Step) => Promise<void>,
  { concurrency, onProgress, signal }: RunOptions,
): Promise<RunReport> {
  const waitsFor = steps.map(({ after }) => new Set(after));
  const waiting = steps.map((): number[] => []);
  for (const [place, { after }] of steps.entries()) for (const earlier of after) waiting[earlier]?.push(place);
  const ready = steps.flatMap(({ after }, place) => (after.length === 0 ? [place] : []));
  const done = new Set<number>();
  const errors = new Map<number, unknown>();
  const mayGoOn = (): boolean => errors.size === 0 && signal?.aborted !== true;

  const runOne = async (place: number, step: Step): Promise<void> => {
    onProgress?.({ state: "started", step });
    const started = performance.now();
    const ms = (): number => performance.now() - started;
    try {
      await execute(step);
    } catch (error) {
      errors.set(place, error);
      onProgress?.({ state: "failed", step, ms: ms(), error });
      return;
    }
    done.add(place);
    onProgress?.({ state: "done", step, ms: ms() });
    for (const next of waiting[place] ?? []) {
      waitsFor[next]?.delete(place);
      if (waitsFor[next]?.size === 0) ready.push(next);
    }
  };

  const underWay = new Set<Promise<void>>();
  for (;;) {
    while (mayGoOn() && ready.length > 0 && underWay.size < concurrency) {
      ready.sort((a, b) => a - b);
      const place = ready.shift() ?? 0;
      const step = steps[place];
      if (step === undefined) break;
      const running: Promise<void> = runOne(place, step).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  const at = (isIn: (place: number) => boolean): Step[] => steps.filter((_, place) => isIn(place));
  return {
    done: at((place) => done.has(place)),
    failed: [...errors].flatMap(([place, error]) => {
      const step = steps[place];
      return step === undefined ? [] : [{ step, error }];
    }),
    notTried: at((place) => !done.has(place) && !errors.has(place)),
  };
}

/** How often a region is planned for anew that has changed something by itself meanwhile. */
const MAX_ROUNDS = 3;

/** What became of a plan. */
export interface Convergence extends RunReport {
  /** The record of the run with the ids of all that is there; absent = the run did not come to its end. */
  readonly record?: NetworkDocument;
  /** What the run was to create, and has not, by kind and key: it was not tried, it was refused, or somebody else has made it meanwhile. */
  readonly unmade: ReadonlySet<string>;
  /** How often there was something to do; 1 unless the region changed something by itself. */
  readonly rounds: number;
}

async function runOnce(
  region: Region,
  { plan, ids }: Planned,
  usedObjects: Prepared["usedObjects"],
  options: RunOptions,
): Promise<RunReport> {
  const executor = new StepExecutor(new RegionObjects(region), ids, usedObjects);
  executor.announce(plan.steps);
  return runSteps(plan.steps, (step) => executor.run(step), options);
}

/** Whether MAAS refuses a value that names another object, as it does when that one is gone. */
const isReferenceRefused = (kind: KindName, error: unknown): boolean =>
  error instanceof MaasValidationError &&
  KINDS[kind].fields.some(
    ({ name, formField = name, references }) => references !== undefined && formField in error.fields,
  );

/** Whether a step failed for want of an object that the plan counted on, and not by a lost connection or another refusal. */
const wantsObject = ({ failed }: RunReport): boolean =>
  failed.some(({ step: { kind }, error }) => {
    const cause = error instanceof PartialChangeError ? error.cause : error;
    return cause instanceof ObjectError || cause instanceof MaasNotFoundError || isReferenceRefused(kind, cause);
  });

/** Whether the region has the object of a step that failed; true where it does not tell. */
async function isThere(objects: RegionObjects, { kind, desired = {} }: Step): Promise<boolean> {
  try {
    return (await objects.find(KINDS[kind], desired)) !== undefined;
  } catch {
    return true;
  }
}

/** A create that failed may have been carried out all the same, unless it was refused and the object is not there. */
async function unmadeOf(region: Region, { failed, notTried }: RunReport): Promise<ReadonlySet<string>> {
  const objects = new RegionObjects(openRegion(region.client));
  const unmade = [...notTried];
  for (const { step, error } of failed.filter(({ step }) => step.action === "create"))
    if (error instanceof TakenError || (isRefused(error) && !(await isThere(objects, step)))) unmade.push(step);
  return new Set(unmade.filter(({ id }) => id === undefined).map(({ kind, key }) => nameOf(kind, key)));
}

/** Whether something is to be made by now that was there before, and that the plan left there. */
function hasLost(before: Planned, now: Planned): boolean {
  const recreated = new Set(
    before.plan.steps.filter(({ id }) => id === undefined).map(({ kind, key }) => nameOf(kind, key)),
  );
  return now.plan.steps.some(({ action, kind, key }) => {
    const name = nameOf(kind, key);
    return action === "create" && before.ids.has(name) && !recreated.has(name);
  });
}

/**
 * Runs a plan, and looks whether the region then is as wanted. It may not be: MAAS deletes a fabric, for one, when the
 * last interface leaves it, wanted or not. What is missing then is made good, {@link MAX_ROUNDS} times at most.
 *
 * The first failure of a step ends it all, unless it is for want of what MAAS has deleted so. What is still different
 * after the last round counts as not tried.
 */
export async function converge(region: Region, prepared: Prepared, options: RunOptions): Promise<Convergence> {
  let current: Planned = prepared;
  let report = await runOnce(region, prepared, prepared.usedObjects, options);
  for (let rounds = 1; ; rounds += 1) {
    const isDone = report.failed.length === 0 && report.notTried.length === 0;
    const mayGoOn = isDone || (wantsObject(report) && rounds < MAX_ROUNDS && options.signal?.aborted !== true);
    const unmade = await unmadeOf(region, report);
    if (!mayGoOn) return { ...report, unmade, rounds };
    const record = isDone ? prepared.record.after : prepared.record.beforeWithout(unmade);
    const fresh = openRegion(region.client);
    const { request, region: url } = current.plan;
    const next = await planFor(fresh, { ...request, record }, url);
    if (!isDone && !hasLost(current, next)) return { ...report, unmade, rounds };
    const { steps } = next.plan;
    if (steps.length === 0) return { ...report, unmade, record: prepared.record.afterWith(next.ids), rounds };
    if (rounds === MAX_ROUNDS) return { ...report, unmade, notTried: steps, rounds };
    const more = await runOnce(fresh, next, prepared.usedObjects, options);
    report = { ...more, done: [...report.done, ...more.done] };
    current = next;
  }
}
