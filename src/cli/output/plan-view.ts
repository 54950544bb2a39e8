import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import { attributeEntries, isKnown, type Value } from "../../../lib/model/known";
import { type Problem, withCode } from "../../../lib/model/problem";
import { beforeKey, shown } from "../../../lib/model/text";
import { countsInWords, countsOf, type Report } from "../../../lib/rules/report";
import {
  foldedParts,
  markdownOf,
  type MarkdownPart,
  type MarkdownRow,
  plain,
  reportParts,
  tablePart,
  tableRow,
} from "../../../lib/rules/report-markdown";
import type { Effect } from "../../reconcile/dependents/dependents";
import type { Action, Difference } from "../../reconcile/engine/plan/diff";
import type { Refusal } from "../../reconcile/engine/plan/guard";
import type { Step } from "../../reconcile/engine/plan/order";
import type { TakenAlong } from "../../reconcile/engine/plan/removal";
import type { ShownPlan } from "./plan-text";

/** What a user reads of an action. */
export interface ActionWords {
  /** The sign that Terraform puts before it. */
  readonly sign: string;
  readonly doing: string;
  readonly done: string;
}

export const ACTION_WORDS: Readonly<Record<Action, ActionWords>> = {
  create: { sign: "+", doing: "creating", done: "created" },
  update: { sign: "~", doing: "updating", done: "updated" },
  replace: { sign: "-/+", doing: "replacing", done: "replaced" },
  delete: { sign: "-", doing: "deleting", done: "deleted" },
  release: { sign: "<", doing: "releasing", done: "released" },
};

/** What an object is called: `subnet 10.20.0.0/24`. */
export function objectName({ kind, key }: { readonly kind: DocumentKindName; readonly key: string }): string {
  return `${beforeKey(DOCUMENT_KINDS[kind].title)} ${shown(key)}`;
}

/** One attribute of an entry: what it is, and what it is to be. Absent = it has none. */
export interface AttributeView {
  readonly name: string;
  readonly live?: string;
  readonly desired?: string;
}

/** One object of a plan, as a user reads it. */
export interface EntryView {
  readonly action: Action;
  readonly object: string;
  /** What it is called on the region, where that is another name. */
  readonly formerly?: string;
  /** Where the user said it; absent where the document does not say. */
  readonly path?: string;
  readonly attributes: readonly AttributeView[];
  /** What else happens with it, that no entry tells: `deletes the reserved IP 10.20.0.9 of …`. */
  readonly along?: readonly string[];
}

/** A value as it stands in a document. */
function valueText(value: Value): string {
  return isKnown(value) ? shown(JSON.stringify(value)) : "(decided by MAAS)";
}

function attribute({ name, live, desired }: Difference): AttributeView {
  return {
    name,
    ...(live !== null && { live: valueText(live) }),
    ...(desired !== null && { desired: valueText(desired) }),
  };
}

/** The attributes that an adopted object is restored to. */
function restored({ live = {}, original }: Step): AttributeView[] {
  return attributeEntries(original ?? {})
    .map(([name, value]) => attribute({ name, live: live[name] ?? null, desired: value }))
    .filter(({ live: now, desired: then }) => now !== then);
}

function entry(action: Action, step: Step, formerly: string | undefined, from: Step["live"]): EntryView {
  const differences = step.differences.map(({ name, live, desired }) =>
    attribute({ name, live: from?.[name] ?? live, desired }),
  );
  const [object, path] = [objectName(step), shown(step.path)];
  return {
    ...{ action, object },
    // What a reader of documents says in place of a path.
    ...(path !== object && { path }),
    ...(formerly !== undefined && formerly !== step.key && { formerly: objectName({ ...step, key: formerly }) }),
    attributes: action === "release" ? restored(step) : differences,
  };
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  ...{ deleted: "deletes", moved: "moves", changed: "changes", blocking: "is blocked by" },
};

/** What MAAS does along with a step, in words. */
function alongOf({ foreign = [] }: Partial<TakenAlong> = {}): Pick<EntryView, "along"> {
  return foreign.length === 0 ? {} : { along: foreign.map(({ what, effect }) => `${EFFECTS[effect]} ${shown(what)}`) };
}

/** The steps by object: one that is deleted and recreated at the same place is one entry. In the plan's order. */
export function entriesOf(steps: readonly Step[], takenAlong: readonly TakenAlong[] = []): EntryView[] {
  const placeOf = ({ kind, path }: Step): string => JSON.stringify([kind, path]);
  const made = new Map(steps.filter(({ action }) => action === "create").map((step) => [placeOf(step), step]));
  const replaced = new Map(
    steps.flatMap((step) => {
      const successor = step.action === "delete" ? made.get(placeOf(step)) : undefined;
      return successor === undefined ? [] : [[successor, step] as const];
    }),
  );
  const ends = new Set(replaced.values());
  const along = new Map(takenAlong.map((one) => [one.step, one]));
  return steps.flatMap((step): EntryView[] => {
    if (ends.has(step)) return [];
    const ended = replaced.get(step);
    return ended === undefined
      ? [{ ...entry(step.action, step, step.liveKey, undefined), ...alongOf(along.get(step)) }]
      : [{ ...entry("replace", step, ended.key, ended.live), ...alongOf(along.get(ended)) }];
  });
}

const COUNTED = ["create", "update", "delete", "release"] as const;

/** How many of each action: `3 to create, 1 to update, 0 to delete, 0 to release`. */
export function countsText(steps: readonly Step[], word: (action: (typeof COUNTED)[number]) => string): string {
  return COUNTED.map((action) => `${steps.filter((step) => step.action === action).length} ${word(action)}`).join(", ");
}

/** The plan in one line. */
export function summaryLine({ steps, goal }: { readonly steps: readonly Step[]; readonly goal: string }): string {
  if (steps.length > 0) return `Plan: ${countsText(steps, (action) => `to ${action}`)}.`;
  return goal === "destroy"
    ? "No changes. The region has nothing that a run here has made."
    : "No changes. The region is as the document wants it.";
}

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

function row({ action, object, formerly, path, attributes, along = [] }: EntryView): MarkdownRow {
  const name = formerly === undefined ? plain(object) : `${plain(object)}<br>now ${plain(formerly)}`;
  const what = [attributesCell(attributes), ...along.map(plain)].filter((text) => text !== "").join("<br>");
  return tableRow(`to ${action}`, [`\`${ACTION_WORDS[action].sign}\` ${action}`, name, what, plain(path ?? "")]);
}

/** Objects that a refusal names. */
const MOST_NAMED = 100;

/** Why, and what to do about it, with the code. */
const advice = ({ code, why = "", fix = "" }: Problem<string>): string =>
  `${plain(why)} **Fix:** ${plain(withCode(fix, code))}`;

function refusalRow(refusal: Refusal): MarkdownRow {
  const { id, what, about } = refusal;
  const more = about.length > MOST_NAMED ? [`- and ${about.length - MOST_NAMED} more`] : [];
  const named = [...about.slice(0, MOST_NAMED).map((object) => `- ${plain(object)}`), ...more];
  const list = ["<details>", `<summary>${about.length} in all</summary>`, "", ...named, "", "</details>", ""];
  const lines = [`#### \`${id}\`: ${plain(what)}`, "", advice(refusal), ""];
  return { group: id, text: [...lines, ...(about.length === 0 ? [] : list)].join("\n") };
}

const warningRow = (warning: Problem<string>): MarkdownRow => ({
  group: warning.code,
  text: `**Warning** (${plain(warning.subject?.path ?? "")}): ${plain(warning.what)}. ${advice(warning)}\n`,
});

const picturePart = (picture: string): MarkdownPart => ({
  ...{ head: [], rows: [{ group: "of the change", text: picture }], what: "pictures", rank: 3 },
});

/** What the rules say, folded; nothing when they have nothing to say. */
function caveats(report: Report | undefined): readonly MarkdownPart[] {
  if (report === undefined || report.findings.length === 0) return [];
  const parts = foldedParts(`IPv6 caveats: ${countsInWords(countsOf(report))}`, reportParts(report));
  return parts.map((part) => ({ ...part, rank: 4 }));
}

/**
 * A plan for a pull request: a table of the changes, what `apply` would refuse, and the findings of the rules. At most as
 * long as GitHub takes; what would be refused and what is warned of gets room first.
 *
 * @param picture of the change, as a block of Markdown
 */
export function planMarkdown(shown: ShownPlan, picture?: string): string {
  const { plan, refusals, report, takenAlong, warnings = [] } = shown;
  const { region, steps, request } = plan;
  const rows = entriesOf(steps, takenAlong).map(row);
  const changes = { ...tablePart(["Action", "Object", "Attributes", "Where"], rows), what: "changes", rank: 2 };
  const refused = { head: ["### This plan would be refused", ""], rows: refusals.map(refusalRow), what: "refusals" };
  return markdownOf([
    {
      head: [`## MAAS networks of ${plain(region)}`, "", `**${summaryLine({ steps, goal: request.goal })}**`, ""],
    },
    ...(rows.length === 0 ? [] : [changes]),
    ...(picture === undefined || rows.length === 0 ? [] : [picturePart(picture)]),
    { head: [], rows: warnings.map(warningRow), what: "warnings", rank: 1 },
    ...(refusals.length === 0 ? [] : [refused]),
    ...caveats(report),
  ]);
}
