import { readDigits } from "../../../lib/model/text";
import { readAnyInteger } from "../text/python";
import { crash, forbidden, notFound } from "./errors";
import type { Store } from "./store";
import type { Row, Table } from "./table";

/** Finds rows by one form of the text in a path or a parameter ("specifier"). */
type Lookup<R extends Row> = (store: Store, item: string) => R[];

/** How MAAS finds the objects of a resource by text beside their id. */
export interface Specifiers<R extends Row> {
  /** Text that is no id. By default MAAS crashes on it, for models without a name. */
  readonly byText?: Lookup<R>;
  /** Specifiers with a prefix, such as `name:lab`. */
  readonly prefixes?: Readonly<Record<string, Lookup<R>>>;
}

/** The id that the text stands for: a number, or `<model>-<number>`. */
export function idIn<R extends Row>({ resource }: Table<R>, text: string): number | undefined {
  const prefix = `${resource.model.toLowerCase()}-`;
  const bare = text.trim();
  return readAnyInteger(text) ?? (bare.startsWith(prefix) ? readDigits(bare.slice(prefix.length)) : undefined);
}

/** All rows that the specifier matches; parts after commas narrow it down. */
export function match<R extends Row>(store: Store, table: Table<R>, specifier: string): R[] {
  const matches = specifier.split(",").map((part) => matchPart(store, table, part.trim()));
  const [first = [], ...others] = matches;
  return first.filter((row) => others.every((rows) => rows.includes(row)));
}

function matchPart<R extends Row>(store: Store, table: Table<R>, part: string): R[] {
  const isExcluded = part.startsWith("!") || part.startsWith("not_");
  const rows = matchItem(store, table, part.replace(/^([&|!]|not_)/, ""));
  return isExcluded ? table.all().filter((row) => !rows.includes(row)) : rows;
}

function matchItem<R extends Row>(store: Store, table: Table<R>, item: string): R[] {
  const { model, specifiers = {} } = table.resource;
  const one = (id: number | undefined) => [table.get(id)].filter((row) => row !== undefined);
  const colon = item.indexOf(":");
  const [prefix, rest] = colon < 0 ? ["", ""] : [item.slice(0, colon), item.slice(colon + 1)];
  if (prefix === "id") return one(readAnyInteger(rest));
  const prefixed = specifiers.prefixes?.[prefix];
  if (prefixed !== undefined) return prefixed(store, rest);
  const id = idIn(table, item);
  if (id !== undefined) return one(id);
  if (specifiers.byText === undefined) throw crash(`Cannot resolve keyword 'name' into field of ${model}.`);
  return specifiers.byText(store, item);
}

/** The one row that the specifier matches. @throws MaasError 404 when nothing matches, 403 when more than one does */
export const find = <R extends Row>(store: Store, table: Table<R>, specifier: string): R =>
  only(table.resource.model, match(store, table, specifier.trim()));

/** The one row of the list. @throws MaasError 404 or 403 in MAAS's words. */
export function only<R>(model: string, rows: readonly R[]): R {
  const [row, another] = rows;
  if (row === undefined) throw notFound(`No ${model} matches the given query.`);
  if (another !== undefined) throw forbidden(`Too many ${model} objects match the given query.`);
  return row;
}
