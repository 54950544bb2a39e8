import type { Field } from "../field";
import { fieldsOf, type Kind } from "../kind";
import { KINDS } from "../kinds";

/** The kind as Terraform's configuration has it: with the words of canonical/maas that its record takes as well. */
export function terraformKind(kind: Kind): Kind {
  const { fields: own = {}, overrides = {} } = kind.terraform ?? {};
  const fields = kind.fields.map((field): Field => ({ ...field, ...(overrides[field.name] as object) }));
  return { ...kind, fields: [...fields, ...fieldsOf(own)] };
}

/** Every kind as Terraform has it. */
export const TERRAFORM_KINDS: readonly Kind[] = Object.values<Kind>(KINDS).map(terraformKind);
