import { type Counts, countsOf, type Finding, type Report, type Unjudged } from "./report";
import type { Kind, Level } from "./rule";

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
