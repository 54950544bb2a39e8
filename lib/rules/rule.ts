import type { Network } from "../model/network";
import type { NetworkKind, ObjectsByKind } from "../model/network/objects";
import type { Source } from "../model/problem";
import type { RuleId } from "../model/problem-codes";
import type { Verdict } from "./verdict";

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
