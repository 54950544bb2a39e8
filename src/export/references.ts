import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import type { KindName } from "../../lib/model/field";
import type { LiveObject } from "../reconcile/live-objects";

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
