import type { Kind } from "../../../lib/model/kind";
import type { Network } from "../../../lib/model/network";
import type { Problem } from "../../../lib/model/problem";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import { type Finding, problemOf } from "../../../lib/rules/report";
import type { Rule } from "../../../lib/rules/verdict";

export const rulesOf = (...ids: string[]): Rule[] => IPV6_RULES.filter(({ id }) => ids.includes(id));

/** What the rules say about a network, without what is only good to know. */
export function findingsOf(network: Network, rules: readonly Rule[] = IPV6_RULES): Finding[] {
  // A plan judges a network of two or three objects for each object, and most rules are about none of them.
  const concerned = rules.filter(({ scope }) => network.all(scope).length > 0);
  const { findings } = evaluate({ rules: concerned, network, now: new Date() });
  return findings.filter(({ level }) => level !== "information");
}

/** What the rules say about the objects at this place, and about others in view of them. */
export const findingsAt = (place: string, network: Network, rules?: readonly Rule[]): Finding[] =>
  findingsOf(network, rules).filter(
    ({ where, related }) => where.path === place || related.some(({ path }) => path === place),
  );

/**
 * An enforced rule is an error, since MAAS would refuse. The others are warnings here: whether one is suppressed is said
 * in the stack, which is checked at synth.
 */
export function problemOn(kind: Kind, finding: Finding): Problem<string> {
  const { attribute, what, code, ...problem } = problemOf(finding);
  const isOwn = kind.fields.some(({ name }) => name === attribute);
  return {
    ...{ ...problem, code, severity: finding.kind === "enforced" ? "error" : "warning", what: `${code}: ${what}` },
    ...(attribute !== undefined && isOwn && { attribute }),
  };
}
