import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import { isReplacedBy, type KindName } from "../../../../lib/model/field";
import { findField, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import { type Attributes, UNKNOWN, type Value } from "../../../../lib/model/known";
import { grouped, inNaturalOrder } from "../../../../lib/model/lists";
import { withOtherOwners } from "../../../../lib/model/natural-key";
import { type Owner, ownerOf } from "../../../../lib/model/owner";
import { sameValue } from "../../../../lib/model/spelling";
import type { LiveObject } from "../../region/live-objects";
import { type DesiredObject, LiveState, nameOf } from "./read-live";

/** What is wanted, what there is, and what former runs made. */
export interface Sides {
  readonly desired: readonly DesiredObject[];
  readonly live: LiveState;
  readonly recorded: readonly DesiredObject[];
  /** What the document looks up: it stays, whoever made it. Absent = nothing. */
  readonly lookedUp?: readonly { readonly kind: KindName; readonly key: string }[];
  /**
   * Whether what runs set is put on record. Then what MAAS never reports of an object that is not on record is yet to be set;
   * else it counts as set. Absent = it is not.
   */
  readonly isRecorded?: boolean;
}

/** The objects by kind and key. */
export const byName = <T extends { readonly kind: ManagedKindName; readonly key: string }>(
  objects: readonly T[],
): Map<string, T> => new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));

/** The attributes with other keys in their references, where there are others. */
export function withReferences(
  kind: KindName,
  attributes: Attributes,
  keyOf: (kind: KindName, key: string) => string | undefined,
): Attributes {
  const changed = DOCUMENT_KINDS[kind].fields.flatMap(({ name, references }) => {
    const value = attributes[name];
    const key = references !== undefined && typeof value === "string" ? keyOf(references, value) : undefined;
    return key === undefined ? [] : [[name, key] as const];
  });
  return { ...attributes, ...Object.fromEntries(changed) };
}

/** The attributes with the usual names of interfaces, where they name them by id or MAC address; those of a key stay. */
export function withInterfaces(
  kind: KindName,
  attributes: Attributes,
  nameOfInterface: (owner: Owner, key: string) => string | undefined,
): Attributes {
  const owner = ownerOf(attributes);
  if (owner === undefined) return attributes;
  const named = DOCUMENT_KINDS[kind].fields.flatMap(({ name, namesInterface }) => {
    if (namesInterface !== true) return [];
    const value = attributes[name] ?? null;
    const usual = (key: Value): Value => (typeof key === "string" ? (nameOfInterface(owner, key) ?? key) : key);
    return [[name, Array.isArray(value) ? value.map(usual).sort() : usual(value)] as const];
  });
  return { ...attributes, ...Object.fromEntries(named) };
}

/** The key that the table has for this one, or for the owners that it names; undefined = none. */
const renamed = (keys: ReadonlyMap<string, string>, kind: DocumentKindName, key: string): string | undefined =>
  keys.get(nameOf(kind, key)) ?? withOtherOwners(kind, key, (owner, ownerKey) => renamed(keys, owner, ownerKey));

/** Live objects by other keys than the region has them under, and all that goes by the name of such an object. */
class OtherKeys {
  readonly #keys = new Map<string, string>();
  /** The keys that the objects have, by their other ones. */
  readonly #own = new Map<string, string>();

  set(kind: KindName, key: string, other: string): void {
    this.#keys.set(nameOf(kind, key), other);
    this.#own.set(nameOf(kind, other), key);
  }

  /** The other key; undefined = it keeps its own. */
  of(kind: DocumentKindName, key: string): string | undefined {
    return renamed(this.#keys, kind, key);
  }

  /** The live object that goes by the key: under its other one, or under its own where it has no other. */
  find(live: LiveState, kind: KindName, key: string): LiveObject | undefined {
    const own = renamed(this.#own, kind, key);
    const candidates = [...(own === undefined ? [] : [live.find(kind, own)]), live.find(kind, key)];
    return candidates.find((found) => found !== undefined && (this.of(kind, found.key) ?? found.key) === key);
  }

  /** The live objects under their other keys, in references too. */
  in(live: LiveState): LiveState {
    return new LiveState(
      live.objects.map((object) => ({
        ...object,
        key: this.of(object.kind, object.key) ?? object.key,
        attributes: withReferences(object.kind, object.attributes, (kind, key) => this.of(kind, key)),
      })),
    );
  }
}

/**
 * The live objects under the keys that the record has them by: what somebody has renamed outside is known by its id. The
 * key may be that of another recorded object by now, which then has one of its own on record (two that exchanged their
 * names). Where somebody else's object has the key, the recorded one stays under its present name.
 */
function asRecorded(live: LiveState, recorded: readonly DesiredObject[]): LiveState {
  const keys = new OtherKeys();
  const isRecordedAs = byName(recorded);
  const recordedKeys = new Map(
    recorded.flatMap(({ kind, key, id }) => (id === undefined ? [] : [[nameOf(kind, id), key]])),
  );
  for (const { kind, key, id } of recorded) {
    const found = id === undefined ? undefined : live.withId(kind, id);
    const holder = live.find(kind, key);
    if (found === undefined || holder === found) continue;
    const holderKey = holder && recordedKeys.get(nameOf(kind, holder.id));
    const isFree = holder === undefined || (holderKey !== undefined && holderKey !== key);
    // Recorded without an id, the present name may be one that a run which was cut off has given to this object.
    const other = isRecordedAs.get(nameOf(kind, found.key));
    const isGiven = other !== undefined && (other.id === undefined || other.id === id);
    if (isFree && !isGiven) keys.set(kind, found.key, key);
  }
  return keys.in(live);
}

/** What a region has under the keys that it is to have. */
interface Present {
  readonly isThere: (kind: KindName, key: string) => boolean;
  readonly wouldComeWith: (kind: KindName, parentKey: string, id: string) => boolean;
}

/**
 * The attributes with those references unknown in which the object can't go on as it is, as Terraform has them: to what is
 * still to be made, and to a parent of which MAAS would take it for the default VLAN.
 */
export function withUnmade(
  kind: ManagedKindName,
  id: string | undefined,
  attributes: Attributes,
  { isThere, wouldComeWith }: Present,
): Attributes {
  const { parent } = KINDS[kind].withParent ?? {};
  const unmade = DOCUMENT_KINDS[kind].fields.filter(({ name, references }) => {
    const key = attributes[name];
    if (references === undefined || typeof key !== "string") return false;
    return !isThere(references, key) || (name === parent && id !== undefined && wouldComeWith(kind, key, id));
  });
  return { ...attributes, ...Object.fromEntries(unmade.map(({ name }) => [name, UNKNOWN])) };
}

/**
 * Objects that are to go on under another key: recorded objects that were said at the same place as a desired one which
 * the region does not have, wherever MAAS can change that in place, and all that goes by the name of such an object.
 */
export class Renames {
  readonly #keys = new OtherKeys();
  readonly #live: LiveState;

  constructor({ desired, live: read, recorded }: Sides) {
    const live = asRecorded(read, recorded);
    this.#live = live;
    const wanted = byName(desired);
    const known = byName(recorded);
    const formers = grouped(
      recorded.filter(({ kind, key }) => !wanted.has(nameOf(kind, key))),
      ({ kind, path }) => nameOf(kind, path),
    );
    // Kinds come in the order of their references, so that what an object belongs to has been looked at before it.
    for (const object of desired) {
      const isThere = live.find(object.kind, object.key) !== undefined;
      let isFree = !isThere;
      const candidates = formers.get(nameOf(object.kind, object.path)) ?? [];
      for (const former of inNaturalOrder(candidates, ({ key }) => key)) {
        const isLive = live.find(former.kind, former.key) !== undefined;
        // A run that was cut off may have renamed the object already; what belongs to it is on record under its old name.
        const isDone = isThere && !isLive && known.has(nameOf(object.kind, object.key));
        // It may also have left two objects of one place, of which only one can go on.
        const isToBeDone = isLive && isFree;
        if (!(isDone || isToBeDone) || !this.#canBecome(former, object)) continue;
        isFree = false;
        this.#keys.set(object.kind, former.key, object.key);
      }
    }
  }

  /** The live objects under the keys that they are to go on under, in references too. */
  get live(): LiveState {
    return this.#keys.in(this.#live);
  }

  /** The key that a recorded object is to go on under; undefined = it keeps its own. */
  keyNow(kind: KindName, key: string): string | undefined {
    return this.#keys.of(kind, key);
  }

  #canBecome(former: DesiredObject, object: DesiredObject): boolean {
    const before = withReferences(object.kind, former.attributes, (kind, key) => this.keyNow(kind, key));
    const id = this.#live.find(former.kind, former.key)?.id;
    const after = withUnmade(object.kind, id, object.attributes, {
      isThere: (kind, key) => this.#isThere(kind, key),
      wouldComeWith: (kind, parentKey, own) => this.#wouldComeWith(kind, parentKey, own),
    });
    return !KINDS[object.kind].fields
      .filter((field) => !sameValue(field, before[field.name] ?? null, object.attributes[field.name] ?? null))
      .some((field) => isReplacedBy(field, before, after));
  }

  /** See {@link LiveState.wouldComeWith}; the parent's key is the one that it is to go on under. */
  #wouldComeWith(kind: KindName, parentKey: string, id: string): boolean {
    const { parent } = KINDS[kind].withParent ?? {};
    const target = parent === undefined ? undefined : findField(KINDS[kind], parent).references;
    const owner = target === undefined ? undefined : this.#keys.find(this.#live, target, parentKey);
    return owner !== undefined && this.#live.wouldComeWith(kind, owner.key, id);
  }

  #isThere(kind: KindName, key: string): boolean {
    return this.#live.find(kind, key) !== undefined || this.#keys.find(this.#live, kind, key) !== undefined;
  }
}
