import { type Problem, ProblemError, problemJson } from "../../../lib/model/problem";
import type { ProblemCode } from "../../../lib/model/problem-codes";
import { MaasConfigError } from "../../maas/config-error";
import { MaasError } from "../../maas/errors";
import { InputFileError } from "../../reconcile/engine/input-error";
import { RefusedError } from "../../reconcile/engine/plan/guard";
import type { Step } from "../../reconcile/engine/plan/order";
import { SavedPlanError } from "../../reconcile/engine/plan/plan";
import { PlanError } from "../../reconcile/engine/plan/plan-problems";
import { RecordLockedError } from "../../reconcile/engine/record/record-store";
import { RunError, UnconfirmedError } from "./run-errors";

/** What a program is told of an error, beyond its message, its code and its problems. */
interface ErrorDetails {
  readonly kind: string;
  readonly [more: string]: unknown;
}

/** Whether commander has thrown it. Its class is not asked: in the package, the command line and its commands have one each. */
const isUsage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("commander.");

const stepJson = ({ action, kind, key, path }: Step): object => ({ action, kind, key, path });

function detailsOf(error: unknown): ErrorDetails {
  if (isUsage(error)) return { kind: "usage" };
  if (error instanceof InputFileError) return { kind: "input", file: error.file };
  if (error instanceof RecordLockedError) return { kind: "locked", file: error.file };
  if (error instanceof SavedPlanError) return { kind: "saved_plan" };
  if (error instanceof PlanError) return { kind: "plan" };
  if (error instanceof RefusedError) return { kind: "refused", refusals: error.refusals };
  if (error instanceof UnconfirmedError) return { kind: "unconfirmed" };
  if (error instanceof MaasConfigError) return { kind: "configuration" };
  if (error instanceof MaasError) {
    const { method, path } = error.request;
    return { kind: "maas", request: { method, path } };
  }
  if (!(error instanceof RunError)) return { kind: "other" };
  const { done, failed, notTried } = error.report;
  return {
    kind: "run",
    steps: {
      done: done.map(stepJson),
      failed: failed.map(({ step }) => stepJson(step)),
      not_tried: notTried.map(stepJson),
    },
  };
}

/** The code of an error, and its problems one by one. What has no code of its own is a mistake of this program. */
function problemsOf(error: unknown): { readonly code: ProblemCode; readonly problems: readonly Problem[] } {
  if (error instanceof ProblemError) return error;
  return { code: isUsage(error) ? "MAAS-RUN-11" : "MAAS-RUN-12", problems: [] };
}

/** An error for programs: one JSON object on one line, always with `error.kind`, `error.code`, `error.message` and `error.problems`. */
export function errorJson(error: unknown): string {
  const { kind, ...more } = detailsOf(error);
  const { code, problems } = problemsOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return `${JSON.stringify({ error: { kind, code, message, problems: problems.map(problemJson), ...more } })}\n`;
}
