import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import type { AttributeName, Attributes } from "../../../lib/model/known";
import { formatKey, partsAmong } from "../../../lib/model/natural-key";
import { oncePer } from "../../../lib/model/once-per";
import { sameValue } from "../../../lib/model/spelling";
import { tryResolve } from "../../reconcile/references/lookups";
import type { Region } from "../../reconcile/region/region";
import type { PrivateState } from "./private-state";

const restoredFields = oncePer((kind: Kind): readonly Field[] =>
  kind.fields.filter(({ restored }) => restored !== undefined),
);

/**
 * What is kept after a read, with the values that somebody else has changed since the last apply and that the object gets back in
 * place ({@link Field.restored}). Until the next apply of the object: Terraform may write the values of the region into its
 * state before.
 */
export function keptWithRead(
  kind: Kind,
  kept: PrivateState,
  prior: Attributes,
  live: Attributes | undefined,
): PrivateState {
  if (live === undefined) return kept;
  const { changedOutside = {}, ...others } = kept;
  const changed = restoredFields(kind).flatMap((field) => {
    const before = changedOutside[field.name] ?? prior[field.name] ?? null;
    return before === null || sameValue(field, before, live[field.name] ?? null) ? [] : [[field.name, before] as const];
  });
  if (changed.length === 0) return kept.changedOutside === undefined ? kept : others;
  return { ...kept, changedOutside: Object.fromEntries(changed) };
}

/** The attributes that an object gets back in place, since the configuration has what it had before somebody else changed it. */
export async function restoredInPlace(
  region: Region,
  kind: Kind,
  { changedOutside = {} }: PrivateState,
  prior: Attributes | undefined,
  config: Attributes,
): Promise<readonly AttributeName[]> {
  const restored = restoredFields(kind).filter((field) =>
    sameValue(field, changedOutside[field.name] ?? null, config[field.name] ?? null),
  );
  const parts = restored.some((field) => field.restored === "where free") ? partsAmong(kind.name, config) : undefined;
  const key = parts && formatKey(kind.name, parts);
  const holder = key === undefined ? undefined : await tryResolve(region, kind.name, key);
  const isTaken = holder !== undefined && holder !== prior?.id;
  return restored.flatMap(({ name, restored: when }) => (when === "where free" && isTaken ? [] : [name]));
}
