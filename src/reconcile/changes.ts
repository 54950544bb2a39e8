import type { Kind } from "../../lib/model/kind";
import { type Attributes, isKnown } from "../../lib/model/known";
import { sameValue } from "../../lib/model/spelling";

/** The attributes that MAAS takes and in which `desired` is known and differs from `prior`, in whatever spelling. */
export function changesBetween(kind: Kind, prior: Attributes, desired: Attributes): Attributes {
  const differing = kind.fields.filter((field) => {
    const value = desired[field.name];
    return (
      field.formField !== undefined &&
      value !== undefined &&
      isKnown(value) &&
      !sameValue(field, prior[field.name] ?? null, value)
    );
  });
  return Object.fromEntries(differing.map((field) => [field.name, desired[field.name] ?? null]));
}
