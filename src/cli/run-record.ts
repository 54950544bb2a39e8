import { existsSync, lstatSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { InputFileError, readDocumentOf, readInputFile } from "./input-file";
import { lockRecord, RecordLockedError } from "./record-lock";

/** Where the record of the runs is kept: what they have made, as a document. */
export interface RunRecord {
  /** As it is named on the command line. */
  readonly name: string;
  /** Keeps other runs away from it until this process ends. @throws RecordLockedError, InputFileError */
  lock(): void;
  /** The record's text; undefined = there is none yet. @throws InputFileError when there is something else. */
  read(): string | undefined;
  /** Keeps this text from now on; whoever is cut off meanwhile leaves the former one. */
  write(text: string): void;
  /** There is nothing left to remember. */
  remove(): void;
}

/** Checks that a text is a record. @throws InputFileError that says how to go on without one. */
function checkRecord(name: string, text: string, without: string): void {
  try {
    readDocumentOf(name, text);
  } catch (cause) {
    if (!(cause instanceof InputFileError)) throw cause;
    const { message, problems } = cause;
    const fix =
      `Nothing was changed. A record says what former runs made. Mend it, or restore the last good one; else ${without}, and ` +
      "run apply with --force existing: what is there and in the document then counts as adopted, and is not deleted by a destroy.";
    throw new InputFileError(name, `${message.slice(name.length + 2)}\n${fix}`, problems, { cause });
  }
}

/** The file that a name stands for: what symbolic links lead to, whether or not it exists yet. */
function fileBehind(name: string): string {
  const isLink = lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? fileBehind(resolve(dirname(name), readlinkSync(name))) : name;
}

/** A record in a file, which is replaced as a whole. A symbolic link to it stays one. */
class FileRecord implements RunRecord {
  constructor(readonly name: string) {}

  lock(): void {
    try {
      lockRecord(fileBehind(this.name));
    } catch (cause) {
      throw cause instanceof RecordLockedError ? cause : this.#unwritable(cause);
    }
  }

  read(): string | undefined {
    if (!existsSync(this.name)) return undefined;
    const text = readInputFile(this.name, "Name a record that can be read with --record.");
    checkRecord(this.name, text, `move ${this.name} away`);
    return text;
  }

  write(text: string): void {
    let temporary: string | undefined;
    try {
      const file = fileBehind(this.name);
      temporary = `${file}.${process.pid}.tmp`;
      writeFileSync(temporary, text, { flush: true });
      renameSync(temporary, file);
    } catch (cause) {
      if (temporary !== undefined) rmSync(temporary, { force: true });
      throw this.#unwritable(cause);
    }
  }

  #unwritable(cause: unknown): InputFileError {
    const fix = "Make its folder writable, or name another file with --record.";
    const problem = `the record can't be written (${(cause as Error).message}). ${fix}`;
    return new InputFileError(this.name, problem, [], { cause });
  }

  remove(): void {
    rmSync(fileBehind(this.name), { force: true });
  }
}

/**
 * A record in environment variables NAME_0, NAME_1, ..., whose concatenation is base64 of gzip of its text. Read only:
 * whoever sets the variables keeps the record.
 */
class EnvironmentRecord implements RunRecord {
  constructor(
    readonly name: string,
    private readonly variable: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  lock(): void {
    // Never written.
  }

  read(): string | undefined {
    let encoded = "";
    for (let index = 0; ; index++) {
      const part = this.environment[`${this.variable}_${index}`] ?? "";
      if (part === "") break;
      encoded += part;
    }
    if (encoded === "") return undefined;
    const text = this.#decoded(encoded);
    checkRecord(this.name, text, `unset ${this.variable}_0`);
    return text;
  }

  #decoded(encoded: string): string {
    try {
      return gunzipSync(Buffer.from(encoded, "base64")).toString("utf8");
    } catch (cause) {
      const fix = `Set ${this.variable}_0, ${this.variable}_1, ... to the parts of base64 of gzip of a document, all of them.`;
      throw new InputFileError(this.name, `the variables hold no record. ${fix}`, [], { cause });
    }
  }

  write(): void {
    // Kept by whoever sets the variables.
  }

  remove(): void {
    // Kept by whoever sets the variables.
  }
}

const NO_RECORD: RunRecord = {
  name: "none",
  lock: () => undefined,
  read: () => undefined,
  write: () => undefined,
  remove: () => undefined,
};

/** The record that `--record` names: a file, `env:NAME`, or `none`. */
export function runRecord(name: string, environment: NodeJS.ProcessEnv = process.env): RunRecord {
  if (name === NO_RECORD.name) return NO_RECORD;
  const [, variable] = /^env:(\w+)$/.exec(name) ?? [];
  return variable === undefined ? new FileRecord(name) : new EnvironmentRecord(name, variable, environment);
}

/** The record of a document for which none is named: a file beside it. */
export function defaultRecordName(document: string): string {
  return `${document.replace(/\.json$/, "")}.record.json`;
}
