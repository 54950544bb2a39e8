import type { NetworkDocument } from "../../lib/model/document";
import { documentNetwork } from "../../lib/model/document/network";
import type { Network } from "../../lib/model/network";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Report } from "../../lib/rules/report";

/** The network that a document describes, and what the rules say about it. */
export function judgeDocument(document: NetworkDocument): { readonly network: Network; readonly report: Report } {
  const network = documentNetwork(document);
  const { suppressions } = document;
  return { network, report: evaluate({ rules: IPV6_RULES, network, suppressions, now: new Date() }) };
}
