import type { Field, KindName } from "../../../lib/model/field";
import { type Kind, NUMBER } from "../../../lib/model/kind";
import { findField, KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
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
import { beforeKey, textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { decode, type ObjectJson } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import type { When } from "../objects/planned-state";
import { PlannedChanges } from "../planned/planned-changes";
import type { Region } from "../region/region";

const written = (value: Value | undefined): string =>
  (typeof value === "string" || typeof value === "number") && isKnown(value) ? textOf(value) : "?";

/**
 * The natural key of the object that a reference names. Where the region does not say: the reference as it is written, and
 * undefined for a bare id, which is no part of a key.
 */
async function targetName(
  region: Region,
  { references }: Field,
  value: Value | undefined,
  mayAsk: boolean,
): Promise<string | undefined> {
  if (references === undefined || typeof value !== "string") return written(value);
  const {
    api: { collection },
    id: form,
  } = KINDS[references];
  const fallback = form.form.test(value) ? undefined : value;
  try {
    const id = mayAsk ? await tryResolve(region, references, value) : value;
    const row = id && (await (mayAsk ? region.snapshot.read(collection, id) : region.snapshot.peek(collection, id)));
    return (row && COLLECTIONS[collection].keys(row)[0]) ?? fallback;
  } catch {
    // This is for a message about another error, which must not be lost.
    return fallback;
  }
}

/**
 * An object by its natural key: `VLAN lab:60`. Never throws.
 *
 * @param mayAsk whether the region can be asked for the names of what the object refers to.
 */
export async function naturalName(
  region: Region,
  kind: Kind,
  attributes: Attributes,
  mayAsk: boolean,
): Promise<string> {
  const given = keyParts(kind.name).filter((name) => (attributes[name] ?? null) !== null);
  const parts = await Promise.all(
    given.map(async (name) => {
      const value = attributes[name];
      return [name, await targetName(region, findField(kind, name), value, mayAsk), written(value)] as const;
    }),
  );
  const named = Object.fromEntries(parts.map(([name, target]) => [name, target]));
  const asWritten = Object.fromEntries(parts.map(([name, , text]) => [name, text]));
  return `${beforeKey(kind.title)} ${formatKey(kind.name, named) ?? formatShortKey(kind.name, named) ?? formatKey(kind.name, asWritten) ?? "?"}`;
}

/** What a message calls an object: `VLAN lab:60 (maas_vlan with id 5006)`. See {@link naturalName}. */
export async function objectName(region: Region, kind: Kind, attributes: Attributes, mayAsk: boolean): Promise<string> {
  const id = attributes.id ?? null;
  const suffix = typeof id === "string" ? ` with id ${id}` : "";
  return `${await naturalName(region, kind, attributes, mayAsk)} (${kind.type}${suffix})`;
}

/** Whether the text has the form of an id of that kind. It may be that of an object which is gone. */
export const isId = (kind: KindName, key: string): boolean => KINDS[kind].id.form.test(key);

/** An object that this run renames, and that has the name at that time. */
function renamed(region: Region, { name: kind, fields }: Kind, key: string, when: When): string | undefined {
  const [part, ...others] = keyParts(kind);
  const isName =
    part !== undefined &&
    others.length === 0 &&
    fields.some(({ name, unique }) => name === part && unique?.length === 0);
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
    : idOf(await findByName(region, kind, key));
}

/** The row of the only object that has the name, where objects of the kind may be referred to so. */
async function findByName({ snapshot }: Region, kind: Kind, name: string): Promise<ObjectJson | undefined> {
  const field = kind.fields.find(({ isName }) => isName === true);
  if (field === undefined) return undefined;
  const rows = await snapshot.list(kind.api.collection);
  const found = rows.filter((row) => decode({ ...kind, fields: [field] }, row)[field.name] === name);
  return found.length === 1 ? found[0] : undefined;
}

/** The id of the object that an id or a natural key names; undefined when the region has none. */
export function lookUp(region: Region, kind: KindName, key: string, when?: When): Promise<string | undefined> {
  const special = region.keysOf(kind).lookUp;
  return special === undefined ? lookUpByRecord(region, KINDS[kind], key, when) : special(region, key, when);
}

/**
 * The id of the object that the key names: an id or the natural key of its kind. Undefined when the region has none.
 *
 * @param when for a natural key that this run gives to an object, or takes from one; absent = as the region has it now.
 */
export async function tryResolve(
  region: Region,
  kind: KindName,
  key: string,
  when?: When,
): Promise<string | undefined> {
  return key === "" ? undefined : lookUp(region, kind, key, when);
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

/** The object with the natural key of `desired`, whose references are ids. */
export type Find = (region: Region, desired: Attributes) => Promise<ObjectJson | undefined>;
