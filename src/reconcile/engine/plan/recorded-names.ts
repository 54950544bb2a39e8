import type { DocumentKindName } from "../../../../lib/model/document/kinds";
import { isReplacedBy, type KindName } from "../../../../lib/model/field";
import { KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { sameValue } from "../../../../lib/model/spelling";
import type { LiveObject } from "../../region/live-objects";
import { OtherKeys, withReferences } from "./other-keys";
import { byName, byPlace, type DesiredObject, type LiveState, nameOf } from "./read-live";

/** Whether MAAS can change what a field has from one object to the other. */
export const isChangeable = (kind: ManagedKindName, before: Attributes, after: Attributes, wanted = after): boolean =>
  !KINDS[kind].fields
    .filter((field) => !sameValue(field, before[field.name] ?? null, wanted[field.name] ?? null))
    .some((field) => isReplacedBy(field, before, after));

/**
 * The names of recorded objects and of live ones, matched: an object that somebody has renamed outside goes on under the
 * key that the record has; one that a run which was cut off has renamed already, under the key that it has by now.
 */
export class RecordedNames {
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
    this.#places = byPlace(recorded);
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

  /** What the record has at a place, under the keys of {@link live}: several objects after a run that was cut off. */
  at({ kind, path }: DesiredObject): readonly DesiredObject[] {
    const objects = this.#places.get(nameOf(kind, path)) ?? [];
    return objects.map((object) => ({ ...object, key: this.keyNow(kind, object.key) }));
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
