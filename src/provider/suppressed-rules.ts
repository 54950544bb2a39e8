import { documentNetwork } from "../../lib/model/document/network";
import { isKnown, type Values } from "../../lib/model/known";
import { fault, type Problem } from "../../lib/model/problem";
import { textOf } from "../../lib/model/text";
import { ENGINE_RULES } from "../../lib/rules/engine-rules";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Suppression } from "../../lib/rules/suppression";

const NAME = "suppressed_rules";

/** The rules that the provider's block suppresses, each with its reason. Those whose reason is still unknown are left out. */
function suppressionsIn(config: Values): Suppression[] {
  const given = config[NAME] ?? null;
  if (given === null || !isKnown(given) || typeof given !== "object") return [];
  return Object.entries(given)
    .filter(([, reason]) => isKnown(reason))
    .map(([id, reason]) => ({ id, reason: textOf(reason ?? ""), where: "provider" }));
}

/** What is wrong with them. That they suppress something can't be asked here: a plan sees the objects one by one. */
export function checkSuppressedRules(config: Values): Problem[] {
  const network = documentNetwork({ objects: {}, suppressions: [] });
  const { findings } = evaluate({
    ...{ rules: IPV6_RULES, network, now: new Date() },
    suppressions: suppressionsIn(config),
  });
  return findings
    .filter(({ id }) => id !== ENGINE_RULES.stale.id)
    .map(({ id, what, why, fix }) => fault(id, NAME, { what: `${id}: ${what}`, why, fix }));
}

/** What a plan tells of an object, without the warnings of the rules that are suppressed. */
export function withoutSuppressed(config: Values): (problems: readonly Problem[]) => readonly Problem[] {
  const ids = new Set<string>(suppressionsIn(config).map(({ id }) => id));
  return (problems) => problems.filter(({ code, severity }) => severity !== "warning" || !ids.has(code));
}
