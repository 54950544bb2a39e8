import { quoted } from "../model/document/error";
import { grouped, inNaturalOrder } from "../model/lists";
import type { Place } from "../model/network/objects";
import { ENGINE_RULES } from "./engine-rules";
import type { AppliedSuppression, Finding, Unjudged } from "./report";
import type { Kind, RuleInfo } from "./verdict";

/** The user's word that a rule may be broken somewhere, and why. */
export interface Suppression {
  /** Id of the rule: `MAAS6-RTR-01`. */
  readonly id: string;
  /** Why this is right here: at least 10 characters. It is shown in every report. */
  readonly reason: string;
  /** A construct path: the suppression holds for it and everything below. */
  readonly where: string;
  /**
   * Last day on which it holds, UTC: `2027-03-31`.
   * @default - no end
   */
  readonly until?: string;
  /** Where the suppression itself was said. */
  readonly at?: Place;
}

/** Characters that a reason has at least. */
export const SHORTEST_REASON = 10;

/** Every path whose suppression covers the place: its own, and those that it is below. */
const coveringPaths = ({ path }: Place): string[] => [
  path,
  ...[...path.matchAll(/[/[]/g)].map(({ index }) => path.slice(0, index)),
];

/** Whether the place is the suppression's own, or below it. */
export const covers = ({ where }: Suppression, place: Place): boolean => coveringPaths(place).includes(where);

/** The day of a moment, as `until` writes it. */
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

function isDay(text: unknown): boolean {
  if (typeof text !== "string") return false;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

const MEMBERS: readonly string[] = ["id", "reason", "where", "until", "at"] satisfies (keyof Suppression)[];

/** What is wrong with the form of a suppression, and how to mend it; undefined when nothing is. */
function malformation(suppression: Suppression): { what: string; fix: string } | undefined {
  const { id, reason, where, until } = suppression;
  if (typeof id !== "string" || !/^[A-Z0-9]+-[A-Z]+-\d+$/.test(id)) {
    return {
      what: `${quoted(id)} is not the id of a rule`,
      fix: "Write the id as it stands in a finding, such as MAAS6-RTR-01.",
    };
  }
  if (typeof reason !== "string" || reason.trim().length < SHORTEST_REASON) {
    return {
      what: `the reason ${quoted(reason)} for ${id} is shorter than ${SHORTEST_REASON} characters`,
      fix: 'Say why the rule may be broken here, such as "RAs come from leaf pair tor-7, NET-212".',
    };
  }
  if (typeof where !== "string" || where.trim() === "") {
    return {
      what: `the suppression of ${id} does not say where it holds`,
      fix: "Give the path of a construct, such as lab-network/lab-v6.",
    };
  }
  const surplus = Object.keys(suppression).find((name) => !MEMBERS.includes(name));
  if (surplus !== undefined) {
    return {
      what: `the suppression of ${id} has a property "${surplus}", which means nothing here`,
      fix: "Write id, reason and, for the last day on which it holds, until.",
    };
  }
  if (until !== undefined && !isDay(until)) {
    return {
      what: `${quoted(until)}, the end of the suppression of ${id}, is not a day`,
      fix: "Write the last day as 2027-03-31.",
    };
  }
  return undefined;
}

/** Findings, and what the user says about them. */
export interface Suppressible {
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  readonly suppressions: readonly Suppression[];
  readonly now: Date;
}

const isSuppressible = (kind: Kind): boolean => kind === "silent" || kind === "documented";

/** Where a suppression says that it holds. Its form may not have been checked yet. */
const placeOf = ({ where }: { readonly where: unknown }): string => (typeof where === "string" ? where : quoted(where));

function complaint(rule: RuleInfo, suppression: Suppression, what: string, fix: string): Finding {
  const { id, name, level, kind, explanation, sources } = rule;
  const where = suppression.at ?? { path: placeOf(suppression) };
  return { id, name, level, kind, where, what, why: explanation, fix, source: sources[0], related: [] };
}

/** Why the rule can't be suppressed, if it can't. */
function refusal(suppression: Suppression, rules: ReadonlyMap<string, RuleInfo>): Finding | undefined {
  const { id } = suppression;
  const rule = rules.get(id);
  if (rule === undefined) {
    const known = [...rules.keys()].filter((other) => other.startsWith(id.slice(0, 9)));
    const fix = known.length === 0 ? "Take an id from a finding." : `Write one of ${known.join(", ")}.`;
    return complaint(ENGINE_RULES.impossible, suppression, `there is no rule ${id}`, fix);
  }
  if (isSuppressible(rule.kind) || rule.enforcedFrom !== undefined) return undefined;
  const why = rule.kind === "enforced" ? "MAAS itself enforces it" : "it reports faults of suppressions and rules";
  return complaint(
    ENGINE_RULES.impossible,
    suppression,
    `${id} (${rule.name}) can't be suppressed: ${why}`,
    `${rule.remediation} Then drop the suppression.`,
  );
}

/** Findings of a rule that MAAS enforces from some version on, where the suppression meets only those it does enforce. */
function enforcedOnly(suppression: Suppression, { remediation }: RuleInfo): Finding {
  return complaint(
    ENGINE_RULES.impossible,
    suppression,
    `${suppression.id} can't be suppressed at ${suppression.where}: MAAS itself refuses this one`,
    `${remediation} Then drop the suppression.`,
  );
}

/** Rules by id; findings and unjudged objects by what covers them. */
interface Covered {
  readonly rules: ReadonlyMap<string, RuleInfo>;
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly unjudged: ReadonlyMap<string, readonly Unjudged[]>;
}

/** Rows by the rule and by each path that a suppression may name to cover them. */
function byCovering<T extends Finding | Unjudged>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const covered = rows.flatMap((row) =>
    coveringPaths(row.where).map((where) => ({ row, name: nameOf(row.id, where) })),
  );
  const groups = [...grouped(covered, ({ name }) => name)];
  return new Map(groups.map(([name, group]) => [name, group.map(({ row }) => row)]));
}

const nameOf = (id: string, where: string): string => `${id} ${where}`;

/** What one usable suppression comes to: the findings it takes, or what is wrong with it. */
interface Outcome {
  readonly taken: readonly Finding[];
  readonly complaint?: Finding;
}

function apply(suppression: Suppression, rows: Covered): Outcome {
  const { id, where, reason } = suppression;
  const met = rows.findings.get(nameOf(id, where)) ?? [];
  const taken = met.filter(({ kind }) => isSuppressible(kind));
  if (taken.length > 0) return { taken };
  const rule = rows.rules.get(id);
  if (met.length > 0 && rule !== undefined) return { taken, complaint: enforcedOnly(suppression, rule) };
  // What can't be judged yet may turn out to need the suppression.
  if (rows.unjudged.has(nameOf(id, where))) return { taken };
  const what = `the suppression of ${id} at ${where} matches no finding`;
  const fix = `Drop it (its reason was "${reason}"), or correct its id or place.`;
  return { taken, complaint: complaint(ENGINE_RULES.stale, suppression, what, fix) };
}

/** What is wrong with a suppression before any finding is looked at. */
function fault(suppression: Suppression, rules: ReadonlyMap<string, RuleInfo>, now: Date): Finding | undefined {
  const malformed = malformation(suppression);
  if (malformed !== undefined) return complaint(ENGINE_RULES.malformed, suppression, malformed.what, malformed.fix);
  const refused = refusal(suppression, rules);
  if (refused !== undefined) return refused;
  const { id, until, reason } = suppression;
  if (until === undefined || until >= dayOf(now)) return undefined;
  return complaint(
    ENGINE_RULES.expired,
    suppression,
    `the suppression of ${id} ended on ${until} (today is ${dayOf(now)})`,
    `Fix the finding, or set a later day if the reason still holds: "${reason}".`,
  );
}

const textOf = ({ id, where, reason, until = "" }: Suppression): string =>
  [id, where, reason, until].map((word: unknown) => (typeof word === "string" ? word : quoted(word))).join("\n");

/** The findings, those that a suppression covers marked with its reason, and what is wrong with the suppressions. */
export function suppress({ rules, findings, unjudged, suppressions, now }: Suppressible): Finding[] {
  if (suppressions.length === 0) return [...findings];
  const rows: Covered = {
    rules: new Map([...rules, ...Object.values(ENGINE_RULES)].map((rule) => [rule.id, rule])),
    findings: byCovering(findings),
    unjudged: byCovering(unjudged),
  };
  const complaints: Finding[] = [];
  const covered = new Map<Finding, AppliedSuppression>();
  // Sorted, so that the order in which suppressions were added never shows.
  for (const suppression of inNaturalOrder(suppressions, textOf)) {
    const wrong = fault(suppression, rows.rules, now);
    const outcome = wrong === undefined ? apply(suppression, rows) : { taken: [], complaint: wrong };
    if (outcome.complaint !== undefined) complaints.push(outcome.complaint);
    const { reason, where, until } = suppression;
    const applied = { reason, where, ...(until === undefined ? {} : { until }) };
    for (const finding of outcome.taken) if (!covered.has(finding)) covered.set(finding, applied);
  }
  const marked = findings.map((finding): Finding => {
    const suppressed = covered.get(finding);
    return suppressed === undefined ? finding : { ...finding, suppressed };
  });
  return [...marked, ...inNaturalOrder(complaints, ({ id }) => id)];
}
