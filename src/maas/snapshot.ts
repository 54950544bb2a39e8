import { objectRead, rowsAnswered } from "./answer";
import type { Query } from "./client";
import type { ObjectJson } from "./codec";
import type { Collection } from "../../lib/model/kind";
import { COLLECTIONS, type KeyLookup, type Source } from "./collections";
import { MaasNotFoundError } from "./errors";

/** The part of the client that reading needs. */
export interface Reader {
  get(path: string, query?: Query): Promise<unknown>;
}

type Reading = Promise<ObjectJson | undefined>;

/**
 * Reads of one object before the lists take over. With the five lists a walk makes at most 29 GETs, and 25 more when it
 * reads machines, which are counted apart.
 */
const SINGLE_READS = 24;

/**
 * What one walk of Terraform (one process) has read of the region, so that each fact is asked for once.
 *
 * Reads adapt to the size of the stack: the first {@link SINGLE_READS} objects are read one by one, which costs a region
 * 6-13 ms each; then each collection is listed once (2-4 ms a row) and all further reads are answered from the list. So a
 * small stack never downloads a large region, and the number of GETs is bounded whatever the size of the stack.
 */
export class Snapshot {
  private readonly objects = new Map<Collection, Map<string, Reading>>();
  private readonly complete = new Set<Collection>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly finding = new Map<string, Reading>();
  private readonly singleReads = { light: 0, heavy: 0 };

  constructor(
    private readonly reader: Reader,
    private readonly maxSingleReads = SINGLE_READS,
  ) {}

  /** The object with that id; undefined when the region has none. */
  async read(collection: Collection, id: string): Reading {
    const known = this.of(collection).get(id);
    if (known !== undefined) return known;
    if (this.complete.has(collection)) return undefined;
    if (!this.spendSingleRead(collection)) {
      await this.load(COLLECTIONS[collection].list);
      return this.of(collection).get(id);
    }
    const reading = this.ask(collection, { path: COLLECTIONS[collection].one(id) });
    this.of(collection).set(id, reading);
    reading.catch(() => this.of(collection).delete(id));
    return reading;
  }

  /** What is known of the object without asking; undefined = nothing, or that it is not there. */
  async peek(collection: Collection, id: string): Reading {
    return this.of(collection).get(id);
  }

  /** The object with that natural key; undefined when the region has none. */
  async find(collection: Collection, key: string): Reading {
    const lookup = COLLECTIONS[collection].byKey?.(key);
    const known = await this.amongKnown(collection, key);
    if (known !== undefined || this.complete.has(collection)) return known;
    const name = `${collection} ${key}`;
    const underWay = this.finding.get(name);
    if (underWay !== undefined) return underWay;
    if (lookup === undefined || !this.spendSingleRead(collection)) {
      await this.load(COLLECTIONS[collection].list);
      return this.amongKnown(collection, key);
    }
    const finding = this.ask(collection, lookup).finally(() => this.finding.delete(name));
    this.finding.set(name, finding);
    return finding;
  }

  /** Like {@link find}, but past all that is known: what the region has since its last answer. */
  async findNow(collection: Collection, key: string): Reading {
    const lookup = COLLECTIONS[collection].byKey?.(key);
    if (lookup !== undefined) return this.ask(collection, lookup);
    await this.load(COLLECTIONS[collection].list);
    return this.amongKnown(collection, key);
  }

  /** Every object of the collection. One GET for the first call. */
  async list(collection: Collection): Promise<readonly ObjectJson[]> {
    if (!this.complete.has(collection)) await this.load(COLLECTIONS[collection].list);
    return this.known(collection);
  }

  /** Takes in an object as MAAS has just answered it. */
  remember(collection: Collection, row: ObjectJson): void {
    const { id, nested } = COLLECTIONS[collection];
    this.of(collection).set(id(row), Promise.resolve(row));
    if (nested === undefined) return;
    for (const inner of COLLECTIONS[nested].rows(row))
      this.of(nested).set(COLLECTIONS[nested].id(inner), Promise.resolve(inner));
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

  private spendSingleRead(collection: Collection): boolean {
    const budget = COLLECTIONS[collection].isHeavy === true ? "heavy" : "light";
    this.singleReads[budget] += 1;
    return this.singleReads[budget] <= this.maxSingleReads;
  }

  private async ask(collection: Collection, { path, query }: KeyLookup): Reading {
    try {
      const answer = await this.reader.get(path, query);
      // A filter answers with a list.
      const [row] = query === undefined ? [objectRead(path, answer)] : rowsAnswered(path, answer);
      if (row !== undefined) this.remember(collection, row);
      return row;
    } catch (error) {
      if (error instanceof MaasNotFoundError) return undefined;
      throw error;
    }
  }

  private of(collection: Collection): Map<string, Reading> {
    let objects = this.objects.get(collection);
    if (objects === undefined) this.objects.set(collection, (objects = new Map<string, Reading>()));
    return objects;
  }

  private async known(collection: Collection): Promise<readonly ObjectJson[]> {
    const all = await Promise.all(this.of(collection).values());
    return all.filter((row) => row !== undefined);
  }

  private async amongKnown(collection: Collection, key: string): Reading {
    const rows = await this.known(collection);
    return rows.find((row) => COLLECTIONS[collection].key?.(row) === key);
  }

  /** Lists what that call lists, once for all who ask while it is under way. */
  private load(list: string): Promise<void> {
    let loading = this.loading.get(list);
    if (loading === undefined) {
      loading = this.reader
        .get(list)
        .then((all) => this.rememberAll(list, rowsAnswered(list, all)))
        .finally(() => this.loading.delete(list));
      this.loading.set(list, loading);
    }
    return loading;
  }

  private rememberAll(list: string, all: readonly ObjectJson[]): void {
    for (const [name, source] of Object.entries(COLLECTIONS) as [Collection, Source][]) {
      if (source.list !== list) continue;
      const rows = all.flatMap(source.rows).map((row) => [source.id(row), Promise.resolve(row)] as const);
      this.objects.set(name, new Map(rows));
      this.complete.add(name);
    }
  }

  private dropRepeated(collection: Collection): void {
    for (const other of COLLECTIONS[collection].repeatedIn) {
      this.objects.delete(other);
      this.complete.delete(other);
    }
  }
}
