import type { ObjectJson } from "./codec";

/** By what rows are found: each row may have several such keys, and one key may be that of several rows. */
export interface RowKeys {
  readonly id: (row: ObjectJson) => string;
  readonly keys: (row: ObjectJson) => readonly string[];
}

/**
 * Rows by id and by natural key. A lookup takes constant time however many rows there are; the index by key is made at
 * the first lookup, and kept from then on.
 */
export class IndexedRows {
  readonly #rows = new Map<string, ObjectJson>();
  #byKey: Map<string, Set<string>> | undefined;

  constructor(private readonly of: RowKeys) {}

  get(id: string): ObjectJson | undefined {
    return this.#rows.get(id);
  }

  /** In the order in which they came. */
  all(): readonly ObjectJson[] {
    return [...this.#rows.values()];
  }

  /** The rows with that natural key. */
  find(key: string): readonly ObjectJson[] {
    this.#byKey ??= this.#indexed();
    return [...(this.#byKey.get(key) ?? [])].flatMap((id): readonly ObjectJson[] => {
      const row = this.#rows.get(id);
      return row === undefined ? [] : [row];
    });
  }

  /** A row with the id of another takes its place. */
  set(row: ObjectJson): void {
    const id = this.of.id(row);
    this.#unindex(id);
    this.#rows.set(id, row);
    if (this.#byKey !== undefined) this.#index(this.#byKey, id, row);
  }

  delete(id: string): void {
    this.#unindex(id);
    this.#rows.delete(id);
  }

  #indexed(): Map<string, Set<string>> {
    const byKey = new Map<string, Set<string>>();
    for (const [id, row] of this.#rows) this.#index(byKey, id, row);
    return byKey;
  }

  #index(byKey: Map<string, Set<string>>, id: string, row: ObjectJson): void {
    for (const key of this.of.keys(row)) byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
  }

  #unindex(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined || this.#byKey === undefined) return;
    for (const key of this.of.keys(row)) this.#byKey.get(key)?.delete(id);
  }
}
