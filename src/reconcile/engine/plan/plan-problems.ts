import { checkReserved } from "../../../../lib/model/checks/object";
import { DOCUMENT_ORDER, type DocumentObject, type NetworkDocument } from "../../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import { documentNetwork } from "../../../../lib/model/document/network";
import type { KindName } from "../../../../lib/model/field";
import { type Collection, isReported, KINDS, ofKind } from "../../../../lib/model/kinds";
import { attributeEntries, isKnown, type Known, type Value } from "../../../../lib/model/known";
import { parseKey } from "../../../../lib/model/natural-key";
import type { Network } from "../../../../lib/model/network";
import { fault, type Problem, ProblemError, sentence } from "../../../../lib/model/problem";
import { beforeKey, textOf } from "../../../../lib/model/text";
import { ENGINE_RULES } from "../../../../lib/rules/engine-rules";
import { evaluate } from "../../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../../lib/rules/ipv6";
import { type Finding, problemOf, type Report } from "../../../../lib/rules/report";
import { RACKS, unreachable } from "../../checks/dhcp";
import { checkMovedSubnet } from "../../checks/side-effects";
import { strategyOf } from "../../kinds";
import { checkMaasVersion } from "../../region-checks";
import type { Region } from "../../region/region";
import type { Step } from "./order";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";
import { makes } from "./step-graph";

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
function warningsOf({ findings }: Report): readonly Finding[] {
  return findings.filter(({ level, suppressed }) => level === "warning" && suppressed === undefined);
}

interface Sides {
  readonly steps: readonly Step[];
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

const vidOf = (vlan: unknown): number => Number(parseKey("vlan", textOf(vlan ?? ""))?.vid);

/** Racks that are to serve DHCP on VLANs where MAAS would refuse them, before and after the plan. */
export async function unreachedVlans(region: Region, { steps, desired, live }: Sides): Promise<Problem<string>[]> {
  const found: Problem<string>[] = [];
  const wanted = ofKind(desired, "rack_interface");
  const moved = new Map(wanted.map(({ key, attributes }) => [key, attributes.vlan]));
  for (const { path, desired: dhcp = {} } of ofKind(steps.filter(makes), "vlan_dhcp")) {
    const vid = vidOf(dhcp.vlan);
    for (const name of RACKS) {
      const rack = typeof dhcp[name] === "string" ? live.findNamed("rack_controller", dhcp[name]) : undefined;
      if (rack === undefined) continue;
      const own = live.ofKind("rack_interface").filter(({ attributes }) => attributes.rack_controller === rack.key);
      if (own.some(({ key, attributes }) => vidOf(moved.get(key) ?? attributes.vlan) === vid)) continue;
      const racks = await region.snapshot.list("rackcontrollers");
      const vlan = `VLAN ${textOf(dhcp.vlan ?? "")}`;
      const words = unreachable(racks, { hostname: rack.key, vlan, vid });
      found.push({ ...fault("MAAS-OPS-21", name, words), subject: { path } });
    }
  }
  return found;
}

/** What the region's release of MAAS does not have, and what a program of this machine refuses of an object. */
export async function refusedObjects(region: Region, steps: readonly Step[]): Promise<Problem<string>[]> {
  const found = steps.filter(makes).map(async ({ action, kind, path, live, desired = {} }) => {
    const unsupported = action === "create" ? await checkMaasVersion(region, KINDS[kind], desired) : [];
    const refused = await strategyOf(kind).checkWithProgram?.(region, live, desired);
    return [...unsupported, ...(refused ?? [])].map((problem) => refusedAt(path, problem));
  });
  return (await Promise.all(found)).flat();
}

/** A document that no plan can be made for, on this region. Holds all reasons. */
export class PlanError extends ProblemError {
  override readonly name = "PlanError";
  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      ({ attribute: _, ...problem }) => `  [${problem.subject?.path ?? ""}] ${sentence(problem)}`,
    );
    super("MAAS-PLN-01", `there can be no plan:\n${lines.join("\n")}`, problems);
  }
}

/** A reason why there can be no plan, at the place where the user said what can't be. */
const refusedAt = (path: string, problem: Problem<string>): Problem<string> => ({ ...problem, subject: { path } });

/** How many names a message lists at most. */
const NAMES_SHOWN = 10;

const isWhollyKnown = (value: Known<Value>): boolean =>
  isKnown(value) && (!Array.isArray(value) || value.every(isWhollyKnown));

type Named = DocumentObject & { readonly kind: DocumentKindName };

const objectsOf = ({ objects }: NetworkDocument): Named[] =>
  DOCUMENT_ORDER.flatMap((kind) => (objects[kind] ?? []).map((object) => ({ ...object, kind })));

/** What is there already, whoever made it: the document only refers to it. */
export const lookedUpIn = (document: NetworkDocument): readonly { readonly kind: KindName; readonly key: string }[] =>
  objectsOf(document).flatMap(({ kind, key, origin }) =>
    origin === "look_up" && kind !== "router_advertisement" ? [{ kind, key }] : [],
  );

/** Values that only Terraform can tell. */
export function unknownValues(document: NetworkDocument): Problem<string>[] {
  return objectsOf(document)
    .filter(({ origin, kind }) => origin !== "look_up" && kind !== "router_advertisement")
    .flatMap(({ kind, path, attributes }) =>
      attributeEntries(attributes)
        .filter(([, value]) => !isWhollyKnown(value))
        .map(([name]) => {
          const what = `${name} of this ${DOCUMENT_KINDS[kind].title} is not known before Terraform runs`;
          const fix = "Give it as a literal, or let the provider manage the stack (MaasEngine.PROVIDER).";
          return refusedAt(path, fault("MAAS-PLN-02", name, { what, fix }));
        }),
    );
}

function namesOf(live: LiveState, kind: Exclude<DocumentKindName, "router_advertisement">): string {
  const all = live.ofKind(kind);
  if (all.length === 0) return "";
  const names = all.slice(0, NAMES_SHOWN).map(({ key }) => key);
  return ` Read of the region: ${names.join(", ")}${all.length > NAMES_SHOWN ? ", …" : ""}.`;
}

/** What MAAS lists to administrators only. */
const RACK_COLLECTIONS: readonly Collection[] = ["rackcontrollers", "interfaces"];

/** An object that the region lacks, or does not show. */
export interface MissingObject {
  readonly problem: Problem<string>;
  readonly aboutRack: boolean;
}

/** What must be on the region beforehand and is not: what is looked up, and the interfaces of racks. */
export function missingObjects(document: NetworkDocument, live: LiveState): MissingObject[] {
  return objectsOf(document).flatMap(({ kind, key, path, origin }): MissingObject[] => {
    if (kind === "router_advertisement") return [];
    const mustBeThere = origin === "look_up" || isReported(kind);
    if (!mustBeThere || live.findNamed(kind, key) !== undefined) return [];
    const { title, key: form } = DOCUMENT_KINDS[kind];
    const fix = isReported(kind)
      ? "A rack reports its own interfaces; nobody can make one through MAAS. Name one that it has."
      : `It is looked up, not made: give ${form.words} of one that is there.`;
    const words = { what: `the region has no ${beforeKey(title)} "${key}"`, fix: `${fix}${namesOf(live, kind)}` };
    const aboutRack = RACK_COLLECTIONS.includes(KINDS[kind].api.collection);
    return [{ problem: refusedAt(path, fault("MAAS-OPS-01", undefined, words)), aboutRack }];
  });
}

/** Attributes that MAAS does not keep on the default VLAN of a fabric, whatever its VID. */
export function unkeptValues(steps: readonly Step[], live: LiveState): Problem<string>[] {
  return steps
    .filter(({ kind, id }) => id !== undefined && live.withId(kind, id)?.comesWithParent === true)
    .flatMap(({ kind, key, path, desired = {} }) =>
      KINDS[kind].fields
        .filter(({ name, notOnDefault }) => notOnDefault !== undefined && (desired[name] ?? null) !== null)
        .map(({ name, notOnDefault = "" }) => {
          const what = `${key} is the default ${KINDS[kind].title} of its fabric, which has no ${name}`;
          return refusedAt(path, fault("MAAS-OBJ-11", name, { what, fix: notOnDefault }));
        }),
    );
}

/** Objects that would be made with a name that MAAS keeps for others. */
export function reservedNames(steps: readonly Step[]): Problem<string>[] {
  return steps
    .filter(({ action }) => action === "create")
    .flatMap(({ kind, path, desired = {} }) =>
      checkReserved(KINDS[kind], desired).map((problem) => refusedAt(path, problem)),
    );
}

/** Static ranges on a subnet that is looked up and turns out to be unmanaged, where they would mean the opposite. */
export function unmanagedStaticRanges(document: NetworkDocument, live: LiveState): Problem<string>[] {
  const lookedUp = new Set(
    (document.objects.subnet ?? []).filter(({ origin }) => origin === "look_up").map(({ key }) => key),
  );
  return (document.objects.ip_range ?? [])
    .filter(({ attributes }) => attributes.type === "static" && lookedUp.has(textOf(attributes.subnet)))
    .filter(({ attributes }) => live.find("subnet", textOf(attributes.subnet))?.attributes.managed === false)
    .map(({ path, attributes }) => {
      const what = `the subnet ${textOf(attributes.subnet)} is not managed`;
      const why = "Static ranges of a looked-up subnet need a managed one.";
      const fix = "Set managed to true on it in MAAS, or use ReservedRange.";
      return refusedAt(path, fault("MAAS-PLN-03", undefined, { what, why, fix }));
    });
}

/** What the steps do to objects beside those that they change. @param ids of live objects, by kind and key. */
export async function stepWarnings(
  region: Region,
  steps: readonly Step[],
  ids: ReadonlyMap<string, string>,
): Promise<Problem<string>[]> {
  const found: Problem<string>[] = [];
  for (const { action, id, path, live, desired, differences } of ofKind(steps, "subnet")) {
    const move = differences.find(({ name }) => name === KINDS.subnet.field.vlan.name);
    if (action !== "update" || id === undefined || move === undefined) continue;
    const key = textOf(move.desired);
    const vlan = ids.get(nameOf("vlan", key)) ?? key;
    const problems = await checkMovedSubnet(region, { ...live, id }, { ...desired, vlan });
    found.push(...problems.map((problem) => ({ ...problem, subject: { path } })));
  }
  return found;
}

/** What the rules warn of in a document. */
export const ruleWarnings = (report: Report | undefined): Problem<string>[] =>
  report === undefined ? [] : warningsOf(report).map(problemOf);
