import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { KindName } from "../../../lib/model/field";
import { isObject } from "../../../lib/model/document";
import { parseJson } from "../../../lib/model/json";
import { refuseSpecialFile } from "../../files/regular-file";

/** What the files of a folder hold, and how they are written. */
export interface ObjectFilesOptions<T> {
  /** What a file says of an object; undefined = nothing that can be used. */
  readonly read: (content: Readonly<Record<string, unknown>>) => T | undefined;
  /** Whether it has to outlive a power failure, and not only this process. */
  readonly flush: boolean;
}

/**
 * What one process of the provider leaves to the next about single objects: a file for each of them.
 *
 * A file that can't be read counts as none, and one that can't be written is reported to the caller: nothing is deleted
 * for want of it.
 */
export class ObjectFiles<T extends object> {
  /** Names of the files in the folder: most objects have none, and none is looked for by itself. */
  #names: Set<string> | undefined;

  /** @param region what the objects belong to: the region's URL. */
  constructor(
    private readonly folder: string,
    private readonly region: string,
    private readonly options: ObjectFilesOptions<T>,
  ) {}

  find(kind: KindName, id: string): T | undefined {
    if (this.#files.size === 0) return undefined;
    const file = this.#file(kind, id);
    if (!this.#files.has(basename(file))) return undefined;
    try {
      refuseSpecialFile(file);
      const content = parseJson(readFileSync(file, "utf8"));
      if (!isObject(content) || content.region !== this.region || content.object !== `${kind} ${id}`) return undefined;
      return this.options.read(content);
    } catch {
      return undefined;
    }
  }

  /** @returns whether it is kept */
  write(kind: KindName, id: string, content: T): boolean {
    const file = this.#file(kind, id);
    const draft = `${file}.${randomBytes(4).toString("hex")}`;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(draft, JSON.stringify({ region: this.region, object: `${kind} ${id}`, ...content }), {
        mode: 0o600,
        flush: this.options.flush,
      });
      renameSync(draft, file);
      this.#files.add(basename(file));
      return true;
    } catch {
      remove(draft);
      return false;
    }
  }

  remove(kind: KindName, id: string): void {
    if (this.#files.size === 0) return;
    const file = this.#file(kind, id);
    if (this.#files.delete(basename(file))) remove(file);
  }

  /** Of the runs before, and of this process: Terraform lets one run at a time use a state. */
  get #files(): Set<string> {
    return (this.#names ??= new Set(namesIn(this.folder)));
  }

  #file(kind: KindName, id: string): string {
    const name = createHash("sha256").update(`${this.region} ${kind} ${id}`).digest("hex").slice(0, 16);
    return join(this.folder, `${kind}-${name}.json`);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes the file, where that can be done: what is left is of no use to anybody. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // There is no such folder.
  }
}
