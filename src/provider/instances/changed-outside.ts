import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import type { AttributeName, Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { sameValue } from "../../../lib/model/spelling";
import type { PrivateState } from "./private-state";

const restoredFields = oncePer((kind: Kind): readonly Field[] =>
  kind.fields.filter(({ isRestored }) => isRestored === true),
);

/**
 * What is kept after a read, with the values that somebody else has changed since the last apply and that the object gets back in
 * place ({@link Field.isRestored}). Until the next apply of the object: Terraform may write the values of the region into its
 * state before.
 */
export function keptWithRead(
  kind: Kind,
  kept: PrivateState,
  prior: Attributes,
  live: Attributes | undefined,
): PrivateState {
  const fields = restoredFields(kind);
  if (live === undefined || fields.length === 0) return kept;
  const { changedOutside = {}, ...others } = kept;
  const changed = fields.flatMap((field) => {
    const before = changedOutside[field.name] ?? prior[field.name] ?? null;
    return before === null || sameValue(field, before, live[field.name] ?? null) ? [] : [[field.name, before] as const];
  });
  if (changed.length === 0) return kept.changedOutside === undefined ? kept : others;
  return { ...kept, changedOutside: Object.fromEntries(changed) };
}

/** The attributes that an object gets back in place: the configuration has what it had before somebody else changed it. */
export const restoredInPlace = (
  kind: Kind,
  { changedOutside = {} }: PrivateState,
  config: Attributes,
): readonly AttributeName[] =>
  restoredFields(kind)
    .filter((field) => sameValue(field, changedOutside[field.name] ?? null, config[field.name] ?? null))
    .map(({ name }) => name);
