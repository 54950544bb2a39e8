import { fault, type Problem, type Severity, type Words } from "../../../../lib/model/problem";
import type { ProblemCode } from "../../../../lib/model/problem-codes";

/** What was looked at. */
export type CheckName = "look_up" | "drift" | "dhcp" | "static_range" | "rules";

/**
 * A problem of a live region, at the place where the user said what is not so. `error`: the region is not as desired.
 * `warning`: it is, and may not work as meant. `unknown`: the region does not tell, which is neither a pass nor a failure.
 */
export interface Observation extends Problem<string> {
  readonly check: CheckName;
  readonly severity: Exclude<Severity, "information">;
}

/** An observation; an error unless it says otherwise. */
export function observed(
  check: CheckName,
  code: ProblemCode,
  {
    path,
    severity = "error",
    ...words
  }: Words<string> & { readonly path: string } & Partial<Pick<Observation, "severity">>,
): Observation {
  return { ...fault(code, undefined, words), check, severity, subject: { path } };
}

/** Whether any of them says that the region is not as desired. */
export const hasErrors = (observations: readonly Observation[]): boolean =>
  observations.some(({ severity }) => severity === "error");
