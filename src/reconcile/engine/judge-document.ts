import type { NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import type { Network } from "../../../lib/model/network";
import { ENGINE_RULES } from "../../../lib/rules/engine-rules";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import type { Finding, Report } from "../../../lib/rules/report";

/**
 * The network that a document describes, and what the rules say about it. It is one region's part of an app: a suppression
 * that matches nothing here may be about another part, so that only synth can say that it is needless.
 */
export function judgeDocument(document: NetworkDocument): { readonly network: Network; readonly report: Report } {
  const network = documentNetwork(document);
  const { suppressions } = document;
  const { findings, ...report } = evaluate({ rules: IPV6_RULES, network, suppressions, now: new Date() });
  return { network, report: { ...report, findings: findings.filter(({ id }) => id !== ENGINE_RULES.stale.id) } };
}

/** What a report has against a network that stops nobody. */
export function warningsOf({ findings }: Report): readonly Finding[] {
  return findings.filter(({ level, suppressed }) => level === "warning" && suppressed === undefined);
}
