import { grouped } from "../model/grouped";
import { ENGINE_RULES } from "./engine-rules";
import type { AppliedSuppression, Finding, Unjudged } from "./report";
import type { Kind, RuleInfo } from "./rule";
import { coveringPaths, dayOf, malformation, type Suppression } from "./suppression";

/** Findings, and what the user says about them. */
export interface Suppressible {
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  readonly suppressions: readonly Suppression[];
  readonly now: Date;
}

const isSuppressible = (kind: Kind): boolean => kind === "silent" || kind === "documented";

function complaint(rule: RuleInfo, suppression: Suppression, what: string, fix: string): Finding {
  const { id, name, level, kind, explanation, sources } = rule;
  const where = suppression.at ?? { path: String(suppression.where) };
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

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const textOf = ({ id, where, reason, until = "" }: Suppression): string => [id, where, reason, until].join("\n");

/** The findings, those that a suppression covers marked with its reason, and what is wrong with the suppressions. */
export function suppress({ rules, findings, unjudged, suppressions, now }: Suppressible): Finding[] {
  const isAny = suppressions.length > 0;
  const rows: Covered = {
    rules: new Map([...rules, ...Object.values(ENGINE_RULES)].map((rule) => [rule.id, rule])),
    findings: byCovering(isAny ? findings : []),
    unjudged: byCovering(isAny ? unjudged : []),
  };
  const complaints: Finding[] = [];
  const covered = new Map<Finding, AppliedSuppression>();
  // Sorted, so that the order in which suppressions were added never shows.
  for (const suppression of [...suppressions].sort((a, b) => compare(textOf(a), textOf(b)))) {
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
  return [...marked, ...complaints.sort((a, b) => compare(a.id, b.id))];
}
