import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { findField, KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { formatKey, formatShortKey, keyParts } from "../../../lib/model/natural-key";
import { beforeKey, textOf } from "../../../lib/model/text";
import { COLLECTIONS } from "../../maas/collections";
import type { Region } from "../region/region";
import { tryResolve } from "./references";

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
  const otherwise = form.form.test(value) ? undefined : value;
  try {
    const id = mayAsk ? await tryResolve(region, references, value) : value;
    const row = id && (await (mayAsk ? region.snapshot.read(collection, id) : region.snapshot.peek(collection, id)));
    return (row && COLLECTIONS[collection].keys(row)[0]) ?? otherwise;
  } catch {
    // This is for a message about another error, which must not be lost.
    return otherwise;
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
