import { KINDS } from "../../../lib/model/kinds";
import { shown } from "../../../lib/model/printable";
import { MaasError, MaasValidationError } from "../../maas/errors";
import type { Step } from "../../reconcile/engine/order";
import { failureOf } from "../../reconcile/failure";
import { ACTION_WORDS, objectName } from "./action-words";

/** One reason why a step failed. */
export interface FailureView {
  /** The attribute at fault; absent = the object as a whole. */
  readonly attribute?: string;
  readonly what: string;
  readonly fix: string;
}

/** Why a step failed, in MAAS's words where it was MAAS that refused. */
export function failuresOf({ kind }: Step, error: unknown): FailureView[] {
  const failures = failureOf(error, KINDS[kind]);
  if (failures === undefined)
    return [{ what: error instanceof Error ? error.message : String(error), fix: "This is a mistake in cdktf-maas." }];
  const isPlainRefusal = error instanceof MaasError && !(error instanceof MaasValidationError);
  return failures.map(({ attribute, summary, detail }) => ({
    ...(attribute !== undefined && { attribute }),
    what: isPlainRefusal ? `${summary}: ${error.problem}` : summary,
    fix: error instanceof MaasError ? (error.fix ?? detail) : detail,
  }));
}

/** A failed step and its reasons, with the place where the user said it. */
export function failureLines(step: Step, failures: readonly FailureView[]): string[] {
  return [
    `${objectName(step)}: ${ACTION_WORDS[step.action].doing} failed [${shown(step.path)}]`,
    ...failures.map(({ what }) => `  ${shown(what)}`),
    ...[...new Set(failures.map(({ fix }) => fix))].map((fix) => `  Fix: ${shown(fix)}`),
  ];
}
