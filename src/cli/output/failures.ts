import { KINDS } from "../../../lib/model/kinds";
import { shown } from "../../../lib/model/printable";
import { adviceLines, fault, type Problem } from "../../../lib/model/problem";
import type { Step } from "../../reconcile/engine/order";
import { failureOf } from "../../reconcile/failure";
import { ACTION_WORDS, objectName } from "./action-words";

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
