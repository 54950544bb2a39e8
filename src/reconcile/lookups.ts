import type { KindName } from "../../lib/model/field";
import { type Kind, NUMBER } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { canonicalKey, isWellFormedKey, keyParts, parseKey } from "../../lib/model/natural-key";
import { COLLECTIONS } from "../maas/collections";
import { strategyOf } from "./kinds";
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

/** The id of the object that an id or a natural key names, by the kind's record. Undefined when the region has none. */
export async function lookUpByRecord(
  region: Region,
  kind: Kind,
  key: string,
  when?: When,
): Promise<string | undefined> {
  const { collection } = kind.api;
  const { snapshot } = region;
  const idOf = (row: Parameters<(typeof COLLECTIONS)[typeof collection]["id"]>[0] | undefined): string | undefined =>
    row && COLLECTIONS[collection].id(row);
  if (kind.id.form === NUMBER && NUMBER.test(key)) return idOf(await snapshot.read(collection, key));
  const changed = when && renamed(region, kind, key, when);
  if (changed !== undefined) return changed;
  return isWellFormedKey(kind.name, key)
    ? idOf(await snapshot.find(collection, canonicalKey(kind.name, key)))
    : undefined;
}

/** The id of the object that an id or a natural key names; undefined when the region has none. */
export function lookUp(region: Region, kind: KindName, key: string, when?: When): Promise<string | undefined> {
  const special = strategyOf(kind).lookUp;
  return special === undefined ? lookUpByRecord(region, KINDS[kind], key, when) : special(region, key, when);
}
