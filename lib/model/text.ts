/** A string or number as text. @throws TypeError for anything else, which would otherwise read `[object Object]`. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  throw new TypeError(`expected a string or a number, got ${value === null ? "null" : typeof value}`);
}
