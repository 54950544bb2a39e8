import type { DocumentObject, NetworkDocument } from "../../../../lib/model/document";
import type { DocumentKindName } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import type { NetworkKind } from "../../../../lib/model/network/objects";
import { evaluate } from "../../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../../lib/rules/ipv6";
import { type Finding, problemOf, type Unjudged } from "../../../../lib/rules/report";
import { suppress } from "../../../../lib/rules/suppression";
import { listRegion, liveNetwork } from "../../region/live-network";
import type { Observation, Round } from "./verify";

/** Where an object of the region stands in the document. */
interface Said {
  readonly path: string;
  readonly isLookedUp: boolean;
}

/** The document's objects by their names in a live network: there they go by MAAS's ids. */
class SaidObjects {
  readonly #byName = new Map<string, Said>();

  constructor({ document, desired, live }: Round) {
    const add = (kind: DocumentKindName, { key, path }: Pick<DocumentObject, "key" | "path">, isLookedUp: boolean) => {
      if (kind === "router_advertisement") return;
      const id = live.findNamed(kind, key)?.id;
      if (id === undefined) return;
      const name = nameIn(kind, id);
      if (!this.#byName.has(name)) this.#byName.set(name, { path, isLookedUp });
    };
    for (const object of desired) add(object.kind, object, false);
    for (const [kind, objects] of Object.entries(document.objects) as [DocumentKindName, readonly DocumentObject[]][])
      for (const object of objects) add(kind, object, object.origin === "look_up");
  }

  find(kind: NetworkKind, key: string): Said | undefined {
    return this.#byName.get(`${kind} ${key}`);
  }
}

/** A machine's interface stands for all its links. */
const nameIn = (kind: KindName, id: string): string =>
  kind === "network_interface_link" ? `machine_interface ${id.replace(/\/[^/]*$/, "")}` : `${kind} ${id}`;

/** Whether the document links machines. */
const hasLinks = ({ objects }: NetworkDocument): boolean => (objects.network_interface_link ?? []).length > 0;

const SCOPES: ReadonlyMap<string, NetworkKind> = new Map(IPV6_RULES.map(({ id, scope }) => [id, scope]));

/**
 * What the rules say about the document's objects on the live network, where the document does not suppress it. An error
 * of an object that is only looked up is a warning: it is somebody else's to mend.
 */
export async function rules(round: Round): Promise<Observation[]> {
  const { region, document } = round;
  const network = liveNetwork(await listRegion(region.snapshot, { machines: hasLinks(document) }));
  const now = new Date();
  const report = evaluate({ rules: IPV6_RULES, network, now });
  const said = new SaidObjects(round);
  const saidOf = ({ id, key = "" }: Finding | Unjudged): Said | undefined => {
    const scope = SCOPES.get(id);
    return scope && said.find(scope, key);
  };
  const placed = <T extends Finding | Unjudged>(rows: readonly T[]): T[] =>
    rows.flatMap((row) => {
      const path = saidOf(row)?.path;
      return path === undefined ? [] : [{ ...row, where: { path } }];
    });
  const findings = suppress({
    rules: IPV6_RULES,
    findings: placed(report.findings),
    unjudged: placed(report.unjudged),
    suppressions: document.suppressions,
    now,
  });
  // What is wrong with suppressions themselves is said at synth, and has no key.
  return findings
    .filter(({ key, level, suppressed }) => key !== undefined && level !== "information" && suppressed === undefined)
    .map((finding) => ({
      ...{ ...problemOf(finding), check: "rules" },
      severity: finding.level === "error" && saidOf(finding)?.isLookedUp !== true ? "error" : "warning",
      what: `${finding.id}: ${finding.what}`,
      fix: `${finding.fix} Source: ${finding.source.at}.`,
    }));
}
