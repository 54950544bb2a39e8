import type { NetworkDocument } from "../../../../lib/model/document";
import { fault, type Problem, type Severity, type Words } from "../../../../lib/model/problem";
import type { ProblemCode } from "../../../../lib/model/problem-codes";
import type { Region } from "../../region/region";
import type { Planned } from "../plan/prepare";

/** What was looked at. */
export type CheckName = "look_up" | "drift" | "dhcp" | "static_range" | "rules";

/**
 * A problem of a live region, at the place where the user said what is not so. `error`: the region is not as desired.
 * `warning`: it is, and may not work as meant. `unknown`: the region does not report it, which is neither a pass nor a failure.
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

/** One look at a region: what has been read for it is read once. */
export interface Round extends Pick<Planned, "plan" | "live" | "desired"> {
  readonly region: Region;
  readonly document: NetworkDocument;
}
