import { isKnown, type Known } from "../model/known";
import type { Members, Place } from "../model/network/objects";
import { advice, type Problem, type Text } from "../model/problem";
import type { Kind, Level } from "./rule";

/** The function, worked out once per object: what many checks of one network share. */
export function oncePer<K extends object, T>(compute: (object: K) => T): (object: K) => T {
  const results = new WeakMap<K, { readonly value: T }>();
  return (object) => {
    let result = results.get(object);
    if (result === undefined) {
      result = { value: compute(object) };
      results.set(object, result);
    }
    return result.value;
  };
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
export function requireThat(answer: Answer, otherwise: () => Violation): Verdict {
  if (isMissing(answer)) return unknown(...answer.missing);
  return answer ? COMPLIANT : violations([otherwise()]);
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
