import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import { findField, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import { type Attributes, UNKNOWN } from "../../../../lib/model/known";
import { inNaturalOrder } from "../../../../lib/model/lists";
import { OtherKeys, withReferences } from "./other-keys";
import { byName, type DesiredObject, type LiveState, nameOf } from "./read-live";
import { isChangeable, RecordedNames } from "./recorded-names";

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
  readonly #names: RecordedNames;
  readonly #live: LiveState;

  constructor({ desired, live: read, recorded }: Sides) {
    const wanted = byName(desired);
    this.#names = new RecordedNames(read, recorded, wanted);
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
