import type { ObjectJson } from "./codec";
import type { Source } from "./collections";
import { IndexedRows } from "./indexed-rows";

/** The row that is asked for; undefined when the region has none. */
export type Reading = Promise<ObjectJson | undefined>;

/** What is known of one collection. */
export class KnownRows {
  readonly rows: IndexedRows;
  /** Single reads that are under way. */
  readonly pending = new Map<string, Reading>();
  /** Ids that the region does not have. */
  readonly absent = new Set<string>();

  constructor(
    source: Source,
    /** Whether all objects of the collection are known. */
    readonly isComplete: boolean,
  ) {
    this.rows = new IndexedRows(source);
  }

  set(row: ObjectJson, id: string): void {
    this.absent.delete(id);
    this.rows.set(row);
  }
}

/** The rows that change while their collection is listed: the list may have been made before, and what MAAS answered to the change counts. */
export class ChangedMeanwhile<C> {
  readonly #rows = new Map<C, Map<string, ObjectJson | undefined>>();

  /** The list is asked for. */
  begin(collection: C): void {
    this.#rows.set(collection, new Map());
  }

  /** @param row undefined = it is gone */
  note(collection: C, id: string, row: ObjectJson | undefined): void {
    this.#rows.get(collection)?.set(id, row);
  }

  /** The list is there: what changed meanwhile is put right in it. */
  end(collection: C, listed: KnownRows): void {
    for (const [id, row] of this.#rows.get(collection) ?? [])
      if (row === undefined) listed.rows.delete(id);
      else listed.set(row, id);
    this.#rows.delete(collection);
  }
}
