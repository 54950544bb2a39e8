import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import type { Field, Format, Kind } from "./field";
import { type Attributes, isKnown, type Known, type Value } from "./known";

const CANONICAL: Readonly<Record<Format, (text: string) => string>> = {
  ip: (text) => IpAddress.tryParse(text)?.toString() ?? text,
  cidr: (text) => Cidr.tryParse(text)?.toString() ?? text,
  word: (text) => text.toUpperCase(),
};

/** The value as MAAS would spell it: addresses in canonical form, sets sorted. Unknown stays unknown. */
export function canonical(field: Field, value: Known<Value>): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(field, item));
    return Array.isArray(field.type) && field.type[0] === "set" ? items.sort() : items;
  }
  return typeof value === "string" && field.format !== undefined ? CANONICAL[field.format](value) : value;
}

function equal(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether two values mean the same, in whatever spelling. Unknown equals nothing; an empty list equals none at all. */
export function sameValue(field: Field, a: Value, b: Value): boolean {
  if (!isKnown(a) || !isKnown(b)) return false;
  if (a === b) return true;
  const isList = Array.isArray(field.type) && (field.type[0] === "list" || field.type[0] === "set");
  const none: Value = isList ? [] : null;
  return equal(canonical(field, a ?? none), canonical(field, b ?? none));
}

/** `live` with each attribute spelled as in `prior` wherever the two mean the same, so that a spelling is no drift. */
export function keepSpelling(kind: Kind, live: Attributes, prior: Attributes): Attributes {
  const kept = kind.fields
    .filter((field) => prior[field.name] !== undefined && live[field.name] !== undefined)
    .filter((field) => sameValue(field, live[field.name] ?? null, prior[field.name] ?? null))
    .map((field) => [field.name, prior[field.name] ?? null] as const);
  return { ...live, ...Object.fromEntries(kept) };
}
