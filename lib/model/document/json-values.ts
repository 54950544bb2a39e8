import type { FieldType } from "../field";

/** An object as JSON has it. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value in a message. */
export const quoted = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/** Whether a JSON value is of the type. */
export function fits(type: FieldType, value: unknown): boolean {
  if (type === "string") return typeof value === "string";
  if (type === "number") return typeof value === "number";
  if (type === "bool") return typeof value === "boolean";
  if (type[0] === "object")
    return isObject(value) && Object.entries(type[1]).every(([name, inner]) => fits(inner, value[name]));
  return Array.isArray(value) && value.every((item) => fits(type[1], item));
}

const WORDS: Readonly<Record<string, string>> = { string: "a text", number: "a number", bool: "true or false" };

/** The type in words: `a list, each item a text`. */
export function wordsOf(type: FieldType): string {
  if (typeof type === "string") return WORDS[type] ?? type;
  return type[0] === "object" ? "an object" : `a list, each item ${wordsOf(type[1])}`;
}
