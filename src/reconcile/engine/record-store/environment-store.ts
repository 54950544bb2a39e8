import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { NetworkDocument } from "../../../../lib/model/document";
import { InputFileError, readRecord } from "../input-file";
import { NO_LOCK, type RecordLock, type RecordStore } from "./record-store";

/**
 * A record in environment variables NAME_0, NAME_1, ..., whose concatenation is base64 of gzip of its text: what an apply
 * step takes from Terraform's state. Read only: whoever sets the variables keeps the record.
 */
export class EnvironmentRecordStore implements RecordStore {
  readonly name: string;

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
    let encoded = "";
    for (let index = 0; ; index++) {
      const part = this.environment[`${this.variable}_${index}`] ?? "";
      if (part === "") break;
      encoded += part;
    }
    if (encoded === "") return undefined;
    return readRecord(this.name, await this.#decoded(encoded), `unset ${this.variable}_0`);
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
