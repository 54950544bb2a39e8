import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import type { Attributes, Value } from "../../../../lib/model/known";
import { withOtherOwners } from "../../../../lib/model/natural-key";
import { type Owner, ownerOf } from "../../../../lib/model/owner";
import type { LiveObject } from "../../region/live-objects";
import { LiveState, nameOf } from "./read-live";

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
export class OtherKeys {
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
