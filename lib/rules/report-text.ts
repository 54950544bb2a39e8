import { shown } from "../model/text";
import { countsInWords, countsOf, type Finding, type Report, unjudgedByRule } from "./report";
import type { Level } from "./rule";

const LABELS: Readonly<Record<Level, string>> = { error: "error", warning: "warning", information: "note" };

function block({ id, level, where, what, why, fix, source, suppressed, related }: Finding): string {
  const place = where.file === undefined ? "" : ` (${where.file}${where.line === undefined ? "" : `:${where.line}`})`;
  const end = suppressed?.until === undefined ? "" : ` (until ${suppressed.until})`;
  return [
    `${suppressed === undefined ? LABELS[level] : "suppressed"} ${id} ${where.path}${place}`,
    `  ${what}.`,
    `  Why: ${why}`,
    `  Fix: ${fix}`,
    ...(related.length === 0 ? [] : [`  See: ${related.map(({ path }) => path).join(", ")}`]),
    `  Source: ${source.at} (${source.verified})`,
    ...(suppressed === undefined ? [] : [`  Reason: ${suppressed.reason}${end}`]),
    "",
  ]
    .map(shown)
    .join("\n");
}

/** Places named per rule; the JSON report has all. */
const SHOWN = 3;

function unjudgedLines(report: Report): string[] {
  return [...unjudgedByRule(report)].map(([id, rows]) => {
    const lacking = [...new Set(rows.flatMap(({ missing }) => missing))];
    const more = lacking.length > SHOWN ? `, and ${lacking.length - SHOWN} more` : "";
    return shown(`  ${id}: ${lacking.slice(0, SHOWN).join(", ")}${more}`);
  });
}

/** The report for a terminal: errors first, then warnings, notes, what is suppressed, and what could not be judged. */
export function reportText(report: Report): string {
  const { findings, unjudged } = report;
  const open = (level: Level) => findings.filter((finding) => finding.level === level && !finding.suppressed);
  const blocks = [
    ...open("error"),
    ...open("warning"),
    ...open("information"),
    ...findings.filter(({ suppressed }) => suppressed !== undefined),
  ].map(block);
  const waiting = unjudged.length === 0 ? [] : ["Not judged yet, for want of:", ...unjudgedLines(report), ""];
  return [...blocks, ...waiting, `IPv6 caveats: ${countsInWords(countsOf(report))}.`, ""].join("\n");
}
