import type { Field, KindName } from "../../../lib/model/field";
import { type Kind, NUMBER } from "../../../lib/model/kind";
import { findField, KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import {
  canonicalKey,
  formatKey,
  formatShortKey,
  isWellFormedKey,
  keyParts,
  parseKey,
  partsAmong,
} from "../../../lib/model/natural-key";
import { sameValue } from "../../../lib/model/spelling";
import { decode, type ObjectJson } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { rowsAnswered } from "../../maas/answer";
import { strategyOf } from "../kinds";
import { PlannedChanges, type When } from "../planning/planned-changes";
import type { Region } from "../region/region";
import type { Find } from "./strategy";

/** Whether the text has the form of an id of that kind. It may be that of an object which is gone. */
export const isId = (kind: KindName, key: string): boolean => KINDS[kind].id.form.test(key);

/** An object that this run renames, and that has the name at that time. */
function renamed(region: Region, { name: kind, fields }: Kind, key: string, when: When): string | undefined {
  const [part = "", ...others] = keyParts(kind);
  const isName = others.length === 0 && fields.some(({ name, unique }) => name === part && unique?.length === 0);
  return isName ? PlannedChanges.of(region).find(kind, part, parseKey(kind, key)?.[part] ?? key, when)?.id : undefined;
}

const keyReferences = ({ name: kind, fields }: Kind): readonly Field[] =>
  fields.filter(({ name, references }) => references !== undefined && keyParts(kind).includes(name));

/** The row of an object whose key names others, each by its id or its own natural key. */
async function findByOwners(region: Region, kind: Kind, key: string, when?: When): Promise<ObjectJson | undefined> {
  const parts = parseKey(kind.name, key);
  if (parts === undefined) return undefined;
  const owners = await Promise.all(
    keyReferences(kind).map(async ({ name, references = kind.name }) => {
      return [name, await lookUp(region, references, parts[name] ?? "", when)] as const;
    }),
  );
  const ids = owners.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const]));
  return ids.length < owners.length ? undefined : finders(kind).known(region, { ...parts, ...Object.fromEntries(ids) });
}

/** The id of the object that an id or a natural key names, by the kind's record. Undefined when the region has none. */
export async function lookUpByRecord(
  region: Region,
  kind: Kind,
  key: string,
  when?: When,
): Promise<string | undefined> {
  const { collection } = kind.api;
  const { snapshot } = region;
  const idOf = (row: ObjectJson | undefined): string | undefined => row && COLLECTIONS[collection].id(row);
  if (kind.id.form === NUMBER && NUMBER.test(key)) return idOf(await snapshot.read(collection, key));
  const changed = when && renamed(region, kind, key, when);
  if (changed !== undefined) return changed;
  if (keyReferences(kind).length > 0) return idOf(await findByOwners(region, kind, key, when));
  return isWellFormedKey(kind.name, key)
    ? idOf(await snapshot.find(collection, canonicalKey(kind.name, key)))
    : undefined;
}

/** The id of the object that an id or a natural key names; undefined when the region has none. */
export function lookUp(region: Region, kind: KindName, key: string, when?: When): Promise<string | undefined> {
  const special = strategyOf(kind).lookUp;
  return special === undefined ? lookUpByRecord(region, KINDS[kind], key, when) : special(region, key, when);
}

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
