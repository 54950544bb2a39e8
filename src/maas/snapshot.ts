import { textOf } from "../../lib/model/text";
import { apiPath } from "./api-path";
import type { ObjectJson } from "./codec";
import { MaasNotFoundError } from "./errors";

/** The part of the client that reading needs. */
export interface Reader {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
}

/** The sets of objects that MAAS lists in one call. VLANs come inside fabrics, interfaces inside rack controllers. */
export type Collection = "fabrics" | "vlans" | "spaces" | "subnets" | "ipranges" | "rackcontrollers" | "interfaces";

interface Source {
  /** One object by its id, or by a specifier such as `name:lab`. */
  readonly one: (id: string) => string;
  /** The call that lists the collection, and the objects inside each row. */
  readonly list: string;
  readonly rows: (listed: ObjectJson) => readonly ObjectJson[];
  readonly id: (row: ObjectJson) => string;
  /** Collections whose rows repeat something of this one's, and so are out of date after a change or a deletion here. */
  readonly repeatedIn: readonly Collection[];
}

const itself = (row: ObjectJson): readonly ObjectJson[] => [row];
const inside =
  (key: string) =>
  (row: ObjectJson): readonly ObjectJson[] =>
    (row[key] ?? []) as readonly ObjectJson[];
const plainId = (row: ObjectJson): string => textOf(row.id);

const plain = (name: Collection, repeatedIn: readonly Collection[]): Source => ({
  one: (id) => apiPath`${name}/${id}/`,
  list: `${name}/`,
  rows: itself,
  id: plainId,
  repeatedIn,
});

const SOURCES: Readonly<Record<Collection, Source>> = {
  fabrics: plain("fabrics", ["vlans"]),
  vlans: { ...plain("vlans", ["fabrics", "subnets", "spaces", "interfaces"]), list: "fabrics/", rows: inside("vlans") },
  spaces: plain("spaces", ["vlans", "subnets"]),
  subnets: plain("subnets", ["ipranges", "interfaces", "spaces"]),
  ipranges: plain("ipranges", []),
  rackcontrollers: { ...plain("rackcontrollers", ["interfaces"]), id: (row) => textOf(row.system_id) },
  interfaces: {
    one: (id) => {
      const [rack = "", nic = ""] = id.split("/");
      return apiPath`nodes/${rack}/interfaces/${nic}/`;
    },
    list: "rackcontrollers/",
    rows: inside("interface_set"),
    id: (row) => `${textOf(row.system_id)}/${textOf(row.id)}`,
    repeatedIn: ["rackcontrollers"],
  },
};

/** Which collections come inside the rows of another, so that one read answers for both. */
const NESTED: Readonly<Partial<Record<Collection, Collection>>> = { fabrics: "vlans", rackcontrollers: "interfaces" };

/** Reads of one object before the lists take over. With the five lists a walk makes at most 29 GETs. */
const SINGLE_READS = 24;

/**
 * What one walk of Terraform (one process) has read of the region, so that each fact is asked for once.
 *
 * Reads adapt to the size of the stack: the first {@link SINGLE_READS} objects are read one by one, which costs a region
 * 6-13 ms each; then each collection is listed once (2-4 ms a row) and all further reads are answered from the list. So a
 * small stack never downloads a large region, and the number of GETs is bounded whatever the size of the stack.
 */
export class Snapshot {
  private readonly loading = new Map<string, Promise<void>>();
  private readonly objects = new Map<Collection, Map<string, Promise<ObjectJson | undefined>>>();
  private readonly complete = new Set<Collection>();
  private singleReads = 0;

  constructor(
    private readonly reader: Reader,
    private readonly maxSingleReads = SINGLE_READS,
  ) {}

  /** The object with that id; undefined when the region has none. */
  async read(collection: Collection, id: string): Promise<ObjectJson | undefined> {
    const known = this.of(collection).get(id);
    if (known !== undefined) return known;
    if (this.complete.has(collection)) return undefined;
    if (this.singleReads >= this.maxSingleReads) {
      await this.list(collection);
      return this.of(collection).get(id);
    }
    this.singleReads += 1;
    const reading = this.fetch(collection, id);
    this.of(collection).set(id, reading);
    reading.then(
      (found) => found !== undefined && this.remember(collection, found),
      () => this.of(collection).delete(id),
    );
    return reading;
  }

  /** The object that MAAS resolves the specifier to (`name:lab`, `cidr:10.0.0.0/24`), asked for now. */
  async lookUp(collection: Collection, specifier: string): Promise<ObjectJson | undefined> {
    const found = await this.fetch(collection, specifier);
    if (found !== undefined) this.remember(collection, found);
    return found;
  }

  /** Every object of the collection. One GET for the first call. */
  async list(collection: Collection): Promise<readonly ObjectJson[]> {
    if (!this.complete.has(collection)) await this.load(SOURCES[collection].list);
    const all = await Promise.all(this.of(collection).values());
    return all.filter((row) => row !== undefined);
  }

  /** Takes in an object as MAAS has just answered it. */
  remember(collection: Collection, row: ObjectJson): void {
    this.of(collection).set(SOURCES[collection].id(row), Promise.resolve(row));
    const nested = NESTED[collection];
    if (nested === undefined) return;
    for (const inner of SOURCES[nested].rows(row)) {
      const id = SOURCES[nested].id(inner);
      if (!this.of(nested).has(id)) this.of(nested).set(id, Promise.resolve(inner));
    }
  }

  /** Takes in the answer to a change, and drops what repeats the object elsewhere. */
  changed(collection: Collection, row: ObjectJson): void {
    this.dropRepeated(collection);
    this.remember(collection, row);
  }

  /** Takes in that the object is gone, with whatever MAAS deleted along with it. */
  removed(collection: Collection, id: string): void {
    this.dropRepeated(collection);
    this.of(collection).delete(id);
  }

  private async fetch(collection: Collection, id: string): Promise<ObjectJson | undefined> {
    try {
      return (await this.reader.get(SOURCES[collection].one(id))) as ObjectJson;
    } catch (error) {
      if (error instanceof MaasNotFoundError) return undefined;
      throw error;
    }
  }

  private of(collection: Collection): Map<string, Promise<ObjectJson | undefined>> {
    let objects = this.objects.get(collection);
    if (objects === undefined)
      this.objects.set(collection, (objects = new Map<string, Promise<ObjectJson | undefined>>()));
    return objects;
  }

  /** Lists what that call lists, once for all who ask while it is under way. */
  private load(list: string): Promise<void> {
    let loading = this.loading.get(list);
    if (loading === undefined) {
      loading = this.reader
        .get(list)
        .then((all) => this.rememberAll(list, all as readonly ObjectJson[]))
        .finally(() => this.loading.delete(list));
      this.loading.set(list, loading);
    }
    return loading;
  }

  private rememberAll(list: string, all: readonly ObjectJson[]): void {
    for (const [name, source] of Object.entries(SOURCES) as [Collection, Source][]) {
      if (source.list !== list) continue;
      const rows = all.flatMap(source.rows).map((row) => [source.id(row), Promise.resolve(row)] as const);
      this.objects.set(name, new Map(rows));
      this.complete.add(name);
    }
  }

  private dropRepeated(collection: Collection): void {
    for (const other of SOURCES[collection].repeatedIn) {
      this.objects.delete(other);
      this.complete.delete(other);
    }
  }
}
