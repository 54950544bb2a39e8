import { shown } from "../../lib/model/text";
import { ApiUrl } from "../maas/api-url";
import { MaasAbortedError } from "../maas/errors";
import { RefusedError } from "../reconcile/engine/plan/guard";
import { runSession, type RunSession, type SessionPlan } from "../reconcile/engine/run/session";
import { openRegion } from "../reconcile/kinds";
import type { Region } from "../reconcile/region/region";
import type { ConnectionOptions } from "./connection-options";
import { type EngineInput, readInput, readInputOrPlan } from "./engine-input";
import type { RunOptions } from "./engine-options";
import { withRegion } from "./live-region";
import { planText } from "./output/plan-text";
import { ACTION_WORDS, countsText } from "./output/plan-view";
import { ProgressBar, ProgressLines, type ProgressView } from "./output/progress";
import { RunError, UnconfirmedError } from "./output/run-errors";
import { ask, canAsk, stderr, stdout } from "./output/terminal";
import type { ApplyOptions } from "./plan-command";

/** Does something with the region that an input is for. @throws MaasConfigError, MaasError */
export function withInputRegion<T>(
  { url }: EngineInput,
  options: ConnectionOptions,
  use: (region: Region, url: string) => Promise<T>,
): Promise<T> {
  return withRegion({ ...options, ...(url !== undefined && { url }) }, (client) =>
    // Without a URL there is no client either.
    use(openRegion(client), ApiUrl.parse(url ?? "").toString()),
  );
}

/** The one answer that counts. */
const YES = "yes";

/**
 * Asks before the region is changed.
 * @throws UnconfirmedError when the answer is not yes, or when there is no terminal to ask on.
 */
async function confirm(action: string, signal: AbortSignal): Promise<void> {
  if (!canAsk()) throw new UnconfirmedError("this changes the region, and there is no terminal to ask on: add --yes");
  const answer = await ask(`${action}? Only ${YES} is accepted: `, signal);
  if (answer.trim() !== YES) throw new UnconfirmedError("not confirmed, and nothing was changed");
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that the first SIGINT or SIGTERM asks to come to an end. The second one ends the process, as if nobody
 * had listened.
 */
export async function onInterrupt<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = (): void => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (): void => {
    stopListening();
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
async function run(
  session: RunSession,
  region: Region,
  planned: SessionPlan,
  { concurrency, signal, progress }: { concurrency: number; signal: AbortSignal; progress: ProgressView },
): Promise<void> {
  const report = await session
    .execute(region, planned, { concurrency, signal, onProgress: progress.show.bind(progress) })
    .finally(() => progress.end());
  if (report.record === undefined) throw new RunError(report, signal.aborted);
  stdout.write(`\nDone: ${countsText(report.done, (action) => ACTION_WORDS[action].done)}.\n`);
}

/** What an interrupt means for a run: until its changes begin, it ends at once; then what is under way is finished. */
class Interruption {
  readonly #planning = new AbortController();
  #progress: ProgressView | undefined;

  constructor(readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.#interrupted());
    if (signal.aborted) this.#interrupted();
  }

  #interrupted(): void {
    if (this.#progress === undefined) this.#planning.abort();
    else this.#progress.log("Interrupted: what is under way is finished, and nothing else is begun.\n");
  }

  /** Ends what is done before the changes. */
  get planning(): AbortSignal {
    return this.#planning.signal;
  }

  /** From now on there are changes under way. @throws UnconfirmedError where it is interrupted already */
  begin(progress: ProgressView): void {
    this.check();
    this.#progress = progress;
  }

  /** @throws UnconfirmedError where the run is interrupted before its changes */
  check(): void {
    if (this.planning.aborted) throw new UnconfirmedError("interrupted, and nothing was changed");
  }
}

/** Tells that the record stays locked after a run that has failed. */
export const tellUnreleased = ({ message }: Error): void => stderr.write(`Warning: ${message}\n`);

/**
 * Plans, shows the plan, asks, and runs it.
 *
 * @throws RefusedError, UnconfirmedError before anything is changed; RunError after some of it is.
 */
async function executePlan(input: EngineInput, options: RunOptions): Promise<void> {
  const { force, maxDeletions, concurrency, yes } = options;
  const execute = async (session: RunSession, region: Region, url: string, interruption: Interruption) => {
    const { planning, signal } = interruption;
    const planned = await session.plan(region, { url, maxDeletions, force });
    const { plan, takenAlong, warnings, standing, forced } = planned;
    stdout.write(planText({ plan, refusals: [], takenAlong, warnings }));
    if (standing.length > 0) throw new RefusedError(standing);
    for (const { id, what } of forced) stdout.write(`Forced (${id}): ${shown(what)}.\n`);
    interruption.check();
    if (plan.steps.length === 0) {
      await session.execute(region, planned, { concurrency });
      return;
    }
    if (yes !== true) await confirm(plan.request.goal === "apply" ? "Apply" : "Destroy", planning);
    const progress = progressView(plan.steps.length);
    interruption.begin(progress);
    stdout.write("\n");
    await run(session, region, planned, { concurrency, signal, progress });
  };
  await onInterrupt(async (signal) => {
    const interruption = new Interruption(signal);
    const { planning } = interruption;
    await runSession(
      input.store,
      input.request,
      (session) =>
        withInputRegion(input, { ...options, signal: planning }, (region, url) =>
          execute(session, region, url, interruption),
        ).catch((error: unknown) => {
          if (error instanceof MaasAbortedError) interruption.check();
          throw error;
        }),
      tellUnreleased,
    );
  });
}

/** Does what `cdktf-maas apply` is for. */
export async function apply(document: string, options: ApplyOptions): Promise<void> {
  await executePlan(await readInputOrPlan(document, options), options);
}

/** Does what `cdktf-maas destroy` is for. */
export async function destroy(document: string, options: RunOptions): Promise<void> {
  await executePlan(await readInput(document, "destroy", options), options);
}
