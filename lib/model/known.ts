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
export type Value = null | boolean | number | string | Unknown | Value[] | { [name: string]: Value };

/** The attributes of one object, by their Terraform names. */
export type Attributes = Record<string, Value>;
