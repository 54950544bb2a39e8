import { isObject } from "../../lib/model/document";
import type { Value } from "../../lib/model/known";
import type { TypeExpression } from "./rpc/dynamic-value";

/** The attributes of a stored object, each of any type. */
export type Stored = Readonly<Record<string, unknown>>;

function numberIn(value: unknown): number | undefined {
  if (typeof value !== "number" && !(typeof value === "string" && /\d/.test(value))) return undefined;
  const number = Number(value);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

function flagIn(value: unknown): boolean | undefined {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : undefined;
}

const isText = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

const isRead = (value: Value | undefined): value is Value => value !== undefined;

/** Undefined = it means nothing as that type. */
function valueAs(type: TypeExpression, value: unknown): Value | undefined {
  if (value === null) return null;
  if (type === "string") return isText(value) ? String(value) : undefined;
  if (type === "number") return numberIn(value);
  if (type === "bool") return flagIn(value);
  const [collection, of] = type;
  if (collection === "list" || collection === "set") {
    const items = Array.isArray(value) ? value.map((item) => valueAs(of, item)) : [undefined];
    return items.every(isRead) ? items : undefined;
  }
  if (!isObject(value)) return undefined;
  const types = collection === "object" ? Object.entries(of) : Object.keys(value).map((name) => [name, of] as const);
  const members = types.map(([name, inner]) => [name, valueAs(inner, value[name] ?? null)] as const);
  return members.every((member): member is readonly [string, Value] => isRead(member[1]))
    ? Object.fromEntries(members)
    : undefined;
}

/**
 * The value as one of the type, where it means the same: ids are numbers in some states and text in others. Null for
 * another idea of the attribute: the refresh that follows goes by the id and reads it anew.
 */
export const readAs = (type: TypeExpression, value: unknown): Value => valueAs(type, value ?? null) ?? null;
