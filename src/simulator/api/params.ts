/** A value of a parameter: text from a form, anything JSON knows from a JSON body or from a stored object. */
export type ParamValue = string | number | boolean | null | undefined | readonly unknown[] | object;

/** The value as text: what a form would have sent. */
export function asText(value: ParamValue): string {
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Parameters with repeated names, as forms send them. */
export class Params {
  private readonly values = new Map<string, ParamValue[]>();

  static of(entries: Iterable<readonly [string, ParamValue]>): Params {
    const params = new Params();
    for (const [name, value] of entries) params.append(name, value);
    return params;
  }

  static fromObject(object: Readonly<Record<string, unknown>>): Params {
    const params = new Params();
    for (const [name, value] of Object.entries(object)) {
      params.setAll(name, Array.isArray(value) ? (value as ParamValue[]) : [value as ParamValue]);
    }
    return params;
  }

  append(name: string, value: ParamValue): void {
    this.values.set(name, [...(this.values.get(name) ?? []), value]);
  }

  set(name: string, value: ParamValue): void {
    this.values.set(name, [value]);
  }

  setAll(name: string, values: readonly ParamValue[]): void {
    this.values.set(name, [...values]);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The last value given, as Django reads a repeated parameter; undefined when there is none. */
  get(name: string): ParamValue {
    const values = this.values.get(name);
    return values?.length === 0 ? [] : values?.at(-1);
  }

  /** The last value as text; undefined when absent or null. */
  text(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined || value === null ? undefined : asText(value);
  }

  all(name: string): readonly ParamValue[] {
    return this.values.get(name) ?? [];
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  copy(): Params {
    const params = new Params();
    for (const [name, values] of this.values) params.setAll(name, values);
    return params;
  }
}
