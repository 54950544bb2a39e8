import type { Field } from "../model/field";
import type { Kind } from "../model/kind";

/** How CDKTF's HCL writer wants one attribute. */
function storage(type: Field["type"]): { readonly type: string; readonly storageClassType: string } {
  if (typeof type === "string") return { type: "simple", storageClassType: type === "bool" ? "boolean" : type };
  const [collection, element] = type;
  return { type: collection, storageClassType: `${typeof element === "string" ? element : "object"}List` };
}

/** The arguments in the form of CDKTF's HCL output (`SYNTH_HCL_OUTPUT`). */
export function hclAttributes(kind: Kind, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const types = new Map(kind.fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      { value, isBlock: false, ...storage(types.get(name) ?? "bool") },
    ]),
  );
}

/** A nested block in the same form. */
export function hclBlock(value: object): object {
  return { value, isBlock: true, type: "struct", storageClassType: "struct" };
}

/** Terraform's `import` block: the object that an address takes over. */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
  readonly provider: string | undefined;
}

/** An import block in the same form. */
export function hclImport({ to, id, provider }: ImportBlock): object {
  const reference = (value: string) => ({ value, type: "simple", storageClassType: "reference" });
  return {
    to: reference(to),
    id: { value: id, type: "simple", storageClassType: "string" },
    ...(provider !== undefined && { provider: reference(provider) }),
  };
}
