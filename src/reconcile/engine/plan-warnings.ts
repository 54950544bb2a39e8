import type { Report } from "../../../lib/rules/report";
import { KINDS, ofKind } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { movedSubnet } from "../moved-subnet";
import type { Region } from "../region";
import { warningsOf } from "./judge-document";
import { nameOf } from "./live-state";
import type { Step } from "./order";

/** Something that a user should know of a plan, and that stops nobody. */
export interface PlanWarning {
  /** The rule that says it; absent = none does. */
  readonly id?: string;
  /** Where the user said what it is about. */
  readonly path: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** What the steps do to objects beside those that they change. @param ids of live objects, by kind and key. */
export async function stepWarnings(
  region: Region,
  steps: readonly Step[],
  ids: ReadonlyMap<string, string>,
): Promise<PlanWarning[]> {
  const found: PlanWarning[] = [];
  for (const { action, id, path, live, desired, differences } of ofKind(steps, "subnet")) {
    const move = differences.find(({ name }) => name === KINDS.subnet.field.vlan.name);
    if (action !== "update" || id === undefined || move === undefined) continue;
    const key = textOf(move.desired);
    const vlan = ids.get(nameOf("vlan", key)) ?? key;
    const problem = await movedSubnet(region, { ...live, id }, { ...desired, vlan });
    if (problem !== undefined) found.push({ path, ...problem });
  }
  return found;
}

/** What the rules warn of in a document. */
export const ruleWarnings = (report: Report | undefined): PlanWarning[] =>
  report === undefined
    ? []
    : warningsOf(report).map(({ id, where, what, why, fix }) => ({ id, path: where.path, what, why, fix }));
