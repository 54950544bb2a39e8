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
