import { inNaturalOrder } from "../model/lists";
import type { Network } from "../model/network";
import type { NetworkKind, NetworkObject } from "../model/network/objects";
import { spell, type Spelling, terraformSpelling } from "../model/problem";
import { ENGINE_RULES } from "./engine-rules";
import type { Finding, Report, RuleResult, Unjudged } from "./report";
import type { Rule, Verdict, Violation } from "./verdict";
import { suppress, type Suppression } from "./suppression";

/** What {@link evaluate} works on. */
export interface Evaluation {
  readonly rules: readonly Rule[];
  readonly network: Network;
  /** @default - none */
  readonly suppressions?: readonly Suppression[];
  /** The moment that a suppression's end is checked against. */
  readonly now: Date;
  /** How attributes of a kind are spelled in what is found. @default - as in Terraform */
  readonly spellingOf?: (kind: NetworkKind) => Spelling;
}

function findingOf(rule: Rule, { key, at }: NetworkObject, violation: Violation, spelling: Spelling): Finding {
  const { what, fix, attribute, related = [], level = rule.level, kind = rule.kind } = violation;
  return {
    id: rule.id,
    name: rule.name,
    level,
    kind,
    where: at,
    key,
    ...(attribute === undefined ? {} : { attribute }),
    what: spell(what, spelling),
    why: rule.explanation,
    fix: spell(fix, spelling),
    source: rule.sources[0],
    related,
  };
}

/** One finding per rule, however many objects it crashed on: they are all the same fault. */
function crashOf(rule: Rule, first: NetworkObject, error: unknown, count: number): Finding {
  const { id, name, level, kind, explanation, remediation, sources } = ENGINE_RULES.crashed;
  const others = count === 1 ? "" : `, and on ${count - 1} more`;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    id,
    name,
    level,
    kind,
    where: first.at,
    what: `rule ${rule.id} (${rule.name}) crashed on ${first.at.path}${others}: ${text}`,
    why: explanation,
    fix: remediation,
    source: sources[0],
    related: [],
  };
}

/** One rule's part of the report. */
interface Judged {
  readonly findings: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  readonly result: RuleResult;
}

/** Objects with one path stay in order of their keys. */
const byPlace = <T extends Finding | Unjudged>(rows: readonly T[]): T[] =>
  inNaturalOrder(rows, ({ where }) => where.path);

function judge(rule: Rule, network: Network, spelling: Spelling): Judged {
  const objects: readonly NetworkObject[] = network.all(rule.scope);
  const check = rule.check as (object: NetworkObject, network: Network) => Verdict;
  const findings: Finding[] = [];
  const unjudged: Unjudged[] = [];
  const count = { compliant: 0, violations: 0, not_applicable: 0, unknown: 0 };
  let crash: { first: NetworkObject; error: unknown; count: number } | undefined;
  for (const object of objects) {
    let verdict: Verdict;
    try {
      verdict = check(object, network);
    } catch (error) {
      crash = { first: object, error, ...crash, count: (crash?.count ?? 0) + 1 };
      continue;
    }
    count[verdict.verdict] += 1;
    if (verdict.verdict === "violations") {
      findings.push(...verdict.violations.map((violation) => findingOf(rule, object, violation, spelling)));
    } else if (verdict.verdict === "unknown") {
      unjudged.push({ id: rule.id, level: rule.level, where: object.at, key: object.key, missing: verdict.missing });
    }
  }
  const crashes = crash === undefined ? [] : [crashOf(rule, crash.first, crash.error, crash.count)];
  const { compliant, violations: violating, not_applicable: notApplicable, unknown } = count;
  return {
    findings: [...byPlace(findings), ...crashes],
    unjudged: byPlace(unjudged),
    result: { rule, compliant, violating, notApplicable, unknown },
  };
}

/**
 * What the rules say about the network. Never throws for what is in the network or the suppressions: a rule that
 * crashes is the finding MAAS6-ENG-01, a suppression that is none is one of MAAS6-SUP-01 to 04.
 */
export function evaluate({
  rules,
  network,
  suppressions = [],
  now,
  spellingOf = () => terraformSpelling,
}: Evaluation): Report {
  const judged = rules.map((rule) => judge(rule, network, spellingOf(rule.scope)));
  const unjudged = judged.flatMap((part) => part.unjudged);
  const findings = judged.flatMap((part) => part.findings);
  return {
    findings: suppress({ rules, findings, unjudged, suppressions, now }),
    unjudged,
    results: judged.map(({ result }) => result),
  };
}
