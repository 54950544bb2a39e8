import { fabricOf } from "../../../lib/model/document/key";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import type { DesiredObject } from "./desired";
import { LiveState, nameOf } from "./live-state";

/** What is wanted, what there is, and what former runs made. */
export interface Sides {
  readonly desired: readonly DesiredObject[];
  readonly live: LiveState;
  readonly recorded: readonly DesiredObject[];
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
  const changed = DOCUMENT_KINDS[kind].fields.flatMap(({ name, refers }) => {
    const value = attributes[name];
    const key = refers !== undefined && typeof value === "string" ? keyOf(refers, value) : undefined;
    return key === undefined ? [] : [[name, key] as const];
  });
  return { ...attributes, ...Object.fromEntries(changed) };
}

/**
 * Objects that are to go on under another key: recorded objects that were said at the same place as a desired one which
 * the region does not have, wherever MAAS can change that in place, and all that goes by the name of such an object.
 */
export class Renames {
  readonly #keys = new Map<string, string>();

  constructor({ desired, live, recorded }: Sides) {
    const wanted = byName(desired);
    const known = byName(recorded);
    const formers = new Map<string, DesiredObject[]>();
    for (const object of recorded.filter(({ kind, key }) => !wanted.has(nameOf(kind, key)))) {
      const place = nameOf(object.kind, object.path);
      formers.set(place, [...(formers.get(place) ?? []), object]);
    }
    // Kinds come in the order of their references, so that what an object belongs to has been looked at before it.
    for (const object of desired) {
      const isThere = live.find(object.kind, object.key) !== undefined;
      let isFree = !isThere;
      const candidates = formers.get(nameOf(object.kind, object.path)) ?? [];
      for (const former of [...candidates].sort((a, b) => (a.key < b.key ? -1 : 1))) {
        const isLive = live.find(former.kind, former.key) !== undefined;
        // A run that was cut off may have renamed the object already; what belongs to it is on record under its old name.
        const isDone = isThere && !isLive && known.has(nameOf(object.kind, object.key));
        // It may also have left two objects of one place, of which only one can go on.
        const isToBeDone = isLive && isFree;
        if (!(isDone || isToBeDone) || !this.#canBecome(former, object)) continue;
        isFree = false;
        this.#keys.set(nameOf(object.kind, former.key), object.key);
      }
    }
  }

  /** The live objects under the keys that they are to go on under, in references too. */
  of(live: LiveState): LiveState {
    return new LiveState(
      live.objects.map((object) => ({
        ...object,
        key: this.keyNow(object.kind, object.key) ?? object.key,
        attributes: withReferences(object.kind, object.attributes, (kind, key) => this.keyNow(kind, key)),
      })),
    );
  }

  /** The key that a live object is to go on under; undefined = it keeps its own. */
  keyNow(kind: KindName, key: string): string | undefined {
    const renamed = this.#keys.get(nameOf(kind, key));
    if (renamed !== undefined) return renamed;
    if (kind === "vlan_dhcp") return this.keyNow("vlan", key);
    if (kind !== "vlan") return undefined;
    const before = fabricOf(key);
    const fabric = this.keyNow("fabric", before);
    return fabric === undefined ? undefined : `${fabric}${key.slice(before.length)}`;
  }

  #canBecome(former: DesiredObject, object: DesiredObject): boolean {
    const before = withReferences(object.kind, former.attributes, (kind, key) => this.keyNow(kind, key));
    return KINDS[object.kind].fields
      .filter(({ replaces }) => replaces === true)
      .every((field) => sameValue(field, before[field.name] ?? null, object.attributes[field.name] ?? null));
  }
}
