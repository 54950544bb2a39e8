import type { NetworkDocument } from "../../../../lib/model/document";
import { ProblemError } from "../../../../lib/model/problem";

/** Keeps other runs away from a record. */
export interface RecordLock {
  release(): Promise<void>;
}

/** Where the record of the runs is kept: what they have made, as a document. */
export interface RecordStore {
  /** As the user names it. */
  readonly name: string;
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
    /** What stands for the lock: its file. */
    readonly file: string,
    /** The run that has it, in words. */
    who: string,
  ) {
    super(
      "MAAS-FIL-02",
      `${who} works with the same record, and nothing was changed: ${file} exists. ` +
        `Wait until it ends; if it has been killed, remove the file (rm '${file}') and run the command again.`,
    );
  }
}

/** A lock where there is nothing to lock. */
export const NO_LOCK: RecordLock = { release: () => Promise.resolve() };

/** For runs without a record. */
export const NO_RECORD: RecordStore = {
  name: "none",
  lock: () => Promise.resolve(NO_LOCK),
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** A record in memory, for runs of one process. */
export class MemoryRecordStore implements RecordStore {
  readonly name = "memory";
  #isLocked = false;

  constructor(public record?: NetworkDocument) {}

  get isLocked(): boolean {
    return this.#isLocked;
  }

  lock(): Promise<RecordLock> {
    if (this.#isLocked) return Promise.reject(new RecordLockedError(this.name, "another run"));
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
