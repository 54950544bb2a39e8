import type { Collection } from "../../lib/model/kinds";
import { rowOfValue, rowsAnswered, rowsRead, someAnswered, versionAnswered } from "./answer";
import type { Query } from "./client";
import type { ObjectJson } from "./codec";
import { ALL_COLLECTIONS, COLLECTIONS, type KeyLookup, type Source } from "./collections";
import { MaasNoEndpointError, MaasNotFoundError } from "./errors";
import { ChangedMeanwhile, KnownRows, type Reading } from "./known-rows";

/** The part of the client that reading needs. */
export interface Reader {
  get(path: string, query?: Query): Promise<unknown>;
}

/**
 * The read budget of a walk: reads of one object before the lists take over. With the five lists a walk of Terraform makes
 * at most 29 GETs, and 25 more when it reads machines, which are counted apart.
 */
const SINGLE_READS = 24;

/** How much of the budget goes to objects that are wanted at once: nobody knows beforehand how many rows a list has. */
const SINGLE_READS_AT_ONCE = 8;

const budgetOf = (collection: Collection) => (COLLECTIONS[collection].isHeavy ? "heavy" : "light");

/**
 * Which objects of a collection are wanted: all of them; or those that natural keys name, and those with ids by which an
 * object is known that may have another key by now.
 */
export type Wanted = "all" | { readonly keys: ReadonlySet<string>; readonly ids?: ReadonlySet<string> };

/** What is wanted of a region, by collection: nothing of those that are not named. */
export type Extent = Readonly<Partial<Record<Collection, Wanted>>>;

/** Rows of a region by collection; none of what was not wanted. */
export type RegionRows = Readonly<Record<Collection, readonly ObjectJson[]>>;

/**
 * The one reader of a region: what one walk (of Terraform, a plan, an audit, an export) has read of it, so that each fact
 * is asked for once.
 *
 * Reads adapt to the size of the stack: the first {@link SINGLE_READS} objects are read one by one, which costs a region
 * 6-13 ms each; then each collection is listed once (2-4 ms a row) and all further reads are answered from the list. So a
 * small stack never downloads a large region, and the number of GETs is bounded whatever the size of the stack. Lookups by
 * id and by natural key take constant time.
 */
export class Snapshot {
  private readonly collections = new Map<Collection, KnownRows>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly meanwhile = new ChangedMeanwhile<Collection>();
  private readonly finding = new Map<string, Reading>();
  private readonly singleReads = { light: 0, heavy: 0 };
  private versionRead: Promise<string | undefined> | undefined;

  constructor(
    private readonly reader: Reader,
    private readonly maxSingleReads = SINGLE_READS,
  ) {}

  /** The objects that are wanted, and possibly others of the same collections: where a list costs less, it is given whole. */
  async rows(extent: Extent): Promise<RegionRows> {
    const read = ALL_COLLECTIONS.map(async ([collection]) => {
      const wanted = extent[collection];
      return [collection, wanted === undefined ? [] : await this.select(collection, wanted)] as const;
    });
    return Object.fromEntries(await Promise.all(read)) as RegionRows;
  }

  /** The release of the region; undefined when it does not report one. */
  version(): Promise<string | undefined> {
    this.versionRead ??= this.reader.get("version/").then(versionAnswered);
    return this.versionRead;
  }

  /** The object with that id; undefined when the region has none. */
  async read(collection: Collection, id: string): Reading {
    const known = this.of(collection);
    const row = known.rows.get(id) ?? known.pending.get(id);
    if (row !== undefined) return row;
    if (known.isComplete || known.absent.has(id)) return undefined;
    if (!this.spendSingleRead(collection)) {
      await this.load(COLLECTIONS[collection].list);
      return this.of(collection).rows.get(id);
    }
    const reading = this.ask(collection, COLLECTIONS[collection].byId(id), id)
      .then((found) => {
        if (found === undefined) known.absent.add(id);
        return found;
      })
      .finally(() => known.pending.delete(id));
    known.pending.set(id, reading);
    return reading;
  }

  /** What is known of the object without asking; undefined = nothing, or that it is not there. */
  async peek(collection: Collection, id: string): Reading {
    const { rows, pending } = this.of(collection);
    return rows.get(id) ?? pending.get(id);
  }

  /** The object that a natural key names; undefined when the region has none. */
  async find(collection: Collection, name: string): Reading {
    const { byKey, idForm, spelled, list } = COLLECTIONS[collection];
    const byId = idForm?.test(name) === true ? await this.read(collection, name) : undefined;
    if (byId !== undefined) return byId;
    const key = spelled(name);
    await Promise.allSettled(this.of(collection).pending.values());
    const [known] = this.of(collection).rows.find(key);
    if (known !== undefined || this.of(collection).isComplete) return known;
    const underWay = this.finding.get(`${collection} ${key}`);
    if (underWay !== undefined) return underWay;
    const lookup = byKey(key);
    if (lookup === undefined || !this.spendSingleRead(collection)) {
      await this.load(list);
      return this.of(collection).rows.find(key)[0];
    }
    const finding = this.ask(collection, lookup, key).finally(() => this.finding.delete(`${collection} ${key}`));
    this.finding.set(`${collection} ${key}`, finding);
    return finding;
  }

  /** Like {@link find}, but past all that is known: what the region has since its last answer. */
  async findNow(collection: Collection, name: string): Reading {
    const { byKey, spelled, list } = COLLECTIONS[collection];
    const key = spelled(name);
    const lookup = byKey(key);
    if (lookup !== undefined) return this.ask(collection, lookup, key);
    await this.load(list);
    return this.of(collection).rows.find(key)[0];
  }

  /** Every object with that natural key, where several may have it. Lists the collection. */
  async findAll(collection: Collection, name: string): Promise<readonly ObjectJson[]> {
    if (!this.of(collection).isComplete) await this.load(COLLECTIONS[collection].list);
    return this.of(collection).rows.find(COLLECTIONS[collection].spelled(name));
  }

  /** Every object of the collection. One GET for the first call. */
  async list(collection: Collection): Promise<readonly ObjectJson[]> {
    if (!this.of(collection).isComplete) await this.load(COLLECTIONS[collection].list);
    return this.of(collection).rows.all();
  }

  /** Takes in an object as MAAS has just answered it. */
  remember(collection: Collection, row: ObjectJson): void {
    const { nested } = COLLECTIONS[collection];
    this.put(collection, row);
    if (nested === undefined) return;
    for (const inner of COLLECTIONS[nested].rows(row)) this.put(nested, inner);
  }

  private put(collection: Collection, row: ObjectJson): void {
    const id = COLLECTIONS[collection].id(row);
    this.of(collection).set(row, id);
    this.meanwhile.note(collection, id, row);
  }

  /**
   * The objects that an answer of MAAS about this collection stands for.
   *
   * @param rows whole, as MAAS has answered them
   */
  async partsOf(collection: Collection, rows: readonly ObjectJson[]): Promise<readonly ObjectJson[]> {
    const { parts, held } = COLLECTIONS[collection];
    if (held !== undefined) return Promise.all(rows.map((row) => this.withHeld(held, row)));
    if (parts === undefined) return rows;
    const others = await this.list(parts.with);
    // Each of these rows is in one of those: without any, the answer about them was not MAAS's.
    if (rows.length > 0) someAnswered(`${parts.with}/`, others);
    return rows.flatMap((row) => parts.of(row, others));
  }

  /** The row, and beside it that of the object that it holds without its id. One that is not found has its name in place of that. */
  private async withHeld(
    { member, in: placeOf, name }: NonNullable<Source["held"]>,
    row: ObjectJson,
  ): Promise<ObjectJson> {
    const held = row[member] as ObjectJson | null | undefined;
    if (held === null || held === undefined) return row;
    const { collection, as } = placeOf(held);
    const called = name(held);
    return { ...row, [as]: (await this.find(collection, called)) ?? { ...held, system_id: called } };
  }

  /** Takes in the answer to a change, and drops what repeats the object elsewhere. */
  changed(collection: Collection, row: ObjectJson): void {
    this.dropRepeated(collection);
    this.remember(collection, row);
  }

  /** Forgets a collection, so that it is read anew. */
  forget(collection: Collection): void {
    this.collections.delete(collection);
  }

  /** Takes in that the object is gone, with whatever MAAS deleted along with it. */
  removed(collection: Collection, id: string): void {
    this.dropRepeated(collection);
    this.of(collection).rows.delete(id);
    this.meanwhile.note(collection, id, undefined);
  }

  /** Takes in that rows of the collection may be other ones by now. */
  outdated(collection: Collection): void {
    this.dropRepeated(collection);
    this.collections.delete(collection);
  }

  private async select(collection: Collection, wanted: Wanted): Promise<readonly ObjectJson[]> {
    if (wanted === "all") return this.list(collection);
    const { keys, ids = new Set<string>() } = wanted;
    const { spelled, id: idOf } = COLLECTIONS[collection];
    const { rows } = this.of(collection);
    const unknown = [...keys].filter((key) => rows.get(key) === undefined && rows.find(spelled(key)).length === 0);
    if (unknown.length > Math.min(SINGLE_READS_AT_ONCE, this.left(collection))) return this.list(collection);
    const found = await Promise.all([...keys].map((key) => this.find(collection, key)));
    const byId = new Map(found.flatMap((row) => (row === undefined ? [] : [[idOf(row), row] as const])));
    const others = [...ids].filter((id) => !byId.has(id)).map((id) => this.read(collection, id));
    return [...byId.values(), ...(await Promise.all(others)).filter((row) => row !== undefined)];
  }

  /** How many objects may still be read one by one. */
  private left(collection: Collection): number {
    return Math.max(0, this.maxSingleReads - this.singleReads[budgetOf(collection)]);
  }

  private spendSingleRead(collection: Collection): boolean {
    const isLeft = this.left(collection) > 0;
    this.singleReads[budgetOf(collection)] += 1;
    return isLeft;
  }

  /** @param name the id or the key of the object that is meant, where an answer stands for several. */
  private async ask(collection: Collection, { path, query }: KeyLookup, name: string): Reading {
    const { id, keys, parts, values } = COLLECTIONS[collection];
    if (values?.includes(name) === false) return undefined;
    try {
      const answer = await this.reader.get(path, query);
      const answered = values === undefined ? rowsRead(path, query, answer) : [rowOfValue(name, answer)];
      const rows = await this.partsOf(collection, answered);
      for (const row of rows) this.remember(collection, row);
      const isAlone = query === undefined && parts === undefined;
      return rows.find((row) => isAlone || id(row) === name || keys(row).includes(name));
    } catch (error) {
      if (error instanceof MaasNotFoundError) return undefined;
      throw error;
    }
  }

  private of(collection: Collection): KnownRows {
    const known = this.collections.get(collection) ?? new KnownRows(COLLECTIONS[collection], false);
    this.collections.set(collection, known);
    return known;
  }

  /** Lists what that call lists, once for all who ask while it is under way. */
  private load(list: string): Promise<void> {
    let loading = this.loading.get(list);
    if (loading === undefined) {
      for (const [name, source] of ALL_COLLECTIONS) if (source.list === list) this.meanwhile.begin(name);
      loading = this.listed(list)
        .then((all) => this.rememberAll(list, all))
        .finally(() => this.loading.delete(list));
      this.loading.set(list, loading);
    }
    return loading;
  }

  private async listed(list: string): Promise<readonly ObjectJson[]> {
    const [of] = ALL_COLLECTIONS.filter(([, source]) => source.list === list && source.values !== undefined);
    if (of !== undefined) return this.allOf(...of);
    try {
      return rowsAnswered(list, await this.reader.get(list));
    } catch (error) {
      const isOptional = ALL_COLLECTIONS.some(([, source]) => source.list === list && source.isOptional);
      if (isOptional && error instanceof MaasNoEndpointError) return [];
      throw error;
    }
  }

  /** Every object of a collection that MAAS lists nowhere, one by one. */
  private async allOf(collection: Collection, { values = [], byId }: Source): Promise<readonly ObjectJson[]> {
    const read = await Promise.all(values.map((id) => this.ask(collection, byId(id), id)));
    return read.filter((row) => row !== undefined);
  }

  private async rememberAll(list: string, all: readonly ObjectJson[]): Promise<void> {
    for (const [name, source] of ALL_COLLECTIONS) {
      if (source.list !== list) continue;
      const known = new KnownRows(source, true);
      for (const row of await this.partsOf(name, all.flatMap(source.rows))) known.rows.set(row);
      this.meanwhile.end(name, known);
      this.collections.set(name, known);
    }
  }

  private dropRepeated(collection: Collection): void {
    for (const other of COLLECTIONS[collection].repeatedIn) this.collections.delete(other);
  }
}
