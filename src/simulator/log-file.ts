import { createWriteStream } from "node:fs";
import type { CallRecord } from "./service";

/** A log of exchanges, one JSON object a line. */
export interface LogFile {
  readonly write: (record: CallRecord) => void;
  readonly close: () => Promise<void>;
}

/** Opens the file for appending. Keys never get into it: not the header, and not the body of a 401, which shows secrets. */
export function openLog(path: string): LogFile {
  const stream = createWriteStream(path, { flags: "a" });
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
