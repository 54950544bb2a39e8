import { checkField } from "../../lib/model/checks/field";
import type { DocumentObject, NetworkDocument, Origin } from "../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../lib/model/document/kinds";
import { documentNetwork } from "../../lib/model/document/network";
import type { KindName } from "../../lib/model/field";
import { isOwn, type Kind } from "../../lib/model/kind";
import { findField, isManaged, KINDS, ofKind } from "../../lib/model/kinds";
import { grouped, inNaturalOrder } from "../../lib/model/lists";
import { keyParts } from "../../lib/model/natural-key";
import { ProblemError } from "../../lib/model/problem";
import { beforeKey } from "../../lib/model/text";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { errorsOf, type Finding } from "../../lib/rules/report";
import type { MaasClient } from "../maas/client";
import { type Extent, Snapshot } from "../maas/snapshot";
import { type LiveObject, liveObjects } from "../reconcile/region/live-objects";
import { hiddenRacks } from "../reconcile/region/nodes";

/** One object's word for another, by the attribute that says it. */
export interface Reference {
  readonly attribute: string;
  readonly kind: KindName;
  readonly key: string;
}

/** Names an object among those of all kinds. */
export const nameOf = ({ kind, key }: Pick<LiveObject, "kind" | "key">): string => `${kind} ${key}`;

/** What the object refers to, in the order of its fields. */
export function referencesOf({ kind, attributes }: LiveObject): Reference[] {
  return DOCUMENT_KINDS[kind].fields.flatMap(({ name, references }): Reference[] => {
    const key = attributes[name];
    if (references === undefined || typeof key !== "string" || key === "") return [];
    return [{ attribute: name, kind: references, key }];
  });
}

/** What of a region is exported. */
export interface Selection {
  /** What is to be managed. */
  readonly managed: readonly LiveObject[];
  /** What that refers to and is somebody else's: racks and machines, and VLANs of fabrics that were not asked for. */
  readonly lookedUp: readonly LiveObject[];
}

/** A fabric that was asked for and that the region does not have. */
export class NoSuchFabricError extends ProblemError {
  override readonly name = "NoSuchFabricError";
  constructor(fabric: string, there: readonly string[]) {
    super(
      "MAAS-RUN-10",
      `The region has no fabric "${fabric}". It has ${there.join(", ")}: give --fabric one of those.`,
    );
  }
}

const byName = (objects: readonly LiveObject[]): ReadonlyMap<string, LiveObject> =>
  new Map(objects.map((object) => [nameOf(object), object]));

/** The key of the fabric that the object is in; undefined for what is in none, such as a rack interface on no VLAN. */
function fabricOf(object: LiveObject, all: ReadonlyMap<string, LiveObject>): string | undefined {
  if (object.kind === "fabric") return object.key;
  for (const reference of referencesOf(object)) {
    const target = all.get(nameOf(reference));
    const found = target && fabricOf(target, all);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the object can be looked up: there is a construct that does, and it takes the key. */
export const canBeLookedUp = ({ kind, attributes }: LiveObject): boolean =>
  !isManaged(KINDS[kind]) ||
  (KINDS[kind].construct.lookUp !== undefined &&
    keyParts(kind)
      .map((name) => findField(KINDS[kind], name))
      // A name that MAAS has is found, also where a construct would not give it to a new object.
      .filter(({ pattern }) => pattern === undefined)
      .every((field) => checkField(field, attributes[field.name] ?? null).length === 0));

/** The object as it is looked up: with what it is found by, which is all that is said of it. */
function lookedUp(object: LiveObject): LiveObject {
  const parts = keyParts(object.kind).map((name) => [name, object.attributes[name] ?? null] as const);
  return { ...object, attributes: Object.fromEntries(parts) };
}

/** What these refer to and are not themselves, as looked up. */
export function lookUpsOf(objects: readonly LiveObject[], region: readonly LiveObject[]): LiveObject[] {
  const all = byName(region.filter(canBeLookedUp).map(lookedUp));
  const seen = new Set(objects.map(nameOf));
  const found: LiveObject[] = [];
  for (let pending = objects; pending.length > 0;) {
    const names = [...new Set(pending.flatMap(referencesOf).map(nameOf))].filter((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    pending = names.flatMap((name) => all.get(name) ?? []);
    found.push(...pending);
  }
  return found;
}

/** Whether the object has all that a configuration must say of it. A rack's interface may be on no VLAN. */
const isWhole = ({ kind, attributes }: LiveObject): boolean =>
  DOCUMENT_KINDS[kind].fields.every(
    ({ name, presence }) => presence !== "required" || (attributes[name] ?? null) !== null,
  );

const isSpace = ({ kind }: LiveObject): boolean => kind === "space";

/** What of the region is to be managed. What others are named after comes first. */
function managedOf(region: readonly LiveObject[]): readonly LiveObject[] {
  const own = region.filter(
    ({ kind, attributes }) => isManaged(KINDS[kind]) && (KINDS[kind] as Kind).isRemarkable?.(attributes) !== false,
  );
  return [...own.filter(isSpace), ...own.filter((object) => !isSpace(object))];
}

/**
 * All of a region, or what is in some of its fabrics, with what that refers to.
 *
 * @throws NoSuchFabricError
 */
export function select(region: readonly LiveObject[], fabrics?: readonly string[]): Selection {
  const all = byName(region);
  const there = ofKind(region, "fabric").map(({ key }) => key);
  const missing = fabrics?.find((fabric) => !there.includes(fabric));
  if (missing !== undefined) throw new NoSuchFabricError(missing, there);

  const managed = managedOf(region);
  if (fabrics === undefined) {
    const whole = managed.filter(isWhole);
    return { managed: whole, lookedUp: lookUpsOf(whole, region) };
  }
  const wanted = new Set(fabrics);
  const inside = managed.filter((object) => wanted.has(fabricOf(object, all) ?? ""));
  // A space goes with the VLANs that are in it.
  const named = new Set(inside.map(({ attributes }) => attributes.space));
  const spaces = managed.filter((object) => isSpace(object) && named.has(object.key));
  const selected = [...spaces, ...inside];
  return { managed: selected, lookedUp: lookUpsOf(selected, region) };
}

/**
 * All of a region in parts that together are the whole: by the key of the fabric that the objects are in, in the order of
 * the keys, and last, under undefined, what is in none. What a part refers to in another one is looked up.
 */
export function selectByFabric(region: readonly LiveObject[]): ReadonlyMap<string | undefined, Selection> {
  const all = byName(region);
  const parts = grouped(managedOf(region).filter(isWhole), (object) => fabricOf(object, all));
  const fabrics = [...parts.keys()].filter((key) => key !== undefined);
  const inOrder = [...inNaturalOrder(fabrics, (key) => key), undefined];
  return new Map(
    inOrder.map((key) => {
      const managed = parts.get(key) ?? [];
      return [key, { managed, lookedUp: lookUpsOf(managed, region) }] as const;
    }),
  );
}

/** `subnet 10.20.0.0/24`: an object in a message. */
export const titleOf = ({ kind, key }: LiveObject): string => `${beforeKey(KINDS[kind].title)} ${key}`;

/** What an export works on. */
export interface ReadRegion {
  readonly objects: readonly LiveObject[];
  /** What the region has beside them, that no construct stands for: in sentences without a full stop. */
  readonly unsupported: readonly string[];
}

/** Machines cost a region most. */
const ALL_BUT_MACHINES: Extent = Object.fromEntries(
  Object.values<Kind>(KINDS)
    .filter((kind) => isOwn(kind) && kind.api.isHeavy !== true)
    .map(({ api }) => [api.collection, "all"] as const),
);

/** Reads all that can be exported, in one GET per collection; machines, which cost a region most, only on demand. */
export function readRegion(
  client: Pick<MaasClient, "get">,
  extent: { readonly machines: boolean },
): Promise<ReadRegion> {
  return readRows({ client, snapshot: new Snapshot(client) }, extent);
}

/** The same of a region that was read already, in part or whole. */
export async function readRows(
  { client, snapshot }: { readonly client: Pick<MaasClient, "get">; readonly snapshot: Snapshot },
  { machines }: { readonly machines: boolean },
): Promise<ReadRegion> {
  const rows = await snapshot.rows(machines ? { ...ALL_BUT_MACHINES, machines: "all" } : ALL_BUT_MACHINES);
  const hidden = await hiddenRacks(client, rows.rackcontrollers);
  const racks = hidden === undefined ? [] : [`rack controllers, their interfaces and DHCP: ${hidden}`];
  return { objects: liveObjects(rows), unsupported: racks };
}

/** Why a rule is broken: what the user is to replace. */
export const REASON = "as found in the region: fix it, or say here why it may stay";

/** Errors of the rules, by whether the user can let them be. */
export interface Judgement {
  readonly suppressible: readonly Finding[];
  /** MAAS itself refuses these, or did not use to. */
  readonly enforced: readonly Finding[];
}

/** How a selection is said in a document. */
export interface Wording {
  readonly apiUrl?: string | undefined;
  /** Of what is managed. */
  readonly origin: Exclude<Origin, "look_up">;
  readonly pathOf: (object: LiveObject) => string;
}

/** The selection as a desired state, without suppressions. */
export function networkDocument(
  { managed, lookedUp }: Selection,
  { apiUrl, origin, pathOf }: Wording,
): NetworkDocument {
  const objects: Partial<Record<DocumentKindName, DocumentObject[]>> = {};
  const add = (object: LiveObject, itsOrigin: Origin): void => {
    const { kind, key, attributes } = object;
    (objects[kind] ??= []).push({ key, path: pathOf(object), origin: itsOrigin, attributes });
  };
  for (const object of managed) add(object, origin);
  for (const object of lookedUp) add(object, "look_up");
  return { ...(apiUrl !== undefined && { apiUrl }), objects, suppressions: [] };
}

/** Several desired states of one region as one: what any of them manages is looked up by none. */
export function merged(documents: readonly NetworkDocument[]): NetworkDocument {
  const kinds = [...new Set(documents.flatMap(({ objects }) => Object.keys(objects) as DocumentKindName[]))];
  const objects = kinds.map((kind) => {
    const all = documents.flatMap((document) => document.objects[kind] ?? []);
    const own = all.filter(({ origin }) => origin !== "look_up");
    const keys = new Set(own.map(({ key }) => key));
    const others = new Map(all.filter(({ key }) => !keys.has(key)).map((object) => [object.key, object] as const));
    return [kind, [...own, ...others.values()]] as const;
  });
  return { ...documents[0], objects: Object.fromEntries(objects), suppressions: [] };
}

/** What the rules refuse of a desired state. */
export function judge(document: NetworkDocument): Judgement {
  const report = evaluate({ rules: IPV6_RULES, network: documentNetwork(document), now: new Date(0) });
  const errors = errorsOf(report);
  const isSuppressible = ({ kind }: Finding): boolean => kind === "silent" || kind === "documented";
  return {
    suppressible: errors.filter(isSuppressible),
    enforced: errors.filter((finding) => !isSuppressible(finding)),
  };
}

/** The desired state that adopts what the region has, with a suppression for each rule that the region breaks. */
export function adoptingDocument(selection: Selection, apiUrl?: string): NetworkDocument {
  const document = networkDocument(selection, { apiUrl, origin: "adopt", pathOf: titleOf });
  const broken = judge(document).suppressible.map(({ id, where }) => [id, where.path] as const);
  const once = new Map(broken.map(([id, where]) => [`${id} ${where}`, { id, where, reason: REASON }]));
  return { ...document, suppressions: [...once.values()] };
}
