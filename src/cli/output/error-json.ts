import { CommanderError } from "commander";
import { MaasConfigError } from "../../maas/config-error";
import { MaasError } from "../../maas/errors";
import type { Step } from "../../reconcile/engine/order";
import { InputFileError } from "../../reconcile/engine/input-file";
import { SavedPlanError } from "../../reconcile/engine/plan";
import { PlanError } from "../../reconcile/engine/plan-error";
import { RecordLockedError } from "../../reconcile/engine/record-store/record-store";
import { RefusedError } from "../../reconcile/engine/refused-error";
import type { RunReport } from "../../reconcile/engine/run";
import { RunError, UnconfirmedError } from "../run-error";
import { failuresOf } from "./failure-view";

/** What a program is told of an error, beyond its message. */
interface ErrorDetails {
  readonly kind: string;
  /** What is wrong, one by one, each with where it is and how to mend it as far as that is known. */
  readonly problems?: readonly object[];
  readonly [more: string]: unknown;
}

const stepJson = ({ action, kind, key, path }: Step): object => ({ action, kind, key, path });

function runDetails({ done, failed, notTried }: RunReport): ErrorDetails {
  return {
    kind: "run",
    problems: failed.flatMap(({ step, error }) =>
      failuresOf(step, error).map((failure) => ({ path: step.path, ...failure })),
    ),
    steps: {
      done: done.map(stepJson),
      failed: failed.map(({ step }) => stepJson(step)),
      not_tried: notTried.map(stepJson),
    },
  };
}

function detailsOf(error: unknown): ErrorDetails {
  if (error instanceof CommanderError) return { kind: "usage" };
  if (error instanceof InputFileError) return { kind: "input", file: error.file, problems: error.problems };
  if (error instanceof RecordLockedError) return { kind: "locked", file: error.file };
  if (error instanceof SavedPlanError) return { kind: "saved_plan" };
  if (error instanceof PlanError) return { kind: "plan", problems: error.problems };
  if (error instanceof RefusedError) return { kind: "refused", refusals: error.refusals };
  if (error instanceof UnconfirmedError) return { kind: "unconfirmed" };
  if (error instanceof RunError) return runDetails(error.report);
  if (error instanceof MaasConfigError)
    return { kind: "configuration", problems: [{ attribute: error.setting, what: error.message }] };
  if (error instanceof MaasError) {
    const { method, path } = error.request;
    return { kind: "maas", request: { method, path } };
  }
  return { kind: "other" };
}

/** An error for programs: one JSON object on one line, always with `error.kind`, `error.message` and `error.problems`. */
export function errorJson(error: unknown): string {
  const { kind, problems = [], ...more } = detailsOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return `${JSON.stringify({ error: { kind, message, problems, ...more } })}\n`;
}
