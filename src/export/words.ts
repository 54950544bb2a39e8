import type { Words } from "../../lib/model/construct-view";
import type { Kind } from "../../lib/model/kind";
import { findField, KINDS } from "../../lib/model/kinds";
import { textOf } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/region/live-objects";
import { grouped } from "../../lib/model/lists";
import { nameOf } from "./selection";

/** The words that name each object after its natural key, as few as tell it apart from the others of its kind. */
export function wordsOf(objects: readonly LiveObject[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const ofKind = grouped(objects, ({ kind }) => kind);
  const known = (object: LiveObject, field: string): readonly string[] => {
    const { references } = findField(KINDS[object.kind], field);
    const key = textOf(object.attributes[field]);
    return (references && words.get(nameOf({ kind: references, key }))) ?? [key];
  };
  // In the order of the table: what others are named after comes first.
  for (const { name, construct } of Object.values<Kind>(KINDS)) {
    const wordings = (ofKind.get(name) ?? []).map((object) => {
      const named: Words = construct.words?.(object.attributes, (field) => known(object, field)) ?? {
        words: [object.key],
      };
      return { object, ...named };
    });
    const alike = grouped(wordings, ({ words: short }) => short.join(" "));
    for (const { object, words: short, apart } of wordings) {
      const isAlone = alike.get(short.join(" "))?.length === 1;
      words.set(nameOf(object), isAlone || apart === undefined ? short : [...short, apart]);
    }
  }
  return words;
}
