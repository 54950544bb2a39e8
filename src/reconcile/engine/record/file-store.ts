import { randomBytes } from "node:crypto";
import { fsync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { parseJson } from "../../../../lib/model/json";
import { ProblemError } from "../../../../lib/model/problem";
import { fileBehind } from "../../../files/file-behind";
import { refuseSpecialFile, specialFile } from "../../../files/regular-file";
import { InputFileError } from "../input-error";
import { readInputFile, readRecord } from "../input-file";
import { type RecordLock, RecordLockedError, type RecordStore } from "./record-store";

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
    refuseSpecialFile(file);
    return holderSchema.parse(parseJson(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** The locks that this process holds. */
const held = new Set<string>();

/** Whether a lock's holder is a process of this host that is no more. One of our own number may have been another one before. */
function isGone({ pid, host }: Holder, file: string): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !held.has(resolve(file));
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
      if (!(holder !== undefined && isGone(holder, claim)) && age < CLAIM_MS) return true;
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
    if (holder === undefined || !isGone(holder, file)) return false;
    renameSync(claim, file);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

const wordsOf = (holder: Holder | undefined): string =>
  holder === undefined ? "another run" : `the run of process ${holder.pid} on ${holder.host}`;

function release(file: string): void {
  held.delete(resolve(file));
  const { pid, host } = holderOf(file) ?? {};
  if (pid === process.pid && host === hostname()) rmSync(file, { force: true });
}

const FOLDER = "a folder";

/** What stands where a lock is to be, in words; undefined = a file, or nothing. */
const otherThanFile = (file: string): string | undefined =>
  specialFile(file) ?? (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? FOLDER : undefined);

/**
 * Locks a record in a file until the lock is released, or this process ends.
 * @throws RecordLockedError, or why the lock's file can't be made
 */
export async function lockRecordFile(record: string): Promise<RecordLock> {
  const file = `${record}.lock`;
  let isOurs = take(file);
  for (let attempt = 1; !isOurs && attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    const holder = holderOf(file);
    if (holder !== undefined && !isGone(holder, file)) break;
    isOurs = holder === undefined ? take(file) : takeOver(file);
    if (!isOurs) await sleep(CLAIM_PAUSE_MS * Math.random());
  }
  const other = isOurs ? undefined : otherThanFile(file);
  if (other !== undefined)
    throw new InputFileError(
      file,
      `it is ${other}, and the lock of a record is a file. Nothing was changed. Remove it: ${other === FOLDER ? "rmdir" : "rm"} '${file}'.`,
    );
  if (!isOurs) throw new RecordLockedError(file, { who: wordsOf(holderOf(file)) });
  held.add(resolve(file));
  const releaseAtExit = (): void => release(file);
  process.once("exit", releaseAtExit);
  return {
    release: () => {
      process.off("exit", releaseAtExit);
      release(file);
      return Promise.resolve();
    },
  };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";

/** The permissions of a file; undefined = there is none. */
async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a file that is on disk when this returns. */
async function writeDurably(file: string, text: string, mode: number | undefined): Promise<void> {
  const handle = await open(file, "w");
  try {
    if (mode !== undefined) await handle.chmod(mode);
    await handle.writeFile(text);
    // Yarn's Plug'n'Play replaces node:fs, and has no sync() of a handle.
    await promisify(fsync)(handle.fd);
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file as a whole, with the permissions that it had. Packages such as write-file-atomic replace a symbolic link
 * that leads to no file yet, and would travel with the engine in each stack's folder.
 */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    refuseSpecialFile(file);
    await writeDurably(temporary, text, await modeOf(file));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A record in a file, which is replaced as a whole. A symbolic link to it stays one. */
export class FileRecordStore implements RecordStore {
  readonly isKept = true;

  constructor(readonly name: string) {}

  async lock(): Promise<RecordLock> {
    try {
      return await lockRecordFile(fileBehind(this.name));
    } catch (cause) {
      throw cause instanceof ProblemError ? cause : this.#unwritable(cause);
    }
  }

  async read(): Promise<NetworkDocument | undefined> {
    const fix = "Name a record that can be read with --record.";
    try {
      const text = await readInputFile(fileBehind(this.name), fix);
      return readRecord(this.name, text, `move ${this.name} away`);
    } catch (error) {
      if (isMissing((error as Error).cause)) return undefined;
      if (error instanceof InputFileError) throw error;
      throw new InputFileError(this.name, `the record can't be read (${(error as Error).message}). ${fix}`, [], {
        cause: error,
      });
    }
  }

  async write(record: NetworkDocument): Promise<void> {
    try {
      await replaceFile(fileBehind(this.name), documentText(record));
    } catch (cause) {
      throw this.#unwritable(cause);
    }
  }

  remove(): Promise<void> {
    return rm(fileBehind(this.name), { force: true });
  }

  #unwritable(cause: unknown): InputFileError {
    const fix = "Make its folder writable, or name another file with --record.";
    const problem = `the record can't be written (${(cause as Error).message}). ${fix}`;
    return new InputFileError(this.name, problem, [], { cause });
  }
}
