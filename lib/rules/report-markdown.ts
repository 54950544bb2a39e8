import { shown } from "../model/printable";
import { countsOf, type Finding, type Report } from "./report";
import { countsInWords, unjudgedByRule } from "./report-summary";
import type { Level } from "./rule";

const HEADINGS: readonly (readonly [Level, string])[] = [
  ["error", "Errors"],
  ["warning", "Warnings"],
  ["information", "Notes"],
];

/** Text that Markdown shows as it is, in a table cell too. */
export function plain(text: string): string {
  return shown(text.replace(/\s*\n\s*/g, " "))
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

function place({ where: { path, file, line } }: Finding): string {
  return file === undefined ? plain(path) : `${plain(path)}<br>${plain(file)}${line === undefined ? "" : `:${line}`}`;
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${header.join(" | ")} |`,
  `| ${header.map(() => "---").join(" | ")} |`,
  ...rows.map((row) => `| ${row.join(" | ")} |`),
  "",
];

const details = (summary: string, lines: readonly string[]): string[] => [
  "<details>",
  `<summary>${summary}</summary>`,
  "",
  ...lines,
  "</details>",
  "",
];

function levelSection(findings: readonly Finding[], level: Level, heading: string): string[] {
  const rows = findings.filter((finding) => finding.level === level && finding.suppressed === undefined);
  if (rows.length === 0) return [];
  return [
    `### ${heading}`,
    "",
    ...table(
      ["Rule", "Where", "What", "Fix"],
      rows.map((row) => [row.id, place(row), `${plain(row.what)}. ${plain(row.why)}`, plain(row.fix)]),
    ),
  ];
}

function suppressedSection(findings: readonly Finding[]): string[] {
  const rows = findings.flatMap((finding) =>
    finding.suppressed === undefined ? [] : [{ finding, ...finding.suppressed }],
  );
  if (rows.length === 0) return [];
  return details(
    `${rows.length} suppressed`,
    table(
      ["Rule", "Where", "What", "Reason", "Until"],
      rows.map(({ finding, reason, until }) => [
        finding.id,
        place(finding),
        plain(finding.what),
        plain(reason),
        until ?? "",
      ]),
    ),
  );
}

function unjudgedSection(report: Report): string[] {
  if (report.unjudged.length === 0) return [];
  const rows = [...unjudgedByRule(report)].map(([id, waiting]) => [
    id,
    String(waiting.length),
    plain([...new Set(waiting.flatMap(({ missing }) => missing))].join(", ")),
  ]);
  return details(`${report.unjudged.length} not judged yet`, table(["Rule", "Objects", "Not known yet"], rows));
}

/** The report for a pull request: one table per level; what is suppressed and what could not be judged is folded. */
export function reportMarkdown(report: Report): string {
  return [
    "## IPv6 caveats",
    "",
    `${countsInWords(countsOf(report))}.`,
    "",
    ...HEADINGS.flatMap(([level, heading]) => levelSection(report.findings, level, heading)),
    ...suppressedSection(report.findings),
    ...unjudgedSection(report),
  ].join("\n");
}
