import type { Handlers } from "../api/handler";
import type { Features } from "../versions";
import { type Columns, defaultsOf } from "./columns";
import { SeedError } from "./errors";
import type { FormRules } from "./form";
import type { Specifiers } from "./specifier";
import type { Region, Store } from "./store";
import type { Row, Table } from "./table";
import type { Json, View } from "./view";

/** A key that tells an object apart without its id, spelled as in a network document: `lab`, `lab:10`, `10.20.0.0/24`. */
export interface NaturalKey<R extends Row> {
  of(row: R, store: Store): string;
  find(store: Store, key: string): R | undefined;
}

export interface SeedRules<R extends Row> {
  /** The row that is there already, or that MAAS makes itself, which an object of a seed changes. */
  live?(store: Store, given: Readonly<Record<string, unknown>>): R | undefined;
  /** They are loaded after racks, machines and devices, whose addresses they may name. */
  readonly isAfterNodes?: true;
}

/** What a resource of MAAS is: one record, which a file of `resources/` states. */
export interface Definition<R extends Row> {
  /** MAAS's name of the model, as its messages have it: `StaticRoute`. */
  readonly model: string;
  /** What messages call it where they do not use the model's name: `Physical zone`. */
  readonly label?: string;
  /** The path of its list in the API, without slashes: `static-routes`. */
  readonly path: string;
  readonly columns: Columns;
  /** Columns that rows are looked up by. */
  readonly indexes?: readonly (keyof R & string)[];
  /** The id of the first row; 1 by default. */
  readonly firstId?: number;
  /** The API has it only from this feature on. */
  readonly since?: keyof Features;
  /** Its objects are a section of seeds, under the table's name. */
  readonly seed?: SeedRules<R>;
  /** Its natural key, by which seeds and network documents name it. */
  readonly key?: NaturalKey<R>;
  /** How MAAS finds one by the text in a path or a parameter. */
  readonly specifiers?: Specifiers<R>;
  /** What creating and editing check beyond the columns. */
  readonly rules?: FormRules<R>;
  /** Members of its JSON that are no columns. */
  json?(row: R, view: View): Json;
  /** The API does not show its id. */
  readonly showsId?: false;
  /** Its address below the API's root; `<path>/<id>/` by default. */
  uri?(row: R, view: View): string;
  /** Deletes it with all that MAAS deletes along. @throws MaasError */
  remove?(region: Region, row: R): void;
  /** Its calls by path below the API's root, with `{name}` for what varies. */
  readonly endpoints?: Readonly<Record<string, Handlers>>;
  /** A pattern for `{id}` in its paths, where it may hold a slash. */
  readonly idPattern?: string;
}

export interface Resource<R extends Row> extends Definition<R> {
  /** What an object is when nothing is said. */
  readonly defaults: Partial<R>;
}

export const defineResource = <R extends Row>(definition: Definition<R>): Resource<R> => ({
  ...definition,
  defaults: defaultsOf(definition.columns) as Partial<R>,
});

/** The row of the natural key. @throws SeedError when there is none */
export function byKey<R extends Row>(store: Store, { resource }: Table<R>, key: string): R {
  const row = resource.key?.find(store, key);
  if (row === undefined) throw new SeedError(`there is no ${resource.model.toLowerCase()} "${key}"`);
  return row;
}
