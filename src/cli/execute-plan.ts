import { ProblemError } from "../../lib/model/problem";
import { shown } from "../../lib/model/text";
import { ApiUrl } from "../maas/api-url";
import { Snapshot } from "../maas/snapshot";
import { RefusedError } from "../reconcile/engine/plan/guard";
import type { RunReport } from "../reconcile/engine/run/run";
import { runSession, type RunSession, type SessionPlan } from "../reconcile/engine/run/session";
import type { Region } from "../reconcile/region/region";
import type { EngineInput, RunOptions } from "./engine-input";
import { type ConnectionOptions, withRegion } from "./live-region";
import { ACTION_WORDS, countsText, objectName } from "./output/plan-view";
import { failureLines, failuresOf } from "./output/error-json";
import { planText } from "./output/plan-text";
import { ProgressBar, ProgressLines, type ProgressView } from "./output/progress";
import { ask, canAsk, stdout } from "./output/terminal";

/** A run that was not confirmed. Nothing has been changed. */
export class UnconfirmedError extends ProblemError {
  override readonly name = "UnconfirmedError";
  constructor(message: string) {
    super("MAAS-RUN-08", message);
  }
}

/** How many steps that were not tried a message names. */
const NOT_TRIED_SHOWN = 10;

function notTriedLines({ notTried }: RunReport): string[] {
  if (notTried.length === 0) return [];
  const more = notTried.length - NOT_TRIED_SHOWN;
  return [
    "",
    "Not tried:",
    ...notTried.slice(0, NOT_TRIED_SHOWN).map((step) => `  ${step.action} ${objectName(step)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function summary({ done, failed, notTried }: RunReport, isInterrupted: boolean): string {
  const total = done.length + failed.length + notTried.length;
  const unfinished = isInterrupted ? "the run was interrupted" : "the region keeps changing by itself what was made";
  const happened = failed.length === 0 ? unfinished : `${failed.length} of ${total} changes failed`;
  return `${happened}: ${done.length} done, ${failed.length} failed, ${notTried.length} not tried`;
}

/** A run that did not come to its end. What it has done stays done, and is on record. */
export class RunError extends ProblemError {
  override readonly name = "RunError";
  constructor(
    readonly report: RunReport,
    /** Whether somebody has asked it to end. */
    isInterrupted: boolean,
  ) {
    const failed = report.failed.map(({ step, error }) => ({ step, failures: failuresOf(step, error) }));
    super(
      "MAAS-RUN-09",
      [
        summary(report, isInterrupted),
        ...failed.flatMap(({ step, failures }) => ["", ...failureLines(step, failures)]),
        ...notTriedLines(report),
        "",
        "Run the same command again: it goes on where this one stopped.",
      ].join("\n"),
      failed.flatMap(({ failures }) => failures),
    );
  }
}

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

/** The one answer that counts. */
const YES = "yes";

/**
 * Asks before the region is changed.
 * @throws UnconfirmedError when the answer is not yes, or when there is no terminal to ask on.
 */
async function confirm(action: string): Promise<void> {
  if (!canAsk()) throw new UnconfirmedError("this changes the region, and there is no terminal to ask on: add --yes");
  const answer = await ask(`${action}? Only ${YES} is accepted: `);
  if (answer.trim() !== YES) throw new UnconfirmedError("not confirmed, and nothing was changed");
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that the first SIGINT or SIGTERM asks to come to an end. The second one ends the process, as if nobody
 * had listened.
 */
async function onInterrupt<T>(tell: () => void, use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = (): void => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (): void => {
    stopListening();
    tell();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await use(controller.signal);
  } finally {
    stopListening();
  }
}

/** A bar on a terminal that can draw one, lines elsewhere. */
function progressView(planned: number): ProgressView {
  return stdout.canDraw ? new ProgressBar(planned, stdout) : new ProgressLines(planned, (text) => stdout.write(text));
}

/** @throws RunError unless all is done. */
async function run(session: RunSession, region: Region, planned: SessionPlan, concurrency: number): Promise<void> {
  const progress = progressView(planned.plan.steps.length);
  const { isInterrupted, ...report } = await onInterrupt(
    () => progress.log("Interrupted: what is under way is finished, and nothing else is begun.\n"),
    async (signal) => {
      const onProgress = progress.show.bind(progress);
      const ended = await session.execute(region, planned, { concurrency, signal, onProgress });
      return { ...ended, isInterrupted: signal.aborted };
    },
  ).finally(() => progress.end());
  if (report.record === undefined) throw new RunError(report, isInterrupted);
  stdout.write(`\nDone: ${countsText(report.done, (action) => ACTION_WORDS[action].done)}.\n`);
}

/**
 * Plans, shows the plan, asks, and runs it.
 *
 * @throws RefusedError, UnconfirmedError before anything is changed; RunError after some of it is.
 */
export async function executePlan(input: EngineInput, options: RunOptions): Promise<void> {
  const { force, maxDeletions, concurrency, yes } = options;
  await runSession(input.store, input.request, (session) =>
    withInputRegion(input, options, async (region, url) => {
      const planned = await session.plan(region, { url, maxDeletions, force });
      const { plan, takenAlong, warnings, standing, forced } = planned;
      stdout.write(planText({ plan, refusals: [], takenAlong, warnings }));
      if (standing.length > 0) throw new RefusedError(standing);
      for (const { id, what } of forced) stdout.write(`Forced (${id}): ${shown(what)}.\n`);
      if (plan.steps.length === 0) {
        await session.execute(region, planned, { concurrency });
        return;
      }
      if (yes !== true) await confirm(plan.request.goal === "apply" ? "Apply" : "Destroy");
      stdout.write("\n");
      await run(session, region, planned, concurrency);
    }),
  );
}
