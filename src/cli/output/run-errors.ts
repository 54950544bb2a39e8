import { KINDS } from "../../../lib/model/kinds";
import { adviceLines, fault, type Problem, ProblemError } from "../../../lib/model/problem";
import { shown } from "../../../lib/model/text";
import type { Step } from "../../reconcile/engine/plan/order";
import type { RunReport } from "../../reconcile/engine/run/run";
import { failureOf } from "../../reconcile/objects/failure";
import { ACTION_WORDS, objectName } from "./plan-view";

/** Why a step failed, in MAAS's words where it was MAAS that refused. */
export function failuresOf({ kind, path }: Step, error: unknown): Problem<string>[] {
  const what = error instanceof Error ? error.message : String(error);
  const mistake = fault("MAAS-RUN-12", undefined, { what, fix: "This is a mistake in cdktf-maas." });
  const failures = failureOf(error, KINDS[kind]) ?? [mistake];
  return failures.map((failure) => ({ ...failure, subject: { path } }));
}

/** A failed step and its reasons, with the place where the user said it. */
export function failureLines(step: Step, failures: readonly Problem<string>[]): string[] {
  return [
    `${objectName(step)}: ${ACTION_WORDS[step.action].doing} failed [${shown(step.path)}]`,
    ...failures.map(({ what }) => `  ${shown(what)}`),
    ...new Set(failures.flatMap(adviceLines)),
  ];
}

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
