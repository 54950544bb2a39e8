import type { Features } from "../versions";
import type { Column } from "./columns";
import type { Resource } from "./resource";
import type { Region } from "./store";
import type { Row, Table } from "./table";

/** A JSON object of the API. */
export type Json = Record<string, unknown>;

export const API_PATH = "/MAAS/api/2.0/";

type Member = readonly [name: string, value: (row: Row, view: View) => unknown];

/** The members that a release shows of a resource, by resource: looked up once. */
const MEMBERS = new Map<Features, Map<Resource<Row>, readonly Member[]>>();

/** The objects of a reply. Each is rendered once, however often it is nested or asked for, until the region changes. */
export class View {
  private readonly rendered: Map<Table<Row>, Map<number, Json>>;

  constructor(readonly region: Region) {
    const { shown } = region.store;
    const revision = region.store.revision();
    if (shown.revision !== revision) Object.assign(shown, { revision, tables: new Map() });
    this.rendered = shown.tables;
  }

  /** The row as the API shows it. */
  show<R extends Row>(of: Table<R>, row: R): Json {
    const table = of as unknown as Table<Row>;
    let rows = this.rendered.get(table);
    if (rows === undefined) this.rendered.set(table, (rows = new Map<number, Json>()));
    let json = rows.get(row.id);
    if (json === undefined) rows.set(row.id, (json = this.render(table.resource, row)));
    return json;
  }

  /** The row of the id, or null where there is none. */
  showId<R extends Row>(table: Table<R>, id: number | null): Json | null {
    const row = table.get(id);
    return row === undefined ? null : this.show(table, row);
  }

  private render(resource: Resource<Row>, row: Row): Json {
    const json: Json = {};
    for (const [name, value] of membersOf(resource, this.region.version.features)) json[name] = value(row, this);
    Object.assign(json, resource.json?.(row, this));
    if (resource.showsId !== false) json.id = row.id;
    json.resource_uri = `${API_PATH}${resource.uri?.(row, this) ?? `${resource.path}/${row.id}/`}`;
    return json;
  }
}

function membersOf(resource: Resource<Row>, features: Features): readonly Member[] {
  let resources = MEMBERS.get(features);
  if (resources === undefined) MEMBERS.set(features, (resources = new Map<Resource<Row>, readonly Member[]>()));
  let members = resources.get(resource);
  if (members === undefined) {
    members = Object.entries(resource.columns).flatMap(([name, column]) => {
      const isShown = [column.since, column.jsonSince].every((since) => since === undefined || features[since]);
      return column.json === false || !isShown ? [] : [[name, column.json ?? valueOf(name, column)] as const];
    });
    resources.set(resource, members);
  }
  return members;
}

/** As it is stored; a reference as the object itself, or as the column that stands for it. */
function valueOf(name: string, { references, by }: Column): Member[1] {
  const stored = (row: Row) => (row as unknown as Json)[name];
  if (references === undefined) return stored;
  return (row, view) => {
    const table = view.region.store.table(references);
    const found = table.get(stored(row) as number | null);
    if (found === undefined) return null;
    return by === undefined ? view.show(table, found) : (found as unknown as Json)[by];
  };
}
