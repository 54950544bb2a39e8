import { grouped } from "../model/lists";
import { shown } from "../model/text";
import { countsInWords, countsOf, type Finding, type Report, unjudgedByRule } from "./report";
import type { Level } from "./verdict";

/**
 * Bytes of a Markdown text at most. GitHub takes 65,536 characters in a comment; CI adds words of its own.
 *
 * @see the API's answer to a longer one: "body is too long (maximum is 65536 characters)"
 */
export const MOST_MARKDOWN = 65_000;

/** Text that Markdown shows as it is, in a table cell too. */
export function plain(text: string): string {
  return (
    shown(text.replace(/\s*\n\s*/g, " "))
      .replace(/[\\`*_[\]|~]/g, "\\$&")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      // GitHub and GitLab tell the person or the issue that a rendered text names, however its characters are written.
      .replace(/(?<=@)(?=\w)|(?<=[#!])(?=\d)/g, "<!-- -->")
  );
}

/** One row of a table, or one item of a list, of a text that may become too long. */
export interface MarkdownRow {
  readonly text: string;
  /** What rows that are left out are counted by. Plain words. */
  readonly group: string;
}

/** A part of a text: what is always there, and rows between it that are left out where there is no room. */
export interface MarkdownPart {
  readonly head: readonly string[];
  readonly rows?: readonly MarkdownRow[];
  readonly tail?: readonly string[];
  /** What the rows are, in the plural: `changes`. */
  readonly what?: string;
  /** Which rows get room first: those of the lowest rank. The order of the parts where it is the same. */
  readonly rank?: number;
}

/** The part as a table. */
export const tablePart = (header: readonly string[], rows: readonly MarkdownRow[]): MarkdownPart => ({
  head: [`| ${header.join(" | ")} |`, `| ${header.map(() => "---").join(" | ")} |`],
  rows,
  tail: [""],
});

export const tableRow = (group: string, cells: readonly string[]): MarkdownRow => ({
  group,
  text: `| ${cells.join(" | ")} |`,
});

/** The parts, folded under a summary. */
export const foldedParts = (summary: string, parts: readonly MarkdownPart[]): readonly MarkdownPart[] => [
  { head: ["<details>", `<summary>${summary}</summary>`, ""] },
  ...parts,
  { head: ["</details>", ""] },
];

/** What is left out of a part, by group: `*Left out, ...: 312 of 500 changes (300 create, 12 update).*` */
function leftOut({ rows = [], what = "rows" }: MarkdownPart, missing: readonly MarkdownRow[]): string[] {
  if (missing.length === 0) return [];
  const groups = [...grouped(missing, ({ group }) => group)].map(([group, { length }]) => `${length} ${group}`);
  const few = "since GitHub takes no more than 65,536 characters";
  return ["", `**Left out**, ${few}: ${missing.length} of ${rows.length} ${what} (${groups.join(", ")}).`];
}

const size = (text: string): number => Buffer.byteLength(text) + 1;

const sizeOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + size(line), 0);

/**
 * The parts as one text of at most {@link MOST_MARKDOWN} bytes: rows for which there is no room are left out, and a line in
 * their place says how many of what they were.
 */
export function markdownOf(parts: readonly MarkdownPart[]): string {
  const frames = parts.reduce((sum, part) => sum + sizeOf([...part.head, ...(part.tail ?? [])]), 0);
  const all = parts.reduce((sum, { rows = [] }) => sum + sizeOf(rows.map(({ text }) => text)), 0);
  const isWhole = frames + all <= MOST_MARKDOWN;
  // Room for saying that all rows are left out: it never takes less to say so of some.
  const words = isWhole ? 0 : parts.reduce((sum, part) => sum + sizeOf(leftOut(part, part.rows ?? [])), 0);
  let room = MOST_MARKDOWN - frames - words;
  const kept = new Set<MarkdownRow>();
  for (const { rows = [] } of [...parts].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)))
    for (const row of rows) {
      if (size(row.text) > room) continue;
      room -= size(row.text);
      kept.add(row);
    }
  return parts
    .flatMap((part) => {
      const { head, rows = [], tail = [] } = part;
      const missing = rows.filter((row) => !kept.has(row));
      const texts = rows.flatMap((row) => (kept.has(row) ? [row.text] : []));
      return [...head, ...texts, ...leftOut(part, missing), ...tail];
    })
    .join("\n");
}

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
  return foldedParts(`${report.unjudged.length} not checked yet`, [{ ...table, what: "rules" }]);
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
