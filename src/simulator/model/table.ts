import type { Resource } from "./resource";

/** A stored object. Rows are changed only through their table, so that indexes follow and a refusal can undo. */
export interface Row {
  readonly id: number;
}

type Key = string | number | boolean | null;

/** How to undo what the running request has changed. One request runs at a time: handlers never wait. */
export class Journal {
  private undo: (() => void)[] | undefined;
  private changes = 0;

  /** Changes with everything that is stored. */
  get revision(): number {
    return this.changes;
  }

  record(step: () => void): void {
    this.changes += 1;
    this.undo?.push(step);
  }

  /** Runs the work; when it throws, the store is as it was before. */
  transaction<T>(work: () => T): T {
    if (this.undo !== undefined) return work();
    this.undo = [];
    try {
      return work();
    } catch (error) {
      const steps = this.undo;
      this.undo = undefined;
      this.changes += 1;
      for (const step of steps.reverse()) step();
      throw error;
    } finally {
      this.undo = undefined;
    }
  }
}

/** Rows with the same value of one column, in the order they were added. */
class Index<R extends Row> {
  private readonly groups = new Map<Key, Map<number, R>>();

  constructor(private readonly keyOf: (row: R) => Key) {}

  add(row: R): void {
    const key = this.keyOf(row);
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = new Map<number, R>()));
    group.set(row.id, row);
  }

  remove(row: R): void {
    const key = this.keyOf(row);
    const group = this.groups.get(key);
    group?.delete(row.id);
    if (group?.size === 0) this.groups.delete(key);
  }

  get(key: Key): R[] {
    const group = this.groups.get(key);
    return group === undefined ? [] : [...group.values()];
  }

  has(key: Key): boolean {
    return this.groups.has(key);
  }
}

/** Told of every change of a table, for structures beside it. Undo calls it too. */
export interface Watcher<R extends Row> {
  added(row: R): void;
  removed(row: R): void;
}

/**
 * The objects of one resource, with an id sequence that never goes back (a refused insert uses its number up, as in
 * PostgreSQL), and an index for each column that the resource names.
 */
export class Table<R extends Row> {
  private readonly rows = new Map<number, R>();
  private readonly indexes = new Map<string, Index<R>>();
  private readonly watchers: Watcher<R>[] = [];
  private readonly derived: readonly (readonly [string, (row: R) => unknown])[];
  private readonly defaults: Partial<R>;
  private lastId: number;

  constructor(
    private readonly journal: Journal,
    readonly resource: Resource<R>,
  ) {
    const { columns, indexes = [], firstId = 1 } = resource;
    this.lastId = firstId - 1;
    for (const name of indexes) this.indexes.set(name, new Index((row) => row[name] as Key));
    this.derived = Object.entries(columns).flatMap(([name, { derive }]) =>
      derive === undefined ? [] : [[name, derive] as const],
    );
    this.defaults = resource.defaults;
  }

  watch(watcher: Watcher<R>): void {
    this.watchers.push(watcher);
  }

  get size(): number {
    return this.rows.size;
  }

  /** The highest id that was ever given. */
  get highestId(): number {
    return this.lastId;
  }

  get(id: number | null | undefined): R | undefined {
    return id === null || id === undefined ? undefined : this.rows.get(id);
  }

  /** @throws Error when a reference dangles: a bug of the simulator, not a refusal. */
  need(id: number): R {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`the store has no row ${id} that another row refers to`);
    return row;
  }

  /** All rows, oldest first. */
  all(): R[] {
    return [...this.rows.values()];
  }

  /** Rows with this value of an indexed column. */
  by<K extends keyof R & string>(column: K, value: (R[K] & Key) | null): R[] {
    return this.index(column).get(value);
  }

  hasBy<K extends keyof R & string>(column: K, value: (R[K] & Key) | null): boolean {
    return this.index(column).has(value);
  }

  private index(column: string): Index<R> {
    const index = this.indexes.get(column);
    if (index === undefined) throw new Error(`${this.resource.model} has no index of ${column}`);
    return index;
  }

  /** The next id of the sequence, used up. */
  nextId(): number {
    return ++this.lastId;
  }

  /** Adds a row; columns that are left out have their defaults. */
  insert(values: Partial<R>): R {
    const row = { ...this.defaults, ...values, id: values.id ?? this.nextId() } as R;
    this.lastId = Math.max(this.lastId, row.id);
    this.derive(row);
    this.put(row);
    this.journal.record(() => this.take(row));
    return row;
  }

  /** Changes the row in place: references to it stay good. */
  update(row: R, values: Partial<Omit<R, "id">>): void {
    const before = { ...row };
    this.replace(row, values);
    this.journal.record(() => this.replace(row, before));
  }

  delete(row: R): void {
    if (!this.rows.has(row.id)) return;
    this.take(row);
    this.journal.record(() => this.put(row));
  }

  /** What a state file keeps: the rows without their derived columns, and the sequence. */
  dump(): { lastId: number; rows: Row[] } {
    const derived = new Set(this.derived.map(([name]) => name));
    const plain = (row: R) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !derived.has(name))) as unknown as Row;
    return { lastId: this.lastId, rows: this.all().map(plain) };
  }

  load(dump: { readonly lastId: number; readonly rows: readonly Row[] }): void {
    for (const values of dump.rows) {
      const row = { ...this.defaults, ...values } as R;
      this.derive(row);
      this.put(row);
    }
    this.lastId = dump.lastId;
  }

  private derive(row: R): void {
    for (const [name, derive] of this.derived) Object.assign(row, { [name]: derive(row) });
  }

  private replace(row: R, values: Partial<Omit<R, "id">>): void {
    this.unindex(row);
    Object.assign(row, values);
    this.derive(row);
    this.reindex(row);
  }

  private put(row: R): void {
    this.rows.set(row.id, row);
    this.reindex(row);
  }

  private take(row: R): void {
    this.rows.delete(row.id);
    this.unindex(row);
  }

  private reindex(row: R): void {
    for (const index of this.indexes.values()) index.add(row);
    for (const watcher of this.watchers) watcher.added(row);
  }

  private unindex(row: R): void {
    for (const index of this.indexes.values()) index.remove(row);
    for (const watcher of this.watchers) watcher.removed(row);
  }
}
