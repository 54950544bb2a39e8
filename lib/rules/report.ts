import type { Place } from "../model/network/objects";
import type { Problem } from "../model/problem";
import type { RuleId } from "../model/problem-codes";
import { shown } from "../model/text";
import type { Kind, Level, RuleInfo, Source } from "./verdict";

const WORDS: Readonly<Record<keyof Counts, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  information: ["note", "notes"],
  suppressed: ["suppressed", "suppressed"],
  unknown: ["not checked yet", "not checked yet"],
};

/** The counts in words: `1 error, 2 warnings`; those that are zero are left out, errors excepted. */
export function countsInWords(counts: Counts): string {
  return (Object.keys(WORDS) as (keyof Counts)[])
    .filter((name) => name === "error" || counts[name] > 0)
    .map((name) => `${counts[name]} ${WORDS[name][counts[name] === 1 ? 0 : 1]}`)
    .join(", ");
}

/** The objects that could not be judged, by rule, in the order of the table. */
export function unjudgedByRule({ unjudged }: Report): Map<string, Unjudged[]> {
  const byRule = new Map<string, Unjudged[]>();
  for (const row of unjudged) {
    const rows = byRule.get(row.id);
    if (rows === undefined) byRule.set(row.id, [row]);
    else rows.push(row);
  }
  return byRule;
}

/** A suppression that holds, as it stands in the report. */
export interface AppliedSuppression {
  readonly reason: string;
  readonly where: string;
  readonly until?: string;
}

/**
 * One violation of one rule by one object. No {@link Problem} by itself, since a rule's verdict has more: the rule's kind, what
 * else has part in it, and what the user says about it. {@link problemOf} gives the problem in it.
 */
export interface Finding {
  readonly id: RuleId;
  readonly name: string;
  readonly level: Level;
  readonly kind: Kind;
  readonly where: Place;
  /** The object's key in the network; absent for findings about suppressions and crashes. */
  readonly key?: string;
  /** The attribute at fault, by its Terraform name. */
  readonly attribute?: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly source: Source;
  readonly related: readonly Place[];
  /** Absent = not suppressed. */
  readonly suppressed?: AppliedSuppression;
}

/** An object that a rule could not judge yet. Never a pass: it is to be checked again at the next moment. */
export interface Unjudged {
  readonly id: string;
  readonly level: Level;
  readonly where: Place;
  readonly key: string;
  /** What must be known first, in words. */
  readonly missing: readonly string[];
}

/** How many objects a rule was asked about, by verdict. */
export interface RuleResult {
  readonly rule: RuleInfo;
  readonly compliant: number;
  readonly violating: number;
  readonly notApplicable: number;
  readonly unknown: number;
}

/** What the rules say about a network. Shape: plain data; the same network gives the same report, whatever its order. */
export interface Report {
  /** In the order of the rule table, then by place. Suppressed ones included. */
  readonly findings: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  /** One entry per rule, in the order of the table. */
  readonly results: readonly RuleResult[];
}

/** The findings that stop a deployment. */
export function errorsOf({ findings }: Report): readonly Finding[] {
  return findings.filter(({ level, suppressed }) => level === "error" && suppressed === undefined);
}

/** Findings by what becomes of them. */
interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
  readonly suppressed: number;
  readonly unknown: number;
}

export function countsOf({ findings, unjudged }: Report): Counts {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  const count = (level: Level) => open.filter((finding) => finding.level === level).length;
  return {
    error: count("error"),
    warning: count("warning"),
    information: count("information"),
    suppressed: findings.length - open.length,
    unknown: unjudged.length,
  };
}

/** The problem in a finding, at its place. Its code is the id of the rule. */
export function problemOf({ id, level, where, attribute, what, why, fix, source }: Finding): Problem<string> {
  const subject = { path: where.path };
  return { code: id, severity: level, subject, ...(attribute !== undefined && { attribute }), what, why, fix, source };
}

/** A finding as one line of text that stands by itself, fit for a terminal. */
export function sentenceOf({ id, where, what, why, fix, source, suppressed }: Finding): string {
  const text = `${id}[${where.path}]: ${what}. ${why} Fix: ${fix} Source: ${source.at} (${source.verified}).`;
  return shown(suppressed === undefined ? text : `${text} Suppressed: ${suppressed.reason}`);
}

/** How often a rule came to which verdict, as the JSON report has it. */
export interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  readonly kind: Kind;
  readonly compliant: number;
  readonly violating: number;
  readonly notApplicable: number;
  readonly unknown: number;
}

/**
 * The JSON report. A change that could break a reader gives it another `version`; new members do not.
 *
 * Shape: `counts` leave suppressed findings out of the levels; `findings` hold them, with `suppressed`; `unjudged` are
 * no passes: what they lack is in `missing`.
 */
export interface ReportDocument {
  readonly format: "cdktf-maas-report";
  readonly version: 1;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  readonly rules: readonly RuleRow[];
}

/** The report as a document, for programs. */
export function reportDocument(report: Report): ReportDocument {
  const { findings, unjudged, results } = report;
  return {
    format: "cdktf-maas-report",
    version: 1,
    counts: countsOf(report),
    findings,
    unjudged,
    rules: results.map(({ rule: { id, name, level, kind }, ...counts }) => ({ id, name, level, kind, ...counts })),
  };
}

/** The report as JSON text, indented, with a newline at its end. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(reportDocument(report), null, 2)}\n`;
}

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
  const waiting =
    unjudged.length === 0 ? [] : ["Not checked yet, because these values are not known:", ...unjudgedLines(report), ""];
  return [...blocks, ...waiting, `IPv6 caveats: ${countsInWords(countsOf(report))}.`, ""].join("\n");
}
