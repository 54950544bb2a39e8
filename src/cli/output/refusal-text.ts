import type { Refusal } from "../../reconcile/engine/guard";
import { shown } from "../../../lib/model/printable";

/** One refusal in full: what, why, what it is about and what to do. */
export function refusalText({ id, what, why, fix, about }: Refusal): string {
  return [
    `${id}: ${shown(what)}`,
    ...about.map((object) => `    ${shown(object)}`),
    `  Why: ${shown(why)}`,
    `  Fix: ${shown(fix)}`,
  ].join("\n");
}
