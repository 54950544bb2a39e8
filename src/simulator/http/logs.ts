import { createWriteStream, openSync } from "node:fs";
import { ProblemError } from "../../../lib/model/problem";
import { refuseSpecialFile } from "../../files/regular-file";

/** One MAAS call that the simulator answered. */
export interface LoggedRequest {
  /** Counts from 1 since the start or the last clearing. */
  readonly n: number;
  readonly time: string;
  readonly method: string;
  /** With the query, as it came: `/MAAS/api/2.0/subnets/?op=...`. */
  readonly path: string;
  /** Zero when the connection was dropped before a reply. */
  readonly status: number;
  readonly milliseconds: number;
  /** Whether a fault was played instead of, or after, the real work. */
  readonly fault?: string;
}

/** A simulator may run for days: the oldest calls are forgotten, a tenth at a time. */
const CAPACITY = 100_000;

/** The calls since the start or since {@link clear}, oldest first; no more than the last hundred thousand. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private total = 0;

  add(entry: Omit<LoggedRequest, "n">): LoggedRequest {
    const logged = { n: ++this.total, ...entry };
    if (this.entries.length >= CAPACITY) this.entries.splice(0, CAPACITY / 10);
    this.entries.push(logged);
    return logged;
  }

  clear(): void {
    this.entries = [];
    this.total = 0;
  }

  all(): readonly LoggedRequest[] {
    return this.entries;
  }

  /** How many calls used the method, on a path that contains the text (without both: all). */
  count(method?: string, pathContains = ""): number {
    return this.entries.filter(
      (entry) => (method === undefined || entry.method === method) && entry.path.includes(pathContains),
    ).length;
  }
}

/** What is told about each call. */
export interface CallRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly fault?: string;
  readonly body?: unknown;
}

/** A log of exchanges, one JSON object a line. */
export interface LogFile {
  readonly write: (record: CallRecord) => void;
  readonly close: () => Promise<void>;
}

/** A log file that cannot be written. */
class LogFileError extends ProblemError {
  override readonly name = "LogFileError";
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("MAAS-SIM-01", message, [], options);
  }
}

/** @throws LogFileError */
function opened(path: string): number {
  try {
    refuseSpecialFile(path);
    return openSync(path, "a");
  } catch (cause) {
    const { message } = cause as Error;
    throw new LogFileError(`the log ${path} cannot be written: ${message}; name a file in a folder that is there`, {
      cause,
    });
  }
}

/**
 * Opens the file for appending. Keys never get into it: not the header, and not the body of a 401, which shows secrets.
 * @throws LogFileError
 */
export function openLog(path: string): LogFile {
  const stream = createWriteStream(path, { fd: opened(path) });
  return {
    write(record) {
      const body = record.status === 401 ? "(not logged: it may show a secret)" : record.body;
      const line = JSON.stringify({ time: new Date().toISOString(), ...record, body }, (_name, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      stream.write(`${line}\n`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
