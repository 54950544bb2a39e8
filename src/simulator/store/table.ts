import type { Journal } from "./journal";

/** A stored object. Rows are changed only through their table, so that indexes follow and a refusal can undo. */
export interface Row {
  readonly id: number;
}

type Key = string | number | null;

/** Rows with the same key, in the order they were added. */
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
 * One kind of object, with an id sequence that never goes back (a refused insert uses its number up, as in PostgreSQL),
 * and indexes by the named keys.
 */
export class Table<R extends Row, I extends string = never> {
  private readonly rows = new Map<number, R>();
  private readonly indexes: Record<I, Index<R>>;
  private readonly watchers: Watcher<R>[] = [];
  private lastId: number;

  constructor(
    private readonly journal: Journal,
    readonly firstId: number,
    keys: Record<I, (row: R) => Key> = {} as Record<I, (row: R) => Key>,
  ) {
    this.lastId = firstId - 1;
    const entries = Object.entries<(row: R) => Key>(keys).map(([name, keyOf]) => [name, new Index<R>(keyOf)]);
    this.indexes = Object.fromEntries(entries) as Record<I, Index<R>>;
  }

  watch(watcher: Watcher<R>): void {
    this.watchers.push(watcher);
  }

  get size(): number {
    return this.rows.size;
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

  by(index: I, key: Key): R[] {
    return this.indexes[index].get(key);
  }

  hasBy(index: I, key: Key): boolean {
    return this.indexes[index].has(key);
  }

  /** The next id of the sequence, used up. */
  nextId(): number {
    return ++this.lastId;
  }

  insert(values: Omit<R, "id"> & { readonly id?: number }): R {
    const row = { ...values, id: values.id ?? this.nextId() } as R;
    this.lastId = Math.max(this.lastId, row.id);
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

  /** State for a file: the rows and the sequence. */
  dump(): { lastId: number; rows: R[] } {
    return { lastId: this.lastId, rows: this.all() };
  }

  load(dump: { readonly lastId: number; readonly rows: readonly R[] }): void {
    for (const row of dump.rows) this.put({ ...row });
    this.lastId = dump.lastId;
  }

  private replace(row: R, values: Partial<Omit<R, "id">>): void {
    this.unindex(row);
    Object.assign(row, values);
    this.index(row);
  }

  private put(row: R): void {
    this.rows.set(row.id, row);
    this.index(row);
  }

  private take(row: R): void {
    this.rows.delete(row.id);
    this.unindex(row);
  }

  private index(row: R): void {
    for (const index of Object.values<Index<R>>(this.indexes)) index.add(row);
    for (const watcher of this.watchers) watcher.added(row);
  }

  private unindex(row: R): void {
    for (const index of Object.values<Index<R>>(this.indexes)) index.remove(row);
    for (const watcher of this.watchers) watcher.removed(row);
  }
}
