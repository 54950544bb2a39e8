import { textOf } from "../../lib/model/text";
import type { Form } from "./client";
import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { canonical, inOrder } from "../../lib/model/spelling";
import { type Attributes, isKnown, type Value } from "../../lib/model/known";

/** One object as MAAS's JSON has it. */
export type ObjectJson = Readonly<Record<string, unknown>>;

/** The objects inside another one's JSON; none where MAAS leaves the list out. */
export const rowsOf = (value: unknown): readonly ObjectJson[] =>
  Array.isArray(value) ? (value as readonly ObjectJson[]) : [];

/** The object with the lowest id: MAAS lists objects in no order. */
export const lowest = (rows: readonly ObjectJson[]): ObjectJson | undefined =>
  rows.reduce<ObjectJson | undefined>(
    (first, row) => (first === undefined || Number(row.id) < Number(first.id) ? row : first),
    undefined,
  );

function at(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => {
    if (key === "lowest") return lowest(rowsOf(node));
    return node !== null && typeof node === "object" ? (node as ObjectJson)[key] : undefined;
  }, json);
}

function scalar(type: Field["type"], value: unknown): Value {
  if (value === null || value === undefined) return null;
  // A nested object stands for its id.
  if (type === "string") return textOf(typeof value === "object" ? at(value, "id") : value);
  if (type === "number") return Number(value);
  if (type === "bool") return value === true;
  if (type[0] === "object") {
    return Object.fromEntries(Object.entries(type[1]).map(([name, of]) => [name, scalar(of, at(value, name))]));
  }
  const items = (Array.isArray(value) ? value : []).map((item) => scalar(type[1], item));
  return type[0] === "set" ? items.sort(inOrder) : items;
}

function valueAt(field: Field, json: ObjectJson): Value {
  const raw = at(json, field.jsonPath ?? field.name);
  if (Array.isArray(field.type) && field.type[0] !== "object") return canonical(field, scalar(field.type, raw ?? []));
  if (raw === undefined || raw === null) return null;
  const value = canonical(field, scalar(field.type, raw));
  const isPlaceholder = field.placeholder !== undefined && value === scalar(field.type, at(json, field.placeholder));
  return value === "" || isPlaceholder ? (field.default ?? null) : value;
}

/**
 * What MAAS's JSON says of an object, by Terraform attribute names. Attributes that MAAS does not report are left out;
 * "none" is null in whichever way MAAS spells it (`""`, `null`, `"undefined"`, a missing key), and an empty list of lists;
 * addresses are in the one spelling of this package.
 */
export function decode(kind: Kind, json: ObjectJson): Attributes {
  return Object.fromEntries(
    kind.fields.filter((field) => field.jsonPath !== undefined).map((field) => [field.name, valueAt(field, json)]),
  );
}

function formText(value: Value): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(formText).join(",");
  return typeof value === "boolean" ? String(value) : textOf(value);
}

/**
 * The parameters that give an object these attributes. Null empties what MAAS can empty and is left out elsewhere;
 * so is what MAAS takes no parameter for. Booleans are `true` and `false`: MAAS reads `0`, `no` and `off` as true.
 */
export function encode(kind: Kind, attributes: Attributes): Form {
  return kind.fields.flatMap((field): Form => {
    const value = attributes[field.name];
    if (field.formField === undefined || value === undefined || !isKnown(value)) return [];
    if (value === null && field.clearable !== true) return [];
    const { formField, type } = field;
    // Of objects MAAS takes a parameter for each.
    if (Array.isArray(value) && typeof type[1] !== "string" && type[1]?.[0] === "object")
      return value.flatMap((item) =>
        Object.values(item ?? {}).map((one) => [formField, formText(one as Value)] as const),
      );
    return [[formField, formText(value)]];
  });
}
