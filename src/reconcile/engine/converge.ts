import type { NetworkDocument } from "../../../lib/model/document";
import { MaasNotFoundError } from "../../maas/errors";
import { Snapshot } from "../../maas/snapshot";
import { ObjectError } from "../object-error";
import type { Region } from "../region";
import { RegionObjects } from "../region-objects";
import { nameOf } from "./live-state";
import { planFor, type Planned, type Prepared } from "./prepare";
import { type RunOptions, type RunReport, runSteps } from "./run";
import { StepExecutor } from "./step-executor";

/** How often a region is planned for anew that has changed something by itself meanwhile. */
const MAX_ROUNDS = 3;

/** What became of a plan. */
export interface Convergence extends RunReport {
  /** The record of the run with the ids of all that is there; absent = the run did not come to its end. */
  readonly record?: NetworkDocument;
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
  return runSteps(plan.steps, (step) => executor.run(step), options);
}

/** Whether a step failed for want of an object that the plan counted on, and not by a lost connection or a refusal. */
const wantsObject = ({ failed }: RunReport): boolean =>
  failed.some(({ error }) => error instanceof ObjectError || error instanceof MaasNotFoundError);

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
  const { client } = region;
  let current: Planned = prepared;
  let record = prepared.record.after;
  let report = await runOnce(region, prepared, prepared.usedObjects, options);
  for (let rounds = 1; ; rounds += 1) {
    const isDone = report.failed.length === 0 && report.notTried.length === 0;
    const mayGoOn = isDone || (wantsObject(report) && rounds < MAX_ROUNDS && options.signal?.aborted !== true);
    if (!mayGoOn) return { ...report, rounds };
    // What was not tried is still on record, as for a run that was cut off.
    if (!isDone) record = prepared.record.before;
    const fresh: Region = { client, snapshot: new Snapshot(client) };
    const { request, region: url } = current.plan;
    const next = await planFor(fresh, { ...request, record }, url);
    if (!isDone && !hasLost(current, next)) return { ...report, rounds };
    const { steps } = next.plan;
    if (steps.length === 0) return { ...report, record: prepared.record.afterWith(next.ids), rounds };
    if (rounds === MAX_ROUNDS) return { ...report, notTried: steps, rounds };
    const more = await runOnce(fresh, next, prepared.usedObjects, options);
    report = { ...more, done: [...report.done, ...more.done] };
    current = next;
  }
}
