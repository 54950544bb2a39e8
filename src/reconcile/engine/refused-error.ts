import { shown } from "../../../lib/model/printable";
import type { Refusal } from "./guard";

/** One refusal in full: what, why, what it is about and what to do. */
export function refusalText({ id, what, why, fix, about }: Refusal): string {
  return [
    `${id}: ${shown(what)}`,
    ...about.map((object) => `    ${shown(object)}`),
    `  Why: ${shown(why)}`,
    `  Fix: ${shown(fix)}`,
  ].join("\n");
}

/** A plan that is not run, for these reasons. Nothing has been changed. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(readonly refusals: readonly Refusal[]) {
    super(`the plan is refused, and nothing was changed\n\n${refusals.map(refusalText).join("\n\n")}`);
  }
}
