import { shown } from "../../lib/model/printable";
import { ApiUrl } from "../maas/api-url";
import { Snapshot } from "../maas/snapshot";
import { converge } from "../reconcile/engine/converge";
import type { Refusal, RefusalId } from "../reconcile/engine/guard";
import { type Prepared, prepare } from "../reconcile/engine/prepare";
import type { Progress } from "../reconcile/engine/run";
import type { Region } from "../reconcile/region";
import { confirm } from "./confirm";
import type { EngineInput } from "./engine-input";
import type { RunOptions } from "./engine-options";
import { onInterrupt } from "./interrupt";
import { type ConnectionOptions, withRegion } from "./live-region";
import { ACTION_WORDS } from "./output/action-words";
import { planText } from "./output/plan-text";
import { countsText } from "./output/plan-view";
import { ProgressLines, type ProgressView } from "./output/progress";
import { ProgressBar } from "./output/progress-bar";
import { stdout } from "./output/terminal";
import { RefusedError, RunError } from "./run-error";

/** Does something with the region that an input is for. @throws MaasConfigError, MaasError */
export function withInputRegion<T>(
  { url }: EngineInput,
  options: ConnectionOptions,
  use: (region: Region, url: string) => Promise<T>,
): Promise<T> {
  return withRegion({ ...options, ...(url !== undefined && { url }) }, (client) =>
    // Without a URL there is no client either.
    use({ client, snapshot: new Snapshot(client) }, ApiUrl.parse(url ?? "").toString()),
  );
}

function stale({ saved }: EngineInput, { plan }: Prepared): Refusal[] {
  if (saved === undefined || saved.hash === plan.hash) return [];
  const again = `cdktf-maas plan${plan.request.goal === "destroy" ? " --destroy" : ""} --format json --output plan.json`;
  return [
    {
      id: "stale",
      what: "the saved plan is stale: made anew, it is another one",
      why: "The region, or the record, has changed since it was made, so that what was agreed to is not what would be done.",
      fix: `Make a plan again and look at it (${again}), or run the one above with --force stale.`,
      about: [],
    },
  ];
}

/** The refusals that the user does not insist on passing. */
export function standing(refusals: readonly Refusal[], forced: readonly RefusalId[]): Refusal[] {
  return refusals.filter(({ id }) => !forced.includes(id));
}

/** @throws RefusedError unless the user insists on all that speaks against the plan. */
function judge(refusals: readonly Refusal[], forced: readonly RefusalId[]): void {
  const open = standing(refusals, forced);
  if (open.length > 0) throw new RefusedError(open);
  for (const { id, what } of refusals) stdout.write(`Forced (${id}): ${shown(what)}.\n`);
}

/** A bar on a terminal that can draw one, lines elsewhere. */
function progressView(planned: number): ProgressView {
  return stdout.canDraw ? new ProgressBar(planned, stdout) : new ProgressLines(planned, (text) => stdout.write(text));
}

/** @returns the record of the run. */
async function runPlan(region: Region, prepared: Prepared, concurrency: number): Promise<string> {
  const progress = progressView(prepared.plan.steps.length);
  const { isInterrupted, ...report } = await onInterrupt(
    () => progress.log("Interrupted: what is under way is finished, and nothing else is begun.\n"),
    async (signal) => {
      const onProgress = (event: Progress): void => progress.show(event);
      const ended = await converge(region, prepared, { concurrency, signal, onProgress });
      return { ...ended, isInterrupted: signal.aborted };
    },
  ).finally(() => progress.end());
  if (report.failed.length > 0 || report.notTried.length > 0) throw new RunError(report, isInterrupted);
  stdout.write(`\nDone: ${countsText(report.done, (action) => ACTION_WORDS[action].done)}.\n`);
  return report.record ?? prepared.record.after;
}

/**
 * Plans, shows the plan, asks, and runs it, with the record written before and after.
 *
 * @throws RefusedError, UnconfirmedError before anything is changed; RunError after some of it is.
 */
export async function carryOut(input: EngineInput, options: RunOptions): Promise<void> {
  await withInputRegion(input, options, async (region, url) => {
    const { force, maxDeletions, concurrency, yes } = options;
    const prepared = await prepare(region, input.request, { url, maxDeletions });
    const { plan, refusals, record, takenAlong, warnings } = prepared;
    stdout.write(planText({ plan, refusals: [], takenAlong, warnings }));
    judge([...stale(input, prepared), ...refusals], force);
    const { goal, existingOnly } = plan.request;
    let after = record.after;
    if (plan.steps.length > 0) {
      if (yes !== true) await confirm(goal === "apply" ? "Apply" : "Destroy");
      stdout.write("\n");
      input.record.write(record.before);
      after = await runPlan(region, prepared, concurrency);
    }
    if (goal === "destroy") input.record.remove();
    // What is only named so far is still to be made by a run that goes on with this record.
    else input.record.write(existingOnly === true ? record.before : after);
  });
}
