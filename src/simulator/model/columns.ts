import type { Features } from "../versions";
import type { FormField } from "./fields";
import type { Region } from "./store";
import type { Row } from "./table";
import type { View } from "./view";

/**
 * One column of a resource, by MAAS's name of it: the one place where it is stated. The form, the stored row, the JSON of
 * the API, the seed and the state file are made from it.
 *
 * Functions here are written with all their types: a row's type is inferred from its columns.
 */
export interface Column<T = unknown> {
  /** How a parameter of the column's name is read. Without it no form sets the column. */
  readonly field?: FormField;
  /** Its value when a new object says nothing; without it a new object must have one. */
  readonly default?: T;
  /** The column may be empty: an empty value is not checked. */
  readonly blank?: boolean;
  /** Null is a value of its own, "cleared"; for other columns MAAS's forms take null for "not given". */
  readonly nullable?: boolean;
  /** The model's own reading and check of the stored value, beside those of the field. @throws Invalid */
  readonly check?: (stored: unknown, region: Region) => unknown;
  /** The table of the row whose id the column holds, or of the rows whose ids. */
  readonly references?: string;
  /** The column of the referenced row that stands for it in parameters, and in JSON unless `json` says how. */
  readonly by?: string;
  /**
   * How the API shows it: `false` not at all, a function for what differs. By default as it is stored, and a reference as
   * the object itself.
   */
  readonly json?: false | ((row: Row, view: View) => unknown);
  /** The API shows it only from this feature on. */
  readonly jsonSince?: keyof Features;
  /** The column exists only from this feature on. */
  readonly since?: keyof Features;
  /** Computed from the row's other columns whenever they change; not kept in state files. */
  readonly derive?: (row: Row) => T;
  /** How a seed gives it where no form does; `false` where a form does and a seed does not. */
  readonly seed?: FormField | false;
  /** A seed sets it once everything else is there. */
  readonly isSeededLast?: true;
}

/** A column that a call of the API, or a seed, sets. */
export interface GivenColumn<T> extends Column<T> {
  readonly isGiven: true;
}

/** A given column that holds the id of a row of the table. */
export interface ReferenceColumn<T, N extends string> extends GivenColumn<T> {
  readonly references: N;
}

export type Columns = Readonly<Record<string, Column>>;

type ValueOf<C> = C extends Column<infer T> ? T : never;

/** The row of a resource with these columns. */
export type RowOf<C extends Columns> = { -readonly [K in keyof C]: ValueOf<C[K]> } & Row;

/** A column that a parameter of its name sets, and a seed. */
export const column = <T>(stated: Column<T> & { readonly field: FormField }): GivenColumn<T> => ({
  ...stated,
  isGiven: true,
});

/** A column that no form sets, but a seed does. */
export const seeded = <T>(stated: Column<T> & { readonly seed: FormField }): GivenColumn<T> => ({
  ...stated,
  isGiven: true,
});

/** A column that MAAS itself keeps. */
export const kept = <T>(stated: Column<T> = {}): Column<T> => stated;

/** A column that is computed from others. */
export const derived = <T>(derive: (row: Row) => T): Column<T> => ({ derive, json: false });

type ReferenceOf<T> = Omit<Column<T>, "references"> & { readonly field: FormField };

/** A reference that every object has. */
export const reference = <const N extends string>(
  table: N,
  stated: ReferenceOf<number>,
): ReferenceColumn<number, N> => ({ ...stated, references: table, isGiven: true });

/** A reference that may be unset; by default it is. */
export const optionalReference = <const N extends string>(
  table: N,
  stated: ReferenceOf<number | null>,
): ReferenceColumn<number | null, N> => ({ blank: true, default: null, ...stated, references: table, isGiven: true });

/** A reference that MAAS itself keeps. */
export const keptReference = (table: string, stated: Column<number | null> = {}): Column<number | null> => ({
  default: null,
  ...stated,
  references: table,
});

/** What an object is when nothing is said. */
export function defaultsOf(columns: Columns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** How a seed gives the columns, by name. */
export const seededColumns = (columns: Columns): [name: string, column: Column, field: FormField][] =>
  Object.entries(columns).flatMap(([name, stated]) => {
    const field = stated.seed ?? stated.field;
    return field === undefined || field === false ? [] : [[name, stated, field] as [string, Column, FormField]];
  });
