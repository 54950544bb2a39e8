import type { Kind } from "../../../lib/model/kind";
import { findField } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { formatKey, formatShortKey, keyParts, partsAmong } from "../../../lib/model/natural-key";
import { sameValue } from "../../../lib/model/spelling";
import { rowsAnswered } from "../../maas/answer";
import { decode, type ObjectJson } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import type { Find } from "../strategy";

/** How the object with the natural key of some attributes is found, by the kind's record. Their references are ids. */
export function finders(kind: Kind): { readonly find: Find; readonly known: Find } {
  const { collection, byKey } = kind.api;
  const partsOf = (desired: Attributes) => partsAmong(kind.name, desired) ?? {};
  if (byKey !== undefined) {
    const keyOf = (desired: Attributes): string => formatKey(kind.name, partsOf(desired)) ?? "";
    return {
      find: ({ snapshot }, desired) => snapshot.findNow(collection, keyOf(desired)),
      known: ({ snapshot }, desired) => snapshot.find(collection, keyOf(desired)),
    };
  }
  const fields = keyParts(kind.name).map((name) => findField(kind, name));
  const among = (rows: readonly ObjectJson[], desired: Attributes): ObjectJson | undefined =>
    rows.find((row) => {
      const live = decode({ ...kind, fields }, row);
      return fields.every((field) => sameValue(field, live[field.name] ?? null, desired[field.name] ?? null));
    });
  const { list } = COLLECTIONS[collection];
  return {
    // Past the snapshot: the question is what the region has since its last answer.
    find: async ({ client }, desired) => among(rowsAnswered(list, await client.get(list)), desired),
    known: async ({ snapshot }, desired) => {
      const short = formatShortKey(kind.name, partsOf(desired));
      return among(
        await (short === undefined ? snapshot.list(collection) : snapshot.findAll(collection, short)),
        desired,
      );
    },
  };
}
