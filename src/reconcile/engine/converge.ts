import { Snapshot } from "../../maas/snapshot";
import type { Region } from "../region";
import { RegionObjects } from "../region-objects";
import { planFor, type Planned, type Prepared } from "./prepare";
import { type RunOptions, type RunReport, runSteps } from "./run";
import { StepWork } from "./step-work";

/** How often a region is planned for anew that has changed something by itself meanwhile. */
const MAX_ROUNDS = 3;

/** What became of a plan. */
export interface Convergence extends RunReport {
  /** The record of the run with the ids of all that is there; absent = the run did not come to its end. */
  readonly record?: string;
  /** How often there was something to do; 1 unless the region changed something by itself. */
  readonly rounds: number;
}

async function runOnce(
  region: Region,
  { plan, ids }: Planned,
  usedSubnets: Prepared["usedSubnets"],
  options: RunOptions,
): Promise<RunReport> {
  const work = new StepWork(new RegionObjects(region), ids, usedSubnets);
  return runSteps(plan.steps, (step) => work.run(step), options);
}

/**
 * Runs a plan, and looks whether the region then is as wanted. It may not be: MAAS deletes a fabric, for one, when the
 * last interface leaves it, wanted or not. What is missing then is made good, {@link MAX_ROUNDS} times at most.
 *
 * The first failure of a step ends it all. What is still different after the last round counts as not tried.
 */
export async function converge(region: Region, prepared: Prepared, options: RunOptions): Promise<Convergence> {
  let report = await runOnce(region, prepared, prepared.usedSubnets, options);
  let rounds = 1;
  for (let current: Planned = prepared; report.failed.length === 0 && report.notTried.length === 0; rounds += 1) {
    const { client } = region;
    const fresh: Region = { client, snapshot: new Snapshot(client) };
    const { request, region: url } = current.plan;
    current = await planFor(fresh, { ...request, record: prepared.record.after }, url);
    const { steps } = current.plan;
    if (steps.length === 0) return { ...report, record: prepared.record.afterWith(current.ids), rounds };
    if (rounds === MAX_ROUNDS) return { ...report, notTried: steps, rounds };
    const next = await runOnce(fresh, current, prepared.usedSubnets, options);
    report = { ...next, done: [...report.done, ...next.done] };
  }
  return { ...report, rounds };
}
