import { adviceLines, type Problem, withCode } from "../../../lib/model/problem";
import { isRuleId } from "../../../lib/model/problem-codes";
import { shown } from "../../../lib/model/text";
import type { Report } from "../../../lib/rules/report";
import type { Action } from "../../reconcile/engine/plan/diff";
import { refusalText } from "../../reconcile/engine/plan/guard";
import { ruleWarnings } from "../../reconcile/engine/plan/plan-problems";
import type { Prepared } from "../../reconcile/engine/plan/prepare";
import type { Observation } from "../../reconcile/engine/verify/observation";
import type { Verification } from "../../reconcile/engine/verify/verify";
import { ACTION_WORDS, type AttributeView, entriesOf, type EntryView, summaryLine } from "./plan-view";
import { joined, type Style, styled, type Styled } from "./terminal";

/** What is shown of a plan. */
export interface ShownPlan extends Pick<Prepared, "plan" | "refusals"> {
  /** What goes along with what is deleted. */
  readonly takenAlong?: Prepared["takenAlong"];
  /** What the steps do to objects beside those that they change. */
  readonly warnings?: readonly Problem<string>[];
  /** What the rules say of the document. */
  readonly report?: Report;
}

const ACTION_STYLES: Readonly<Record<Action, Style>> = {
  ...{ create: "green", update: "yellow", replace: "magenta", delete: "red", release: "cyan" },
};

/** Width of the column that the signs stand in. */
const SIGN_WIDTH = 3;

function attributeLine({ name, live, desired }: AttributeView, width: number): string {
  const label = name.padEnd(width);
  if (live === undefined) return `${label} = ${desired ?? "none"}`;
  return live === desired ? `${label} = ${live}` : `${label}: ${live} -> ${desired ?? "none"}`;
}

function entryLines({ action, object, formerly, path, attributes, along = [] }: EntryView): Styled[] {
  const { sign } = ACTION_WORDS[action];
  const width = Math.max(0, ...attributes.map(({ name }) => name.length));
  const name = formerly === undefined ? object : `${object} (now ${formerly})`;
  const where = path === undefined ? [] : [" ", styled("dim", `[${path}]`)];
  return [
    [styled(ACTION_STYLES[action], sign.padStart(SIGN_WIDTH)), " ", styled("bold", name), ...where],
    ...attributes.map((attribute) => `${" ".repeat(SIGN_WIDTH + 3)}${attributeLine(attribute, width)}`),
    ...along.map((line) => [" ".repeat(SIGN_WIDTH + 3), styled("red", line)]),
  ];
}

/** One warning in one line. */
function warningLine({ code, subject, what, fix = "" }: Problem<string>): Styled {
  // A rule is named first.
  const text = `[${subject?.path ?? ""}] ${what}. Fix: ${fix}`;
  return [styled("yellow", "warning:"), ` ${shown(isRuleId(code) ? `${code} ${text}` : withCode(text, code))}`];
}

/** A plan as Terraform shows one; after it what is warned of, and what `apply` would refuse. */
export function planText({ plan, refusals, report, takenAlong, warnings = [] }: ShownPlan): Styled {
  const { steps, request, region } = plan;
  const paragraphs: readonly (readonly Styled[])[] = [
    [`Region: ${region}`],
    ...entriesOf(steps, takenAlong).map(entryLines),
    [styled("bold", summaryLine({ steps, goal: request.goal }))],
    [...ruleWarnings(report), ...warnings].map(warningLine),
    refusals.length === 0 ? [] : [styled("red", "This plan would be refused:")],
    ...refusals.map((refusal) => [refusalText(refusal)]),
  ];
  const shownParagraphs = paragraphs.filter((lines) => lines.length > 0).map((lines) => joined(lines, "\n"));
  return [joined(shownParagraphs, "\n\n"), "\n"];
}

type Severity = Observation["severity"];

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", unknown: "cyan" };

const SEVERITY_WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  unknown: ["not reported by the region", "not reported by the region"],
};

const SEVERITIES = Object.keys(SEVERITY_WORDS) as Severity[];

/** `2 errors, 1 warning`. */
export function countsOf(observations: readonly Observation[]): string {
  const counts = SEVERITIES.map(
    (severity) => [severity, observations.filter((one) => one.severity === severity).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0);
  return told.map(([severity, count]) => `${count} ${SEVERITY_WORDS[severity][count === 1 ? 0 : 1]}`).join(", ");
}

/** One observation in one line. */
export const observationLine = ({ what, subject }: Observation): string =>
  `${shown(what)} [${shown(subject?.path ?? "")}]`;

const block = (observation: Observation): Styled =>
  joined(
    [
      [styled(SEVERITY_STYLES[observation.severity], `${observation.severity}:`), ` ${observationLine(observation)}`],
      ...adviceLines(observation),
      "",
    ],
    "\n",
  );

/** What was found: errors first. */
export function verificationText({ isAsDesired, observations }: Verification): Styled {
  const sorted = SEVERITIES.flatMap((severity) => observations.filter((one) => one.severity === severity));
  const counts = observations.length === 0 ? "" : ` (${countsOf(observations)})`;
  const verdict = isAsDesired ? "The region is as the document wants it" : "The region is not as the document wants it";
  return joined([...sorted.map(block), [styled("bold", verdict), `${counts}.`], ""], "\n");
}
