import { xml } from "../model/escape";
import type { ReportPlace } from "./finding-place";
import type { Finding, Report, Unjudged } from "./report";

const attributes = (named: Readonly<Record<string, string | number>>): string =>
  Object.entries(named)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join("");

/** A test of JUnit: one rule for one object, or for all where none is at fault. */
interface Case {
  readonly rule: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What is in the case. */
  readonly body: string;
}

function caseOf(finding: Finding): Case {
  const { id, name, level, where, attribute, what, why, fix, source, suppressed } = finding;
  const at = `${name}: ${where.path}${attribute === undefined ? "" : `, ${attribute}`}`;
  const text = `${what}. ${why}\nFix: ${fix}\nSource: ${source.at} (${source.verified}).`;
  if (suppressed !== undefined) {
    const message = `suppressed: ${suppressed.reason}`;
    return { rule: id, name: at, outcome: "skipped", body: `<skipped${attributes({ message })}/>` };
  }
  // A warning stops no deployment, so it fails no test.
  if (level !== "error")
    return { rule: id, name: at, outcome: "passed", body: `<system-out>${xml(`${level}: ${text}`)}</system-out>` };
  return {
    rule: id,
    name: at,
    outcome: "failed",
    body: `<failure${attributes({ message: what, type: id })}>${xml(text)}</failure>`,
  };
}

function unjudgedCase({ id, where, missing }: Unjudged): Case {
  const message = `not checked yet: ${missing.join(", ")} not known`;
  return { rule: id, name: where.path, outcome: "skipped", body: `<skipped${attributes({ message })}/>` };
}

/** The rules that found nothing: a test that passes each. */
function passedCases({ results }: Report, others: readonly Case[]): Case[] {
  const named = new Set(others.map(({ rule }) => rule));
  return results
    .filter(({ rule, compliant }) => compliant > 0 && !named.has(rule.id))
    .map(({ rule, compliant }) => ({
      rule: rule.id,
      name: `${rule.name}: ${compliant} objects`,
      outcome: "passed",
      body: "",
    }));
}

/** The report as a JUnit file, for pipelines that show tests: an error fails, what is suppressed or can't be judged yet is skipped. */
export function reportJunit(report: Report, { category }: Pick<ReportPlace, "category">): string {
  const { findings, unjudged } = report;
  const told = [...findings.map(caseOf), ...unjudged.map(unjudgedCase)];
  const cases = [...passedCases(report, told), ...told];
  const count = (wanted: Case["outcome"]): number => cases.filter(({ outcome }) => outcome === wanted).length;
  // The whole has no count of what is skipped in the schema of JUnit files.
  const totals = { tests: cases.length, failures: count("failed"), errors: 0 };
  const counts = { ...totals, skipped: count("skipped") };
  const lines = cases.map(({ rule, name, body }) => {
    const head = `    <testcase${attributes({ classname: `${category}.${rule}`, name })}`;
    return body === "" ? `${head}/>` : `${head}>${body}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "cdktf-maas", ...totals })}>`,
    `  <testsuite${attributes({ name: category, ...counts })}>`,
    ...lines,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
