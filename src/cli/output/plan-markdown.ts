import { countsOf, type Report } from "../../../lib/rules/report";
import { plain, reportMarkdown } from "../../../lib/rules/report-markdown";
import { countsInWords } from "../../../lib/rules/report-summary";
import { type Problem, withCode } from "../../../lib/model/problem";
import type { Refusal } from "../../reconcile/engine/guard";
import { ACTION_WORDS } from "./action-words";
import { type AttributeView, entriesOf, type EntryView, summaryLine } from "./plan-view";
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

function row({ action, object, formerly, path, attributes, along = [] }: EntryView): string {
  const name = formerly === undefined ? plain(object) : `${plain(object)}<br>now ${plain(formerly)}`;
  return `| \`${ACTION_WORDS[action].sign}\` ${action} | ${name} | ${[attributesCell(attributes), ...along.map(plain)].filter((text) => text !== "").join("<br>")} | ${plain(path ?? "")} |`;
}

const folded = (summary: string, lines: readonly string[]): string[] => [
  "<details>",
  `<summary>${summary}</summary>`,
  "",
  ...lines,
  "",
  "</details>",
  "",
];

/** Why, and what to do about it, with the code. */
const advice = ({ code, why = "", fix = "" }: Problem<string>): string =>
  `${plain(why)} **Fix:** ${plain(withCode(fix, code))}`;

function refusalSection(refusal: Refusal): string[] {
  const { id, what, about } = refusal;
  return [
    `#### \`${id}\`: ${plain(what)}`,
    "",
    advice(refusal),
    "",
    ...(about.length === 0
      ? []
      : folded(
          `${about.length} in all`,
          about.map((object) => `- ${plain(object)}`),
        )),
  ];
}

/** What the rules say, folded; nothing when they have nothing to say. */
function caveats(report: Report | undefined): string[] {
  if (report === undefined || report.findings.length === 0) return [];
  return folded(`IPv6 caveats: ${countsInWords(countsOf(report))}`, [reportMarkdown(report)]);
}

/** A plan for a pull request: a table of the changes, what `apply` would refuse, and the findings of the rules. */
export function planMarkdown(shown: ShownPlan): string {
  const { plan, refusals, report, takenAlong, warnings = [] } = shown;
  const { region, steps, request } = plan;
  const entries = entriesOf(steps, takenAlong);
  return [
    `## MAAS networks of ${plain(region)}`,
    "",
    `**${summaryLine({ steps, goal: request.goal })}**`,
    "",
    ...(entries.length === 0
      ? []
      : ["| Action | Object | Attributes | Where |", "| --- | --- | --- | --- |", ...entries.map(row), ""]),
    ...warnings.flatMap((warning) => [
      `**Warning** (${plain(warning.subject?.path ?? "")}): ${plain(warning.what)}. ${advice(warning)}`,
      "",
    ]),
    ...(refusals.length === 0 ? [] : ["### This plan would be refused", "", ...refusals.flatMap(refusalSection)]),
    ...caveats(report),
  ].join("\n");
}
