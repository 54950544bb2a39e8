import type { Formatter, Colors } from "picocolors/types";
import type { Report } from "../../../lib/rules/report";
import type { Action } from "../../reconcile/engine/change";
import { type PlanWarning, ruleWarnings } from "../../reconcile/engine/plan-warnings";
import type { Prepared } from "../../reconcile/engine/prepare";
import { ACTION_WORDS, shown } from "./action-words";
import { type AttributeView, entriesOf, type EntryView, summaryLine } from "./plan-view";
import { refusalText } from "./refusal-text";

/** What is shown of a plan. */
export interface ShownPlan extends Pick<Prepared, "plan" | "refusals"> {
  /** What goes along with what is deleted. */
  readonly takenAlong?: Prepared["takenAlong"];
  /** What the steps do to objects beside those that they change. */
  readonly warnings?: readonly PlanWarning[];
  /** What the rules say of the document. */
  readonly report?: Report;
}

const COLOURS: Readonly<Record<Action, (colours: Colors) => Formatter>> = {
  create: ({ green }) => green,
  update: ({ yellow }) => yellow,
  replace: ({ magenta }) => magenta,
  delete: ({ red }) => red,
  release: ({ cyan }) => cyan,
};

/** Width of the column that the signs stand in. */
const SIGN_WIDTH = 3;

function attributeLine({ name, live, desired }: AttributeView, width: number): string {
  const label = name.padEnd(width);
  if (live === undefined) return `${label} = ${desired ?? "none"}`;
  return live === desired ? `${label} = ${live}` : `${label}: ${live} -> ${desired ?? "none"}`;
}

function entryLines({ action, object, formerly, path, attributes, along = [] }: EntryView, colours: Colors): string[] {
  const { sign } = ACTION_WORDS[action];
  const width = Math.max(0, ...attributes.map(({ name }) => name.length));
  const name = formerly === undefined ? object : `${object} (now ${formerly})`;
  const where = path === undefined ? "" : ` ${colours.dim(`[${path}]`)}`;
  return [
    `${COLOURS[action](colours)(sign.padStart(SIGN_WIDTH))} ${colours.bold(name)}${where}`,
    ...attributes.map((attribute) => `${" ".repeat(SIGN_WIDTH + 3)}${attributeLine(attribute, width)}`),
    ...along.map((line) => `${" ".repeat(SIGN_WIDTH + 3)}${colours.red(line)}`),
  ];
}

/** One warning in one line. */
const warningLine = ({ id, path, what, fix }: PlanWarning, { yellow }: Colors): string =>
  `${yellow("warning:")} ${shown(`${id === undefined ? "" : `${id} `}[${path}] ${what}. Fix: ${fix}`)}`;

/** A plan for a terminal, as Terraform shows one; after it what is warned of, and what `apply` would refuse. */
export function planText({ plan, refusals, report, takenAlong, warnings = [] }: ShownPlan, colours: Colors): string {
  const { steps, request, region } = plan;
  const all = [...ruleWarnings(report), ...warnings];
  return [
    `Region: ${region}`,
    "",
    ...entriesOf(steps, takenAlong).flatMap((entry) => [...entryLines(entry, colours), ""]),
    colours.bold(summaryLine({ steps, goal: request.goal })),
    ...(all.length === 0 ? [] : ["", ...all.map((warning) => warningLine(warning, colours))]),
    ...(refusals.length === 0 ? [] : ["", colours.red("This plan would be refused:"), ""]),
    ...refusals.map((refusal) => `${refusalText(refusal)}\n`),
  ]
    .join("\n")
    .replace(/\n*$/, "\n");
}
