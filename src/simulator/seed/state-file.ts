import { accessSync, constants, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Resource } from "../model/resource";
import { newStore, type Store, TABLE_NAMES, type TableName } from "../model/store";
import type { Row } from "../model/table";
import { duplicateMembers } from "../../../lib/model/document/duplicates";
import { parseJson } from "../../../lib/model/json";
import { ProblemError } from "../../../lib/model/problem";
import { fileBehind } from "../../files/file-behind";
import { refuseSpecialFile } from "../../files/regular-file";
import { RESOURCES } from "../resources";
import { emptyRegion } from "./default-region";
import { missing } from "./read";

/** A state file that cannot be read. */
export class StateFileError extends ProblemError {
  override readonly name = "StateFileError";
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("MAAS-SIM-01", message, [], options);
  }
}

const FORMAT = 3;
const SAVE_DELAY_MS = 100;

const tableDump = z.object({ lastId: z.number().int(), rows: z.array(z.looseObject({ id: z.number().int() })) });
const stateDump = z.object({
  format: z.union([z.literal(FORMAT), z.literal(2)]),
  tables: z.record(z.string(), tableDump),
});

/**
 * Keeps a region's state in a file. The file is always whole: it is written beside and then renamed. Changes of a short
 * while are written together, and what is left at {@link flush}. A symbolic link to it stays one.
 */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;
  private current: (() => Store) | undefined;

  constructor(private readonly path: string) {}

  /** The stored state; undefined when there is no file yet. @throws StateFileError, also where the file can't be written later */
  load(): Store | undefined {
    const text = this.#text();
    if (text === undefined) return undefined;
    try {
      const json = parseJson(text);
      const [twice] = duplicateMembers(text);
      if (twice !== undefined) throw new SyntaxError(`the member ${twice} is there twice`);
      return restore(stateDump.parse(json, { error: missing }));
    } catch (error) {
      throw new StateFileError(
        `${this.path} is not a state file of this simulator (${reason(error)}); delete it to start from the seed, or name another file`,
      );
    }
  }

  #text(): string | undefined {
    try {
      refuseSpecialFile(this.path);
      accessSync(dirname(fileBehind(this.path)), constants.W_OK);
      return readFileSync(this.path, "utf8");
    } catch (error) {
      const { code, path, message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" && path === this.path) return undefined;
      throw new StateFileError(
        `the state file ${this.path} cannot be used: ${message}; name a file in a folder that can be written to`,
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
    const file = fileBehind(this.path);
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(dump(this.current())), { mode: 0o600 });
    renameSync(temporary, file);
    this.current = undefined;
  }
}

class NoTableError extends Error {}

/** What is wrong with a state file, on one line. */
function reason(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [{ path, message } = { path: [], message: "" }] = error.issues;
    return `/${path.join("/")}: ${message}`;
  }
  if (error instanceof SyntaxError || error instanceof NoTableError) return error.message;
  // A row whose columns are of other types than the simulator writes fails wherever it is first used.
  return "a row of it is not as the simulator writes it";
}

function dump(store: Store): unknown {
  const tables = TABLE_NAMES.map((name) => [name, store.table(name).dump()] as const);
  return { format: FORMAT, tables: Object.fromEntries(tables) };
}

function restore({ format, tables }: z.output<typeof stateDump>): Store {
  const store = newStore();
  const fresh = emptyRegion();
  for (const name of TABLE_NAMES) {
    const former = TABLES_OF_FORMAT_2[name];
    // A table that came later is as in a new region.
    const missing = former === undefined ? fresh.table(name).dump() : undefined;
    const kept = tables[format === 2 ? (former ?? name) : name] ?? missing;
    if (kept === undefined) throw new NoTableError(`it has no ${name}`);
    const rows = format === 2 ? kept.rows.map((row) => fromFormat2(RESOURCES[name], row)) : kept.rows;
    store.table(name).load({ lastId: kept.lastId, rows });
  }
  return store;
}

/** The tables of format 2, by their names of today; every state file has them. */
const TABLES_OF_FORMAT_2: Readonly<Partial<Record<TableName, string>>> = {
  users: "users",
  settings: "configs",
  fabrics: "fabrics",
  vlans: "vlans",
  spaces: "spaces",
  subnets: "subnets",
  ip_ranges: "ranges",
  static_routes: "routes",
  reserved_ips: "reservedIps",
  ip_addresses: "addresses",
  nodes: "nodes",
  interfaces: "interfaces",
  domains: "domains",
  dns_resources: "dnsResources",
  dns_records: "dnsData",
};

const COLUMNS_OF_FORMAT_2: Readonly<Record<string, string>> = {
  ipAddressIds: "ip_addresses",
  resourceId: "dnsresource",
  hostAddresses: "addresses",
  hostGateways: "gateways",
};

/** Format 2 spelled `gatewayIp`, and `vlanId` for the reference `vlan`. */
function fromFormat2({ columns }: Pick<Resource<Row>, "columns">, row: Row): Row {
  const spelled = (name: string): string => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return COLUMNS_OF_FORMAT_2[name] ?? (snake in columns ? snake : snake.replace(/_id(s?)$/, "$1"));
  };
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name === "id" ? name : spelled(name), value]),
  ) as unknown as Row;
}
