import type { AttributeName, Attributes } from "./kinds";

const UNKNOWN_KEY = Symbol.for("cdktf-maas.unknown");

/**
 * A value that exists but can't be read yet: a CDKTF token at synth, an unknown at plan.
 *
 * Not null (the user said nothing, or the region has nothing) and never a pass of a check.
 */
export class Unknown {
  /** The only instance, of all copies of this package in the process; compare with {@link isKnown}. */
  static readonly INSTANCE: Unknown = ((globalThis as { [UNKNOWN_KEY]?: Unknown })[UNKNOWN_KEY] ??= new Unknown());

  private constructor(private readonly text = "(known after apply)") {}

  toString(): string {
    return this.text;
  }
}

export const UNKNOWN = Unknown.INSTANCE;

/** A value, or the promise of one. */
export type Known<T> = T | Unknown;

export function isKnown<T>(value: Known<T>): value is T {
  return value !== UNKNOWN;
}

/** What an attribute holds: plain data, with {@link UNKNOWN} anywhere inside. */
export type Value = null | boolean | number | string | Unknown | Value[] | { [name: string]: Value | undefined };

/** Values under any names: a block of Terraform's, a form. What is not set is absent. */
export type Values = Record<string, Value | undefined>;

export type { AttributeName, Attributes } from "./kinds";

/** The attributes with their names, in the order in which they were written. */
export const attributeEntries = <V>(
  attributes: Readonly<Partial<Record<AttributeName, V>>>,
): (readonly [AttributeName, V])[] => Object.entries(attributes) as [AttributeName, V][];

/** The text that an attribute holds; undefined where it holds none, and where there is no such attribute. */
export function textAt(attributes: Attributes | undefined, name: AttributeName | undefined): string | undefined {
  const value = name === undefined ? undefined : attributes?.[name];
  return typeof value === "string" ? value : undefined;
}
