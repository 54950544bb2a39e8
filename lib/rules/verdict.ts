import { isKnown, type Known } from "../model/known";
import type { Network } from "../model/network";
import type { Members, NetworkKind, ObjectsByKind, Place } from "../model/network/objects";
import { advice, type Problem, type Source, type Text } from "../model/problem";
import type { RuleId } from "../model/problem-codes";

export type { Source } from "../model/problem";

/** What a violation does: errors stop a deployment. */
export type Level = "error" | "warning" | "information";

/**
 * Where a rule comes from: `enforced` = MAAS refuses what breaks it, so it can't be suppressed; `silent` = MAAS accepts
 * it and misbehaves; `documented` = the manual says so; `engine` = this package's own, about suppressions and crashes.
 */
export type Kind = "enforced" | "silent" | "documented" | "engine";

/** All that is to say about a rule, without its check. */
export interface RuleInfo {
  /** `MAAS6-`, a group, a number: `MAAS6-RNG-03`. */
  readonly id: RuleId;
  /** The property that holds when the rule does: `Ipv6DynamicRangeHoldsAtLeast256`. */
  readonly name: string;
  readonly level: Level;
  readonly kind: Kind;
  /** The MAAS version from which an enforced rule is enforced in full. Absent = all versions. */
  readonly enforcedFrom?: string;
  /** What must hold, in one sentence. */
  readonly info: string;
  /** Why. */
  readonly explanation: string;
  /** How to fix a violation, in general; each violation has the values. */
  readonly remediation: string;
  readonly sources: readonly [Source, ...Source[]];
}

/** A rule about all objects of one kind. */
export interface Rule extends RuleInfo {
  readonly scope: NetworkKind;
  /** Judges one object of the scope's kind. Pure. A check that throws becomes the finding MAAS6-ENG-01. */
  readonly check: (object: never, network: Network) => Verdict;
}

/** What {@link defineRule} takes: the check's type follows from the scope. */
export type RuleDefinition<K extends NetworkKind> = RuleInfo & {
  readonly scope: K;
  readonly check: (object: ObjectsByKind[K], network: Network) => Verdict;
};

/** A rule that is not well formed: a mistake in this package. */
export class RuleDefinitionError extends Error {
  override readonly name = "RuleDefinitionError";
  constructor(id: string, problem: string) {
    super(`rule "${id}" ${problem}`);
  }
}

/** Checks the form of what a rule says about itself. @throws RuleDefinitionError */
export function describeRule<R extends RuleInfo>(rule: R): R {
  if (!/^MAAS6-[A-Z]{3}-\d{2}$/.test(rule.id)) {
    throw new RuleDefinitionError(rule.id, "has a malformed id: write it as MAAS6-RNG-03");
  }
  if (!/^([A-Z][a-z0-9]*)+$/.test(rule.name)) {
    throw new RuleDefinitionError(rule.id, `is named "${rule.name}": name it after what holds, in PascalCase`);
  }
  const undated = rule.sources.find(({ verified }) => !/^\d{4}-\d{2}-\d{2}$/.test(verified));
  if (undated !== undefined) throw new RuleDefinitionError(rule.id, `does not say when "${undated.at}" was verified`);
  return rule;
}

/** A rule of the table. @throws RuleDefinitionError when it is not well formed. */
export function defineRule<K extends NetworkKind>(definition: RuleDefinition<K>): Rule {
  return describeRule(definition);
}

/** One way in which an object breaks a rule: the part of a problem that the rule itself does not say of all objects. */
export interface Violation extends Pick<Problem, "what" | "attribute"> {
  /** How to fix it, with a concrete value. */
  readonly fix: Text;
  /** Other objects that have part in it. */
  readonly related?: readonly Place[];
  /** @default - the rule's level */
  readonly level?: Level;
  /** @default - the rule's kind */
  readonly kind?: Kind;
}

/** Something that must be known before a rule can be judged, in words: `cidr of lab-network/lab-v6`. */
export interface Missing {
  readonly missing: readonly string[];
}

/** Yes, no, or what must be known to tell. */
export type Answer = boolean | Missing;

/** What a rule says about one object. */
export type Verdict =
  | { readonly verdict: "compliant" | "not_applicable" }
  | { readonly verdict: "unknown"; readonly missing: readonly string[] }
  | { readonly verdict: "violations"; readonly violations: readonly Violation[] };

export const COMPLIANT: Verdict = { verdict: "compliant" };
export const NOT_APPLICABLE: Verdict = { verdict: "not_applicable" };

export const unknown = (...missing: readonly string[]): Verdict => ({ verdict: "unknown", missing });

/** The violations, or compliant if there are none. */
export function violations(found: readonly Violation[]): Verdict {
  return found.length === 0 ? COMPLIANT : { verdict: "violations", violations: found };
}

export const missing = (...words: readonly string[]): Missing => ({ missing: words });

/** Whether a question has no answer yet. Also for look-ups that give an object, or what must be known to find it. */
export const isMissing = (answer: unknown): answer is Missing =>
  typeof answer === "object" && answer !== null && "missing" in answer;

/** The verdict of a rule that only applies if the answer is yes. */
export function when(answer: Answer, then: () => Verdict): Verdict {
  if (isMissing(answer)) return unknown(...answer.missing);
  return answer ? then() : NOT_APPLICABLE;
}

/** The verdict of a rule that holds if the answer is yes. */
export function requireThat(answer: Answer, violation: () => Violation): Verdict {
  if (isMissing(answer)) return unknown(...answer.missing);
  return answer ? COMPLIANT : violations([violation()]);
}

/** The verdict on a value, or that it is not known: `what` is the attribute's name, in words. */
export function given<T>(value: Known<T>, what: string, at: Place, then: (value: T) => Verdict): Verdict {
  return isKnown(value) ? then(value) : unknown(`${what} of ${at.path}`);
}

/** The answer that depends on a value. */
export function ask<T>(value: Known<T>, what: string, at: Place, then: (value: T) => Answer): Answer {
  return isKnown(value) ? then(value) : missing(`${what} of ${at.path}`);
}

function decided(answers: Iterable<Answer>, decisive: boolean): Answer {
  const lacking: string[] = [];
  for (const answer of answers) {
    if (answer === decisive) return decisive;
    if (isMissing(answer)) lacking.push(...answer.missing);
  }
  return lacking.length === 0 ? !decisive : missing(...new Set(lacking));
}

/** Yes if all are; no as soon as one is not, whatever else is unknown. */
export const all = (answers: Iterable<Answer>): Answer => decided(answers, false);

/** Yes as soon as one is, whatever else is unknown. */
export const any = (answers: Iterable<Answer>): Answer => decided(answers, true);

export const not = (answer: Answer): Answer => (isMissing(answer) ? answer : !answer);

function* answersOf<T>({ items, missing: rest }: Members<T>, test: (item: T) => Answer): Generator<Answer> {
  for (const item of items) yield test(item);
  if (rest !== undefined) yield missing(rest);
}

/** The answer about the members of an object: yes as soon as one fits; no only if they are all known. */
export const some = <T>(members: Members<T>, test: (item: T) => Answer): Answer => any(answersOf(members, test));

/** Several verdicts on one object as one: all violations; unknown only if there are none. */
export function together(verdicts: readonly Verdict[]): Verdict {
  const found = verdicts.flatMap((verdict) => (verdict.verdict === "violations" ? verdict.violations : []));
  if (found.length > 0) return violations(found);
  const lacking = verdicts.flatMap((verdict) => (verdict.verdict === "unknown" ? verdict.missing : []));
  if (lacking.length > 0) return unknown(...new Set(lacking));
  return verdicts.find(({ verdict }) => verdict === "compliant") ?? NOT_APPLICABLE;
}

/** What the model's checks found, as violations. */
export function fromProblems(problems: readonly Problem[]): Verdict {
  return violations(
    problems.map((problem) => ({
      what: problem.what,
      fix: advice(problem),
      ...(problem.attribute === undefined ? {} : { attribute: problem.attribute }),
    })),
  );
}
