import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { Cidr } from "../../lib/model/cidr";
import { IpAddress } from "../../lib/model/address";
import type { RangeRow, SubnetRow } from "./store/rows";
import { Store } from "./store/store";
import type { Row, Table } from "./store/table";

/** A state file that cannot be read. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

const FORMAT = 2;
const SAVE_DELAY_MS = 100;

const TABLES = [
  "users",
  "configs",
  "fabrics",
  "spaces",
  "vlans",
  "subnets",
  "ranges",
  "routes",
  "reservedIps",
  "addresses",
  "interfaces",
  "nodes",
  "domains",
  "dnsResources",
  "dnsData",
] as const;

const tableDump = z.object({ lastId: z.number().int(), rows: z.array(z.looseObject({ id: z.number().int() })) });
const stateDump = z.object({ format: z.literal(FORMAT), tables: z.record(z.enum(TABLES), tableDump) });

/**
 * Keeps a region's state in a file. The file is always whole: it is written beside and then renamed. Changes of a short
 * while are written together, and what is left at {@link flush}.
 */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;
  private current: (() => Store) | undefined;

  constructor(private readonly path: string) {}

  /** The stored state; undefined when there is no file yet. @throws StateFileError */
  load(): Store | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new StateFileError(`the state file ${this.path} cannot be read: ${(error as Error).message}`);
    }
    try {
      return restore(stateDump.parse(JSON.parse(text)));
    } catch (error) {
      throw new StateFileError(
        `${this.path} is not a state file of this simulator (${firstLine(error)}); delete it to start from the seed, or name another file`,
      );
    }
  }

  /** Notes that the state has changed. */
  save(current: () => Store): void {
    this.current = current;
    this.timer ??= setTimeout(() => {
      this.flush();
    }, SAVE_DELAY_MS);
  }

  /** Writes now what is not written yet. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.current === undefined) return;
    const temporary = `${this.path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(dump(this.current())), { mode: 0o600 });
    renameSync(temporary, this.path);
    this.current = undefined;
  }
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split("\n")[0];

const tableOf = (store: Store, name: (typeof TABLES)[number]) => store[name] as unknown as Table<Row>;

/** Columns that are another column's parsed form are left out, and made anew on reading. */
const DERIVED = new Set(["network", "start", "end"]);

function dump(store: Store): unknown {
  const tables = TABLES.map((name) => {
    const { lastId, rows } = tableOf(store, name).dump();
    const plain = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !DERIVED.has(key))));
    return [name, { lastId, rows: plain }] as const;
  });
  return { format: FORMAT, tables: Object.fromEntries(tables) };
}

function restore(state: z.output<typeof stateDump>): Store {
  const store = new Store();
  for (const name of TABLES) {
    const { lastId, rows } = state.tables[name];
    tableOf(store, name).load({ lastId, rows: rows.map((row) => withDerived(name, row)) });
  }
  return store;
}

function withDerived(table: (typeof TABLES)[number], row: Row): Row {
  if (table === "subnets") {
    const subnet = row as SubnetRow;
    return Object.assign(subnet, { network: Cidr.parse(subnet.cidr) });
  }
  if (table === "ranges") {
    const range = row as RangeRow;
    return Object.assign(range, { start: IpAddress.parse(range.startIp), end: IpAddress.parse(range.endIp) });
  }
  return row;
}
