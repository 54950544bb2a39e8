import type { DocumentKindName } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import { grouped } from "../../../lib/model/grouped";
import { KINDS, type OfKind } from "../../../lib/model/kinds";
import { withOtherOwners } from "../../../lib/model/natural-key";
import { textOf } from "../../../lib/model/text";
import type { LiveObject } from "../live-objects";

/** What has been read of a live region, by kind and natural key. */
export class LiveState {
  readonly #byKey: ReadonlyMap<string, LiveObject>;
  readonly #byAlias: ReadonlyMap<string, LiveObject>;
  readonly #byId: ReadonlyMap<string, LiveObject>;
  /** What MAAS made with its parent, by the parent's key. */
  readonly #byParent: ReadonlyMap<string, LiveObject>;
  readonly #byKind: ReadonlyMap<KindName, readonly LiveObject[]>;

  constructor(readonly objects: readonly LiveObject[]) {
    this.#byKey = new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));
    this.#byAlias = new Map(
      objects.flatMap((object) => (object.aliases ?? []).map((key) => [nameOf(object.kind, key), object] as const)),
    );
    this.#byId = new Map(objects.map((object) => [nameOf(object.kind, object.id), object]));
    this.#byParent = new Map(
      objects.flatMap((object) => {
        const { parent } = KINDS[object.kind].withParent ?? {};
        const key = parent === undefined ? null : (object.attributes[parent] ?? null);
        return object.comesWithParent === true && key !== null ? [[nameOf(object.kind, textOf(key)), object]] : [];
      }),
    );
    this.#byKind = grouped(objects, ({ kind }) => kind);
  }

  find(kind: KindName, key: string): LiveObject | undefined {
    const name = nameOf(kind, key);
    return this.#byKey.get(name) ?? this.#byAlias.get(name) ?? this.#byOwner(kind, key);
  }

  /** An object whose key names its owner by another of the owner's names: an interface of a rack, by the rack's FQDN. */
  #byOwner(kind: KindName, key: string): LiveObject | undefined {
    const usual = withOtherOwners(kind, key, (owner, name) => this.#byAlias.get(nameOf(owner, name))?.key);
    return usual === undefined ? undefined : this.#byKey.get(nameOf(kind, usual));
  }

  /** Like {@link find}, and takes an id too: racks and machines are named by either. */
  findNamed(kind: KindName, name: string): LiveObject | undefined {
    return this.find(kind, name) ?? this.#byId.get(nameOf(kind, name));
  }

  withId(kind: KindName, id: string): LiveObject | undefined {
    return this.#byId.get(nameOf(kind, id));
  }

  /**
   * Whether MAAS would take the object for the one that it made with that parent: it takes the VLAN with the lowest id for
   * the default VLAN of a fabric.
   */
  wouldComeWith(kind: KindName, parentKey: string, id: string): boolean {
    const present = this.#byParent.get(nameOf(kind, parentKey));
    return present !== undefined && Number(id) < Number(present.id);
  }

  ofKind<N extends KindName>(kind: N): readonly OfKind<LiveObject, N>[] {
    return (this.#byKind.get(kind) ?? []) as unknown as readonly OfKind<LiveObject, N>[];
  }
}

/** What an object is called among those of all kinds. */
export function nameOf(kind: DocumentKindName, key: string): string {
  return `${kind} ${key}`;
}
