import type { Diagnostic } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/kind";
import type { Network } from "../../lib/model/network";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Finding } from "../../lib/rules/report";
import type { Rule } from "../../lib/rules/rule";

export const rulesOf = (...ids: string[]): Rule[] => IPV6_RULES.filter(({ id }) => ids.includes(id));

/** What the rules say about a network, without what is only good to know. */
export function findingsOf(network: Network, rules: readonly Rule[] = IPV6_RULES): Finding[] {
  const { findings } = evaluate({ rules, network, now: new Date() });
  return findings.filter(({ level }) => level !== "information");
}

/** What the rules say about the objects at this place, and about others in view of them. */
export const findingsAt = (place: string, network: Network, rules?: readonly Rule[]): Finding[] =>
  findingsOf(network, rules).filter(
    ({ where, related }) => where.path === place || related.some(({ path }) => path === place),
  );

/**
 * An enforced rule is an error, since MAAS would refuse. The others are warnings here: whether one is suppressed is said
 * in the stack, which has had its say at synth.
 */
export function diagnosticOf(kind: Kind, { id, kind: rule, attribute, what, why, fix, source }: Finding): Diagnostic {
  const isOwn = kind.fields.some(({ name }) => name === attribute);
  return {
    severity: rule === "enforced" ? "error" : "warning",
    ...(attribute !== undefined && isOwn && { attribute }),
    summary: `${id}: ${what}`,
    detail: `${why} Fix: ${fix} Source: ${source.at}.`,
  };
}
