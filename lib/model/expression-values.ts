import { isKnown, UNKNOWN, type Value } from "./known";

/** Something that this reader does not read. The value is unknown then: only Terraform can tell it. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

export const CONSTANTS: ReadonlyMap<string, Value> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Operators by how tightly they bind, loosest first. */
export const OPERATORS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/", "%"],
];

const same = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Terraform's conversion between text and numbers. */
export function numberOf(value: Value): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) throw new Unreadable();
  return number;
}

export function truthOf(value: Value): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new Unreadable();
}

export const BINARY: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  "||": (a, b) => truthOf(a) || truthOf(b),
  "&&": (a, b) => truthOf(a) && truthOf(b),
  "==": same,
  "!=": (a, b) => !same(a, b),
  "<": (a, b) => numberOf(a) < numberOf(b),
  "<=": (a, b) => numberOf(a) <= numberOf(b),
  ">": (a, b) => numberOf(a) > numberOf(b),
  ">=": (a, b) => numberOf(a) >= numberOf(b),
  "+": (a, b) => numberOf(a) + numberOf(b),
  "-": (a, b) => numberOf(a) - numberOf(b),
  "*": (a, b) => numberOf(a) * numberOf(b),
  "/": (a, b) => numberOf(a) / numberOf(b),
  "%": (a, b) => numberOf(a) % numberOf(b),
};

/** A list or a set without what is in it twice. */
function setOf(value: Value | undefined): Value {
  if (value === undefined || !isKnown(value)) return UNKNOWN;
  if (!Array.isArray(value)) throw new Unreadable();
  return value.every(isKnown) ? [...new Map(value.map((item) => [JSON.stringify(item), item])).values()] : UNKNOWN;
}

/** The functions that CDKTF itself writes around what it was given. */
export const FUNCTIONS: ReadonlyMap<string, (value?: Value) => Value> = new Map([
  ["toset", setOf],
  ["tolist", (value: Value = null) => value],
  ["tomap", (value: Value = null) => value],
  [
    "tostring",
    (value: Value = null) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  ],
  ["tonumber", (value: Value = null) => (typeof value === "string" ? numberOf(value) : value)],
]);

/** An item of a list or a member of an object. */
export function member(value: Value, key: Value): Value {
  if (!isKnown(value) || !isKnown(key)) return UNKNOWN;
  if (Array.isArray(value)) return value[numberOf(key)] ?? UNKNOWN;
  const isObject = typeof value === "object" && value !== null;
  return isObject && typeof key === "string" && Object.keys(value).includes(key) ? (value[key] ?? null) : UNKNOWN;
}

/** A value within a text. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Unreadable();
}
