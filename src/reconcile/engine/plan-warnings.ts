import type { Problem } from "../../../lib/model/problem";
import { type Report, problemOf } from "../../../lib/rules/report";
import { KINDS, ofKind } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { checkMovedSubnet } from "../moved-subnet";
import type { Region } from "../region";
import { warningsOf } from "./judge-document";
import { nameOf } from "./live-state";
import type { Step } from "./order";

/** What the steps do to objects beside those that they change. @param ids of live objects, by kind and key. */
export async function stepWarnings(
  region: Region,
  steps: readonly Step[],
  ids: ReadonlyMap<string, string>,
): Promise<Problem<string>[]> {
  const found: Problem<string>[] = [];
  for (const { action, id, path, live, desired, differences } of ofKind(steps, "subnet")) {
    const move = differences.find(({ name }) => name === KINDS.subnet.field.vlan.name);
    if (action !== "update" || id === undefined || move === undefined) continue;
    const key = textOf(move.desired);
    const vlan = ids.get(nameOf("vlan", key)) ?? key;
    const problems = await checkMovedSubnet(region, { ...live, id }, { ...desired, vlan });
    found.push(...problems.map((problem) => ({ ...problem, subject: { path } })));
  }
  return found;
}

/** What the rules warn of in a document. */
export const ruleWarnings = (report: Report | undefined): Problem<string>[] =>
  report === undefined ? [] : warningsOf(report).map(problemOf);
