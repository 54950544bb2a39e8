import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { InputFileError, readInputFile, readRecord } from "../input-file";
import { lockRecordFile } from "./file-lock";
import { type RecordLock, RecordLockedError, type RecordStore } from "./record-store";

/** The file that a name stands for: what symbolic links lead to, whether or not it exists yet. */
function fileBehind(name: string): string {
  const isLink = lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? fileBehind(resolve(dirname(name), readlinkSync(name))) : name;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

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
    await handle.sync();
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
    await writeDurably(temporary, text, await modeOf(file));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A record in a file, which is replaced as a whole. A symbolic link to it stays one. */
export class FileRecordStore implements RecordStore {
  constructor(readonly name: string) {}

  async lock(): Promise<RecordLock> {
    try {
      return await lockRecordFile(fileBehind(this.name));
    } catch (cause) {
      throw cause instanceof RecordLockedError ? cause : this.#unwritable(cause);
    }
  }

  async read(): Promise<NetworkDocument | undefined> {
    if (!existsSync(this.name)) return undefined;
    const text = await readInputFile(this.name, "Name a record that can be read with --record.");
    return readRecord(this.name, text, `move ${this.name} away`);
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
