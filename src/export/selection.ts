import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import type { KindName } from "../../lib/model/field";
import { isManaged, KINDS, ofKind } from "../../lib/model/kinds";
import { keyParts } from "../../lib/model/natural-key";
import { ProblemError } from "../../lib/model/problem";
import { beforeKey } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/region/live-objects";

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
    return references === undefined || typeof key !== "string" ? [] : [{ attribute: name, kind: references, key }];
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

/** Whether an object of the kind can be looked up. */
export const canBeLookedUp = ({ kind }: LiveObject): boolean =>
  !isManaged(KINDS[kind]) || KINDS[kind].construct.lookUp !== undefined;

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

  const wanted = new Set(fabrics ?? there);
  const inside = region.filter((object) => wanted.has(fabricOf(object, all) ?? ""));
  // A space goes with the VLANs that are in it.
  const named = new Set(inside.map(({ attributes }) => attributes.space));
  const spaces = region.filter(({ kind, key }) => kind === "space" && (fabrics === undefined || named.has(key)));
  const managed = [...spaces, ...inside];
  return { managed, lookedUp: lookUpsOf(managed, region) };
}

/** `subnet 10.20.0.0/24`: an object in a message. */
export const titleOf = ({ kind, key }: LiveObject): string => `${beforeKey(KINDS[kind].title)} ${key}`;
