import { IpAddress } from "./address";
import { bootArchitecture } from "./boot-architectures";
import { Cidr } from "./cidr";
import type { Field, Format } from "./field";
import type { Kind } from "./kind";
import { type Attributes, isKnown, type Known, type Value } from "./known";

const CANONICAL: Readonly<Record<Format, (text: string) => string>> = {
  ip: (text) => IpAddress.tryParse(text)?.toString() ?? text,
  cidr: (text) => Cidr.tryParse(text)?.toString() ?? text,
  word: (text) => text.toUpperCase(),
  "boot-architecture": bootArchitecture,
};

/** Whether the text says nothing but itself. MAAS's forms take the blanks around such a text away. */
const isFreeText = ({ format, references, interfaceOf, oneOf }: Field): boolean =>
  (format ?? references ?? interfaceOf ?? oneOf) === undefined;

function canonicalText(field: Field, text: string): string {
  const bare = isFreeText(field) ? text.trim() : text;
  if (bare === field.absent) return "";
  return field.format === undefined ? bare : CANONICAL[field.format](bare);
}

/**
 * The value as MAAS would spell it: addresses in canonical form, text without blanks around it, sets sorted; `""` for text
 * that stands for none. Unknown stays unknown.
 */
export function canonical(field: Field, value: Known<Value>): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(field, item));
    return Array.isArray(field.type) && field.type[0] === "set" ? items.sort() : items;
  }
  return typeof value === "string" ? canonicalText(field, value) : value;
}

function equal(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What there is where there is nothing. */
function noneOf({ type }: Field): Value {
  if (typeof type === "string") return type === "string" ? "" : null;
  return type[0] === "object" ? null : [];
}

/** Whether two values mean the same, in whatever spelling. Unknown equals nothing; empty text and an empty list equal none. */
export function sameValue(field: Field, a: Value, b: Value): boolean {
  if (!isKnown(a) || !isKnown(b)) return false;
  if (a === b) return true;
  const none = noneOf(field);
  return equal(canonical(field, a ?? none), canonical(field, b ?? none));
}

/** Whether the value says that there is none: null, an empty list, empty text, or MAAS's own word for it (`undefined`). */
export function isNone(field: Field, value: Value): boolean {
  return sameValue(field, value, null);
}

/** The attributes with null for every text that says that there is none, unless that text is the default. */
export function withoutEmptyText({ fields }: Pick<Kind, "fields">, attributes: Attributes): Attributes {
  const empty = fields.filter((field) => {
    const value = attributes[field.name];
    return typeof value === "string" && value !== field.default && isNone(field, value);
  });
  return { ...attributes, ...Object.fromEntries(empty.map(({ name }) => [name, null])) };
}

/** `live` with each attribute spelled as in `prior` wherever the two mean the same, so that a spelling is no drift. */
export function keepSpelling(kind: Kind, live: Attributes, prior: Attributes): Attributes {
  const kept = kind.fields
    .filter((field) => prior[field.name] !== undefined && live[field.name] !== undefined)
    .filter((field) => sameValue(field, live[field.name] ?? null, prior[field.name] ?? null))
    .map((field) => [field.name, prior[field.name] ?? null] as const);
  return { ...live, ...Object.fromEntries(kept) };
}
