import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { NetworkDocument } from "../../../../lib/model/document";
import { ProblemError } from "../../../../lib/model/problem";
import { InputFileError } from "../input-error";
import { readRecord } from "../input-file";
import { NO_RECORD_NAME } from "./record-name";

/**
 * A record in environment variables NAME_0, NAME_1, ..., whose concatenation is base64 of gzip of its text: what an apply
 * step takes from Terraform's state. Read only: whoever sets the variables keeps the record.
 */
export class EnvironmentRecordStore implements RecordStore {
  readonly name: string;
  readonly isKept = true;

  constructor(
    private readonly variable: string,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.name = `env:${variable}`;
  }

  lock(): Promise<RecordLock> {
    return Promise.resolve(NO_LOCK);
  }

  async read(): Promise<NetworkDocument | undefined> {
    const encoded = this.#encoded();
    if (encoded === "") return undefined;
    return readRecord(this.name, await this.#decoded(encoded), `unset ${this.variable}_0`);
  }

  /** The parts in order; an empty one ends them. @throws InputFileError where variables are set that would be left out. */
  #encoded(): string {
    const { variable, environment } = this;
    const set = Object.keys(environment).filter((name) => (environment[name] ?? "") !== "");
    const parts = new Set(
      set.filter((name) => name.startsWith(`${variable}_`) && /^\d+$/.test(name.slice(variable.length + 1))),
    );
    let encoded = "";
    let count = 0;
    for (; parts.delete(`${variable}_${count}`); count++) encoded += environment[`${variable}_${count}`] ?? "";
    const [beyond] = parts;
    const wrong = beyond ?? (count === 0 && set.includes(variable) ? variable : undefined);
    if (wrong === undefined) return encoded;
    throw new InputFileError(
      this.name,
      `${wrong} is set and ${variable}_${count} is not, so that the record is not whole. ` +
        `Set ${variable}_0, ${variable}_1, ... to its parts, without a gap; or unset ${wrong}, if there is no record. Nothing was changed.`,
    );
  }

  async #decoded(encoded: string): Promise<string> {
    try {
      return (await promisify(gunzip)(Buffer.from(encoded, "base64"))).toString("utf8");
    } catch (cause) {
      const fix = `Set ${this.variable}_0, ${this.variable}_1, ... to the parts of base64 of gzip of a document, all of them.`;
      throw new InputFileError(this.name, `the variables hold no record. ${fix}`, [], { cause });
    }
  }

  write(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }
}

/** Keeps other runs away from a record. */
export interface RecordLock {
  release(): Promise<void>;
}

/** Where the record of the runs is kept: what they have made, as a document. */
export interface RecordStore {
  /** As the user names it. */
  readonly name: string;
  /** Whether the next run can read what this one writes. */
  readonly isKept: boolean;
  /**
   * Keeps other runs away from the record until the lock is released, or this process ends.
   * @throws RecordLockedError when another run has it, InputFileError when it can't be locked.
   */
  lock(): Promise<RecordLock>;
  /** The record; undefined = there is none yet. @throws InputFileError when there is something else. */
  read(): Promise<NetworkDocument | undefined>;
  /** Replaces the record. A run that is cut off meanwhile leaves the former one. @throws InputFileError */
  write(record: NetworkDocument): Promise<void>;
  /** Removes the record: there is nothing left to remember. */
  remove(): Promise<void>;
}

/** Another run works with the same record. Nothing has been changed. */
export class RecordLockedError extends ProblemError {
  override readonly name = "RecordLockedError";
  constructor(
    /** What stands for the lock: its file, or its address. */
    readonly file: string,
    /** The run that has it, and how a lock is freed whose run is gone, in words; or that this run has lost the lock to it. */
    { who, free, isLost = false }: { readonly who: string; readonly free?: string; readonly isLost?: boolean },
  ) {
    const remove = `if it has been killed, remove the file (rm '${file}') and run the command again`;
    super(
      "MAAS-FIL-02",
      isLost
        ? `the lock of this run was freed while it lasted, and ${who} works with the same record now: ${file} is locked. ` +
            "Wait until that run ends, and run the command again."
        : `${who} works with the same record, and nothing was changed: ${file} ${free === undefined ? "exists" : "is locked"}. ` +
            `Wait until it ends; ${free ?? remove}.`,
    );
  }
}

/** A lock where there is nothing to lock. */
const NO_LOCK: RecordLock = { release: () => Promise.resolve() };

/** For runs without a record. */
export const NO_RECORD: RecordStore = {
  name: NO_RECORD_NAME,
  isKept: false,
  lock: () => Promise.resolve(NO_LOCK),
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** A record in memory, for runs of one process. */
export class MemoryRecordStore implements RecordStore {
  readonly name = "memory";
  readonly isKept = true;
  #isLocked = false;

  constructor(public record?: NetworkDocument) {}

  get isLocked(): boolean {
    return this.#isLocked;
  }

  lock(): Promise<RecordLock> {
    if (this.#isLocked) return Promise.reject(new RecordLockedError(this.name, { who: "another run" }));
    this.#isLocked = true;
    const release = (): Promise<void> => {
      this.#isLocked = false;
      return Promise.resolve();
    };
    return Promise.resolve({ release });
  }

  read(): Promise<NetworkDocument | undefined> {
    return Promise.resolve(this.record);
  }

  write(record: NetworkDocument): Promise<void> {
    this.record = record;
    return Promise.resolve();
  }

  remove(): Promise<void> {
    this.record = undefined;
    return Promise.resolve();
  }
}
