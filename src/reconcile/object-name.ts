import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { type Attributes, isKnown, type Value } from "../../lib/model/known";
import { findField, KINDS } from "../../lib/model/kinds";
import { formatKey, keyParts } from "../../lib/model/natural-key";
import { textOf } from "../../lib/model/text";
import { COLLECTIONS } from "../maas/collections";
import { tryResolve } from "./references";
import type { Region } from "./region";

const written = (value: Value | undefined): string =>
  (typeof value === "string" || typeof value === "number") && isKnown(value) ? textOf(value) : "?";

/** The natural key of the object that a reference names; the reference as it is written where the region tells none. */
async function targetName(region: Region, { refers }: Field, value: Value | undefined): Promise<string> {
  if (refers === undefined || typeof value !== "string") return written(value);
  const { collection } = KINDS[refers];
  try {
    const id = await tryResolve(region, refers, value);
    const row = id === undefined ? undefined : await region.snapshot.read(collection, id);
    return (row && COLLECTIONS[collection].keys(row)[0]) ?? value;
  } catch {
    // This is for a message about another error, which must not be lost.
    return value;
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
  const parts = keyParts(kind.name).map(async (name) => {
    const value = attributes[name] ?? null;
    if (value === null) return [];
    return [[name, mayAsk ? await targetName(region, findField(kind, name), value) : written(value)] as const];
  });
  const key = formatKey(kind.name, Object.fromEntries((await Promise.all(parts)).flat())) ?? "?";
  return `${kind.title} ${key}`;
}

/** What a message calls an object: `VLAN lab:60 (maas_vlan with id 5006)`. See {@link naturalName}. */
export async function objectName(region: Region, kind: Kind, attributes: Attributes, mayAsk: boolean): Promise<string> {
  const id = attributes.id ?? null;
  const suffix = typeof id === "string" ? ` with id ${id}` : "";
  return `${await naturalName(region, kind, attributes, mayAsk)} (${kind.type}${suffix})`;
}
