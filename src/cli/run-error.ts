import { ProblemError } from "../../lib/model/problem";
import type { RunReport } from "../reconcile/engine/run";
import { failureLines, failuresOf } from "./output/failures";
import { objectName } from "./output/action-words";

/** A run that was not asked for in so many words. Nothing has been changed. */
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
