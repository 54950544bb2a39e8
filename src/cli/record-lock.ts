import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import * as z from "zod/mini";

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

const holderSchema = z.object({ pid: z.int().check(z.positive()), host: z.string() });

/** Who holds a lock. */
type Holder = z.output<typeof holderSchema>;

/** How long a claim counts whose process can't be asked, in milliseconds. One is there for a moment only. */
const CLAIM_MS = 10_000;
/** How often, and how long in milliseconds at most, a run waits for another one that claims the same lock. */
const CLAIM_ATTEMPTS = 20;
const CLAIM_PAUSE_MS = 50;

const ourselves = (): Holder => ({ pid: process.pid, host: hostname() });

const written = (holder: Holder): string => `${JSON.stringify(holder)}\n`;

/** The holder that a file names; undefined when it is gone, or names none. */
function holderOf(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
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

/** Makes the file, which names this process; false = there is one. */
function take(file: string): boolean {
  try {
    writeFileSync(file, written(ourselves()), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

const claimPrefix = (file: string): string => `${basename(file)}.claim-`;

/** Whether another run claims the lock at this moment. Claims that were left behind are removed. */
function isClaimedByOthers(file: string, own: string): boolean {
  const claims = readdirSync(dirname(file)).filter((name) => name.startsWith(claimPrefix(file)));
  return claims
    .map((name) => join(dirname(file), name))
    .filter((claim) => claim !== own)
    .some((claim) => {
      const holder = holderOf(claim);
      const age = Date.now() - (statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (!(holder !== undefined && isGone(holder)) && age < CLAIM_MS) return true;
      rmSync(claim, { force: true });
      return false;
    });
}

/**
 * Takes a lock from a holder that is gone. Two runs may see the same stale lock at once, and one of them may even see it
 * after the other has replaced it. So each first makes a claim of its own, and goes on only while it sees no other claim;
 * whoever has replaced the lock is then either seen as a claim or found as its holder.
 */
function takeOver(file: string): boolean {
  const claim = join(dirname(file), `${claimPrefix(file)}${process.pid}-${randomBytes(4).toString("hex")}`);
  writeFileSync(claim, written(ourselves()), { flag: "wx" });
  try {
    if (isClaimedByOthers(file, claim)) return false;
    const holder = holderOf(file);
    if (holder === undefined || !isGone(holder)) return false;
    renameSync(claim, file);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

function pause(): void {
  // Nothing else goes on in this process yet.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CLAIM_PAUSE_MS * Math.random());
}

/** Locks a record for as long as this process lives. @throws RecordLockedError, or why the file can't be made */
export function lockRecord(record: string): void {
  const file = `${record}.lock`;
  let isOurs = take(file);
  for (let attempt = 1; !isOurs && attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    const holder = holderOf(file);
    if (holder !== undefined && !isGone(holder)) break;
    isOurs = holder === undefined ? take(file) : takeOver(file);
    if (!isOurs) pause();
  }
  if (!isOurs) throw new RecordLockedError(file, holderOf(file));
  process.once("exit", () => {
    const { pid, host } = holderOf(file) ?? {};
    if (pid === process.pid && host === hostname()) rmSync(file, { force: true });
  });
}
