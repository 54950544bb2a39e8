import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { canonicalKey, formatShortKey, keyParts, keysOf, partsAmong } from "../../lib/model/natural-key";
import { oncePer } from "../../lib/model/once-per";
import { textOf } from "../../lib/model/text";
import { decode, type ObjectJson } from "./codec";

/** The natural key of the object that a field refers to, as a row tells it; null = none, undefined = it does not. */
function referenceIn({ references, jsonPath = "", jsonKey }: Field, row: ObjectJson): string | null | undefined {
  if (references === undefined) return undefined;
  if (jsonKey !== undefined) return canonicalKey(references, textOf(row[jsonKey]));
  const [member = "", id] = jsonPath.split(".");
  if (`{${id ?? ""}}` !== ((KINDS[references] as Kind).api.rowId ?? "{id}")) return undefined;
  const held = row[member];
  return typeof held === "object" && held !== null ? keysOfRow(KINDS[references], held as ObjectJson)[0] : null;
}

/** What a row refers to, by natural key, as far as it tells: MAAS's JSON holds most of those objects whole. */
export function referencesIn(kind: Kind, row: ObjectJson): Attributes {
  return Object.fromEntries(
    kind.fields.flatMap((field) => {
      const key = referenceIn(field, row);
      return key === undefined ? [] : [[field.name, key] as const];
    }),
  );
}

/** The kind with the fields of its natural key only: those that hold values, and those that refer to objects. */
const keyFields = oncePer((kind: Kind): { readonly values: Kind; readonly references: Kind } => {
  const names = keyParts(kind.name);
  const fields = kind.fields.filter(({ name }) => names.includes(name));
  return {
    values: { ...kind, fields: fields.filter(({ references }) => references === undefined) },
    references: { ...kind, fields: fields.filter(({ references }) => references !== undefined) },
  };
});

/**
 * The natural keys of a row's object, each in one spelling: the short form first, where the kind has one. None where the
 * row does not hold all of their parts.
 */
export function keysOfRow(kind: Kind, row: ObjectJson): string[] {
  const { values, references } = keyFields(kind);
  const parts = partsAmong(kind.name, { ...decode(values, row), ...referencesIn(references, row) }) ?? {};
  const short = formatShortKey(kind.name, parts);
  return [...(short === undefined ? [] : [short]), ...keysOf(kind.name, parts)];
}

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
