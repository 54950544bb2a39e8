/** A string or number as text. @throws TypeError for anything else, which would otherwise read `[object Object]`. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  throw new TypeError(`expected a string or a number, got ${value === null ? "null" : typeof value}`);
}

/** The value where it is a text; undefined for anything else, unknown values included. */
export const tryText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
