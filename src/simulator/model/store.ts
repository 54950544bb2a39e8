import { ALL, type RESOURCES } from "../resources";
import { AddressPools } from "../resources/ip-address/allocation";
import { SubnetIndex } from "../resources/subnet/lookup";
import type { MaasVersion } from "../versions";
import type { Resource } from "./resource";
import type { Json } from "./view";
import { Journal, type Row, Table } from "./table";

type Resources = typeof RESOURCES;
export type TableName = keyof Resources;

type Tables = { readonly [K in TableName]: Resources[K] extends Resource<infer R> ? Table<R> : never };

/** Everything the region knows: a table for each resource, by its name. */
export interface Store extends Tables {
  /** Subnets by the addresses they hold. */
  readonly networks: SubnetIndex;
  readonly pools: AddressPools;
  /** A table by a name that a column refers to. */
  table(name: string): Table<Row>;
  /** Changes with everything that is stored. */
  revision(): number;
  /** What replies have shown of the revision, by table and id. */
  readonly shown: { revision: number; tables: Map<Table<Row>, Map<number, Json>> };
  /** Runs a request's work: all of it, or, when it throws, none of it. */
  transaction<T>(work: () => T): T;
}

export const TABLE_NAMES = ALL.map(([name]) => name as TableName);

/** @throws Error when a column refers to a table that is not there: a bug of the simulator */
export function newStore(): Store {
  const journal = new Journal();
  const tables = new Map(ALL.map(([name, resource]) => [name, new Table(journal, resource)] as const));
  const table = (name: string): Table<Row> => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`the simulator has no table ${name}`);
    return found;
  };
  for (const [, { columns }] of ALL) {
    for (const { references } of Object.values(columns)) if (references !== undefined) table(references);
  }
  const store: Store = Object.assign(Object.fromEntries(tables) as unknown as Tables, {
    networks: new SubnetIndex(),
    pools: new AddressPools(),
    table,
    revision: () => journal.revision,
    shown: { revision: 0, tables: new Map<Table<Row>, Map<number, Json>>() },
    transaction: <T>(work: () => T) => journal.transaction(work),
  });
  store.subnets.watch(store.networks);
  return store;
}

/** A user, as far as permissions ask. */
export interface Caller extends Row {
  readonly username: string;
  readonly is_superuser: boolean;
}

/** The region as handlers see it: what it stores, which MAAS it is, and who asks. */
export interface Region {
  readonly store: Store;
  readonly version: MaasVersion;
  /** The caller of the running request. */
  readonly user: Caller;
  /** The region's clock, as MAAS shows moments: `2026-11-22T20:15:01.123`. */
  now(): string;
}
