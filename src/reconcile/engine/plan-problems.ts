import { DOCUMENT_ORDER, type DocumentObject, type NetworkDocument } from "../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import { isKnown, type Known, type Value } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { checkReserved } from "../../../lib/model/checks/object";
import { isReported, KINDS } from "../../../lib/model/kinds";
import type { Collection } from "../../../lib/model/kinds";
import type { LiveState } from "./live-state";
import type { Step } from "./order";
import type { PlanProblem } from "./plan-error";

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
export function unknownValues(document: NetworkDocument): PlanProblem[] {
  return objectsOf(document)
    .filter(({ origin, kind }) => origin !== "look_up" && kind !== "router_advertisement")
    .flatMap(({ kind, path, attributes }) =>
      Object.entries(attributes)
        .filter(([, value]) => !isWhollyKnown(value))
        .map(([name]) => ({
          path,
          what: `${name} of this ${DOCUMENT_KINDS[kind].title} is not known before Terraform runs`,
          fix: "Give it as a literal, or let the provider manage the stack (MaasEngine.PROVIDER).",
        })),
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
export interface MissingObject extends PlanProblem {
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
    const aboutRack = RACK_COLLECTIONS.includes(KINDS[kind].api.collection);
    return [{ path, what: `the region has no ${title} "${key}"`, fix: `${fix}${namesOf(live, kind)}`, aboutRack }];
  });
}

/** Attributes that MAAS does not keep on the default VLAN of a fabric, whatever its VID. */
export function unkeptValues(steps: readonly Step[], live: LiveState): PlanProblem[] {
  return steps
    .filter(({ kind, id }) => id !== undefined && live.withId(kind, id)?.comesWithParent === true)
    .flatMap(({ kind, key, path, desired = {} }) =>
      KINDS[kind].fields
        .filter(({ name, notOnDefault }) => notOnDefault !== undefined && (desired[name] ?? null) !== null)
        .map(({ name, notOnDefault = "" }) => ({
          path,
          what: `${key} is the default ${KINDS[kind].title} of its fabric, which has no ${name}`,
          fix: notOnDefault,
        })),
    );
}

/** Objects that would be made with a name that MAAS keeps for others. */
export function reservedNames(steps: readonly Step[]): PlanProblem[] {
  return steps
    .filter(({ action }) => action === "create")
    .flatMap(({ kind, path, desired = {} }) =>
      checkReserved(KINDS[kind], desired).map(({ summary, detail }) => ({ path, what: summary, fix: detail })),
    );
}

/** Static ranges on a subnet that is looked up and turns out to be unmanaged, where they would mean the opposite. */
export function unmanagedStaticRanges(document: NetworkDocument, live: LiveState): PlanProblem[] {
  const lookedUp = new Set(
    (document.objects.subnet ?? []).filter(({ origin }) => origin === "look_up").map(({ key }) => key),
  );
  return (document.objects.ip_range ?? [])
    .filter(({ attributes }) => attributes.type === "static" && lookedUp.has(textOf(attributes.subnet)))
    .filter(({ attributes }) => live.find("subnet", textOf(attributes.subnet))?.attributes.managed === false)
    .map(({ path, attributes }) => ({
      path,
      what: `the subnet ${textOf(attributes.subnet)} is not managed`,
      fix: "Static ranges of a looked-up subnet need a managed one. Set managed to true on it in MAAS, or use ReservedRange.",
    }));
}
