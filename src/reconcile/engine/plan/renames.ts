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

/** Whether MAAS can change what a field has from one object to the other. */
const isChangeable = (kind: ManagedKindName, before: Attributes, after: Attributes, wanted = after): boolean =>
  !KINDS[kind].fields
    .filter((field) => !sameValue(field, before[field.name] ?? null, wanted[field.name] ?? null))
    .some((field) => isReplacedBy(field, before, after));

/**
 * The names of recorded objects and of live ones, matched: an object that somebody has renamed outside goes on under the
 * key that the record has; one that a run which was cut off has renamed already, under the key that it has by now.
 */
class Names {
  /** The keys of the record, by those of live objects which somebody has renamed outside. */
  readonly #outside = new OtherKeys();
  /** The keys that objects have by now, by those which they had on record before. */
  readonly #done = new OtherKeys();
  readonly #recorded: ReadonlyMap<string, DesiredObject>;
  readonly #recordedKeys: ReadonlyMap<string, string>;
  readonly #places: ReadonlyMap<string, readonly DesiredObject[]>;

  constructor(
    private readonly read: LiveState,
    recorded: readonly DesiredObject[],
    private readonly wanted: ReadonlyMap<string, DesiredObject>,
  ) {
    this.#recorded = byName(recorded);
    this.#recordedKeys = new Map(
      recorded.flatMap(({ kind, key, id }) => (id === undefined ? [] : [[nameOf(kind, id), key]])),
    );
    this.#places = grouped(recorded, ({ kind, path }) => nameOf(kind, path));
    // Kinds come in the order of their references: what an object belongs to has its name before it.
    for (const objects of grouped(recorded, ({ kind }) => kind).values()) {
      const byId = grouped(objects, (object) => this.#own(object) !== undefined);
      for (const object of byId.get(true) ?? []) this.#matchById(object);
      for (const object of byId.get(false) ?? []) this.#matchByPlace(object);
    }
  }

  /** The live objects under the keys that the record has them by, in references too. */
  get live(): LiveState {
    return this.#outside.in(this.read);
  }

  /** The key of {@link live} that a recorded one stands for. */
  keyNow(kind: DocumentKindName, key: string): string {
    return this.#done.of(kind, key) ?? key;
  }

  /** What the record has at a place: several objects after a run that was cut off. */
  at({ kind, path }: DesiredObject): readonly DesiredObject[] {
    return this.#places.get(nameOf(kind, path)) ?? [];
  }

  #own({ kind, id }: DesiredObject): LiveObject | undefined {
    return id === undefined ? undefined : this.read.withId(kind, id);
  }

  /**
   * The recorded key may be that of another recorded object by now, which then has one of its own on record (two that
   * exchanged their names). Where somebody else's object has the key, the recorded one stays under its present name.
   */
  #matchById(object: DesiredObject): void {
    const { kind, id } = object;
    const found = this.#own(object);
    const key = this.keyNow(kind, object.key);
    if (found === undefined || found.key === key) return;
    const holder = this.read.find(kind, key);
    const holderKey = holder && this.#recordedKeys.get(nameOf(kind, holder.id));
    const isFree = holder === undefined || (holderKey !== undefined && holderKey !== object.key);
    // Recorded without an id, the present name may be one that a run which was cut off has given to this object.
    const other = this.#recorded.get(nameOf(kind, found.key));
    const isGiven = other !== undefined && (other.id === undefined || other.id === id);
    if (isFree && !isGiven) this.#outside.set(kind, found.key, key);
    else this.#done.set(kind, object.key, found.key);
  }

  /** A run that was cut off may have given an object, recorded without an id, the name of another one at its place. */
  #matchByPlace(object: DesiredObject): void {
    const { kind } = object;
    if (this.#isThere(kind, this.keyNow(kind, object.key))) return;
    const before = withReferences(kind, object.attributes, (target, key) => this.#done.of(target, key));
    const others = this.at(object).filter(
      ({ key, attributes }) => this.#isThere(kind, key) && isChangeable(kind, before, attributes),
    );
    const [other, ...more] = others;
    const now = others.find(({ key }) => this.wanted.has(nameOf(kind, key))) ?? (more.length === 0 ? other : undefined);
    if (now !== undefined) this.#done.set(kind, object.key, now.key);
  }

  #isThere(kind: KindName, key: string): boolean {
    return this.#outside.find(this.read, kind, key) !== undefined;
  }
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
  readonly #names: Names;
  readonly #live: LiveState;

  constructor({ desired, live: read, recorded }: Sides) {
    const wanted = byName(desired);
    this.#names = new Names(read, recorded, wanted);
    const { live } = this.#names;
    this.#live = live;
    const isThere = ({ kind, key }: DesiredObject): boolean => live.find(kind, key) !== undefined;
    // Kinds come in the order of their references, so that what an object belongs to has been looked at before it.
    for (const object of desired.filter((one) => !isThere(one))) {
      const candidates = this.#names.at(object).filter((one) => !wanted.has(nameOf(one.kind, one.key)) && isThere(one));
      // A run that was cut off may have left two objects of one place, of which only one can go on.
      const former = inNaturalOrder(candidates, ({ key }) => key).find((one) => this.#canBecome(one, object));
      if (former !== undefined) this.#keys.set(object.kind, former.key, object.key);
    }
  }

  /** The live objects under the keys that they are to go on under, in references too. */
  get live(): LiveState {
    return this.#keys.in(this.#live);
  }

  /** The key that a recorded object is to go on under; undefined = it keeps its own. */
  keyNow(kind: KindName, key: string): string | undefined {
    const present = this.#names.keyNow(kind, key);
    return this.#keys.of(kind, present) ?? (present === key ? undefined : present);
  }

  #canBecome(former: DesiredObject, object: DesiredObject): boolean {
    const before = withReferences(object.kind, former.attributes, (kind, key) => this.keyNow(kind, key));
    const id = this.#live.find(former.kind, former.key)?.id;
    const after = withUnmade(object.kind, id, object.attributes, {
      isThere: (kind, key) => this.#isThere(kind, key),
      wouldComeWith: (kind, parentKey, own) => this.#wouldComeWith(kind, parentKey, own),
    });
    return isChangeable(object.kind, before, after, object.attributes);
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
