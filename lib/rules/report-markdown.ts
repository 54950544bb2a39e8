import { foldedParts, type MarkdownPart, markdownOf, plain, tablePart, tableRow } from "./markdown";
import { countsInWords, countsOf, type Finding, type Report, unjudgedByRule } from "./report";
import type { Level } from "./rule";

const HEADINGS: readonly (readonly [Level, string])[] = [
  ["error", "Errors"],
  ["warning", "Warnings"],
  ["information", "Notes"],
];

function place({ where: { path, file, line } }: Finding): string {
  return file === undefined ? plain(path) : `${plain(path)}<br>${plain(file)}${line === undefined ? "" : `:${line}`}`;
}

function levelParts(findings: readonly Finding[], level: Level, heading: string): readonly MarkdownPart[] {
  const found = findings.filter((finding) => finding.level === level && finding.suppressed === undefined);
  if (found.length === 0) return [];
  const rows = found.map((row) =>
    tableRow(row.id, [row.id, place(row), `${plain(row.what)}. ${plain(row.why)}`, plain(row.fix)]),
  );
  const table = tablePart(["Rule", "Where", "What", "Fix"], rows);
  return [{ ...table, head: [`### ${heading}`, "", ...table.head], what: heading.toLowerCase() }];
}

function suppressedParts(findings: readonly Finding[]): readonly MarkdownPart[] {
  const rows = findings.flatMap((finding) => {
    const { id, what, suppressed } = finding;
    if (suppressed === undefined) return [];
    return [tableRow(id, [id, place(finding), plain(what), plain(suppressed.reason), suppressed.until ?? ""])];
  });
  if (rows.length === 0) return [];
  const table = tablePart(["Rule", "Where", "What", "Reason", "Until"], rows);
  return foldedParts(`${rows.length} suppressed`, [{ ...table, what: "suppressed findings" }]);
}

function unjudgedParts(report: Report): readonly MarkdownPart[] {
  if (report.unjudged.length === 0) return [];
  const rows = [...unjudgedByRule(report)].map(([id, waiting]) =>
    tableRow(id, [
      id,
      String(waiting.length),
      plain([...new Set(waiting.flatMap(({ missing }) => missing))].join(", ")),
    ]),
  );
  const table = tablePart(["Rule", "Objects", "Not known yet"], rows);
  return foldedParts(`${report.unjudged.length} not judged yet`, [{ ...table, what: "rules" }]);
}

/** The report in parts, for a text that has others as well. */
export const reportParts = (report: Report): readonly MarkdownPart[] => [
  { head: ["## IPv6 caveats", "", `${countsInWords(countsOf(report))}.`, ""] },
  ...HEADINGS.flatMap(([level, heading]) => levelParts(report.findings, level, heading)),
  ...suppressedParts(report.findings),
  ...unjudgedParts(report),
];

/**
 * The report for a pull request: one table per level; what is suppressed and what could not be judged is folded. At most as
 * long as GitHub takes.
 */
export const reportMarkdown = (report: Report): string => markdownOf(reportParts(report));
