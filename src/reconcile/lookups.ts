import type { Field, KindName } from "../../lib/model/field";
import { type Kind, NUMBER } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { canonicalKey, isWellFormedKey, keyParts, parseKey } from "../../lib/model/natural-key";
import { COLLECTIONS } from "../maas/collections";
import type { ObjectJson } from "../maas/codec";
import { strategyOf } from "./kinds";
import { finders } from "./ops/finders";
import { PlannedChanges, type When } from "./planned-changes";
import type { Region } from "./region";

/** Whether the text has the form of an id of that kind. It may be that of an object which is gone. */
export const isId = (kind: KindName, key: string): boolean => KINDS[kind].id.form.test(key);

/** An object that this run renames, and that has the name at that time. */
function renamed(region: Region, { name: kind, fields }: Kind, key: string, when: When): string | undefined {
  const [part = "", ...others] = keyParts(kind);
  const isName = others.length === 0 && fields.some(({ name, unique }) => name === part && unique === true);
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
