import {
  foldedParts,
  type MarkdownPart,
  type MarkdownRow,
  markdownOf,
  plain,
  tablePart,
  tableRow,
} from "../../../lib/rules/markdown";
import { countsInWords, countsOf, type Report } from "../../../lib/rules/report";
import { reportParts } from "../../../lib/rules/report-markdown";
import { type Problem, withCode } from "../../../lib/model/problem";
import type { Refusal } from "../../reconcile/engine/plan/guard";
import { ACTION_WORDS, type AttributeView, entriesOf, type EntryView, summaryLine } from "./plan-view";
import type { ShownPlan } from "./plan-text";

/** How many attributes a cell shows before they are folded. */
const SHOWN = 3;

function attributeText({ name, live, desired }: AttributeView): string {
  if (live === undefined) return `${plain(name)} = ${plain(desired ?? "none")}`;
  return live === desired
    ? `${plain(name)} = ${plain(live)}`
    : `${plain(name)}: ${plain(live)} → ${plain(desired ?? "none")}`;
}

function attributesCell(attributes: readonly AttributeView[]): string {
  const lines = attributes.map(attributeText).join("<br>");
  if (attributes.length <= SHOWN) return lines;
  return `<details><summary>${attributes.length} attributes</summary>${lines}</details>`;
}

function row({ action, object, formerly, path, attributes, along = [] }: EntryView): MarkdownRow {
  const name = formerly === undefined ? plain(object) : `${plain(object)}<br>now ${plain(formerly)}`;
  const what = [attributesCell(attributes), ...along.map(plain)].filter((text) => text !== "").join("<br>");
  return tableRow(`to ${action}`, [`\`${ACTION_WORDS[action].sign}\` ${action}`, name, what, plain(path ?? "")]);
}

/** Objects that a refusal names. */
const MOST_NAMED = 100;

/** Why, and what to do about it, with the code. */
const advice = ({ code, why = "", fix = "" }: Problem<string>): string =>
  `${plain(why)} **Fix:** ${plain(withCode(fix, code))}`;

function refusalRow(refusal: Refusal): MarkdownRow {
  const { id, what, about } = refusal;
  const more = about.length > MOST_NAMED ? [`- and ${about.length - MOST_NAMED} more`] : [];
  const named = [...about.slice(0, MOST_NAMED).map((object) => `- ${plain(object)}`), ...more];
  const list = ["<details>", `<summary>${about.length} in all</summary>`, "", ...named, "", "</details>", ""];
  const lines = [`#### \`${id}\`: ${plain(what)}`, "", advice(refusal), ""];
  return { group: id, text: [...lines, ...(about.length === 0 ? [] : list)].join("\n") };
}

const warningRow = (warning: Problem<string>): MarkdownRow => ({
  group: warning.code,
  text: `**Warning** (${plain(warning.subject?.path ?? "")}): ${plain(warning.what)}. ${advice(warning)}\n`,
});

/** What the rules say, folded; nothing when they have nothing to say. */
function caveats(report: Report | undefined): readonly MarkdownPart[] {
  if (report === undefined || report.findings.length === 0) return [];
  const parts = foldedParts(`IPv6 caveats: ${countsInWords(countsOf(report))}`, reportParts(report));
  return parts.map((part) => ({ ...part, rank: 3 }));
}

/**
 * A plan for a pull request: a table of the changes, what `apply` would refuse, and the findings of the rules. At most as
 * long as GitHub takes; what would be refused and what is warned of gets room first.
 */
export function planMarkdown(shown: ShownPlan): string {
  const { plan, refusals, report, takenAlong, warnings = [] } = shown;
  const { region, steps, request } = plan;
  const rows = entriesOf(steps, takenAlong).map(row);
  const changes = { ...tablePart(["Action", "Object", "Attributes", "Where"], rows), what: "changes", rank: 2 };
  const refused = { head: ["### This plan would be refused", ""], rows: refusals.map(refusalRow), what: "refusals" };
  return markdownOf([
    {
      head: [`## MAAS networks of ${plain(region)}`, "", `**${summaryLine({ steps, goal: request.goal })}**`, ""],
    },
    ...(rows.length === 0 ? [] : [changes]),
    { head: [], rows: warnings.map(warningRow), what: "warnings", rank: 1 },
    ...(refusals.length === 0 ? [] : [refused]),
    ...caveats(report),
  ]);
}
