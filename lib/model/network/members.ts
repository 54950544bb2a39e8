import { isKnown, type Known } from "../known";

/** The objects that belong to another one, as far as they are known. */
export interface Members<T> {
  readonly items: readonly T[];
  /** What else may belong to it, in words; absent = these are all. */
  readonly missing?: string;
}

/** Objects by the key that one of their references holds. */
export class ReferenceIndex<T> {
  readonly #byKey = new Map<string, T[]>();
  readonly #stray: string | undefined;

  /** @param describe names an object whose reference is not known yet, for {@link Members.missing}. */
  constructor(items: readonly T[], referenceOf: (item: T) => Known<string | null>, describe: (item: T) => string) {
    let stray: T | undefined;
    for (const item of items) {
      const key = referenceOf(item);
      if (!isKnown(key)) stray ??= item;
      else if (key !== null) {
        const known = this.#byKey.get(key);
        if (known === undefined) this.#byKey.set(key, [item]);
        else known.push(item);
      }
    }
    this.#stray = stray === undefined ? undefined : describe(stray);
  }

  /** @param missing why there may be others, if the owner itself is only known in part. */
  of(key: string, missing?: string): Members<T> {
    const items = this.#byKey.get(key) ?? [];
    const reason = missing ?? this.#stray;
    return reason === undefined ? { items } : { items, missing: reason };
  }
}
