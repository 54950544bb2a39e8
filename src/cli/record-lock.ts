import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** Another run works with the same record. Nothing has been changed. */
export class RecordLockedError extends Error {
  override readonly name = "RecordLockedError";
  constructor(
    /** The lock's file. */
    readonly file: string,
    holder: Holder | undefined,
  ) {
    const who = holder === undefined ? "another run" : `the run of process ${holder.pid} on ${holder.host}`;
    super(
      `${who} works with the same record, and nothing was changed: ${file} exists. ` +
        `Wait until it ends; if it has been killed, remove the file (rm '${file}') and run the command again.`,
    );
  }
}

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    // Just made, or just removed.
    return undefined;
  }
}

/** Whether the holder is a process of this host that is no more. One of our own number was somebody else's before. */
function isGone({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Makes the lock; false = there is one. */
function take(file: string): boolean {
  try {
    const holder: Holder = { pid: process.pid, host: hostname() };
    writeFileSync(file, `${JSON.stringify(holder)}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Locks a record for as long as this process lives. @throws RecordLockedError, or why the file can't be made */
export function lockRecord(record: string): void {
  const file = `${record}.lock`;
  let isOurs = take(file);
  const holder = isOurs ? undefined : holderOf(file);
  if (holder !== undefined && isGone(holder)) {
    rmSync(file, { force: true });
    isOurs = take(file);
  }
  if (!isOurs) throw new RecordLockedError(file, holder);
  process.once("exit", () => rmSync(file, { force: true }));
}
