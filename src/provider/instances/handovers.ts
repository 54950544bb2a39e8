import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import type { KindName } from "../../../lib/model/field";
import { parseJson } from "../../../lib/model/json";
import { refuseSpecialFile } from "../../files/regular-file";
import type { Handover, HandoverStore } from "./object-life";

// Loaded along with the configuration: the plugin starts without zod.

const HANDOVER = z.object({
  region: z.string(),
  object: z.string(),
  heir: z.number(),
  original: z.optional(z.record(z.string(), z.json())),
});

/**
 * Handovers on disk, a file for each object. Terraform tells the provider what an instance knows of its object only when it
 * destroys that instance, after the new one is in the state: the next run has to read it from somewhere.
 *
 * A file that can't be read counts as none, and one that can't be written is reported to the caller: nothing is deleted
 * for want of it.
 */
export class Handovers implements HandoverStore {
  /** Names of the files in the folder: most objects have none, and none is looked for by itself. */
  #names: Set<string> | undefined;

  /** @param region what the objects belong to: the region's URL. */
  constructor(
    private readonly folder: string,
    private readonly region: string,
  ) {}

  find(kind: KindName, id: string): Handover | undefined {
    if (this.#files.size === 0) return undefined;
    const file = this.#file(kind, id);
    if (!this.#files.has(basename(file))) return undefined;
    try {
      refuseSpecialFile(file);
      const { success, data } = HANDOVER.safeParse(parseJson(readFileSync(file, "utf8")));
      if (!success || data.region !== this.region || data.object !== `${kind} ${id}`) return undefined;
      return { heir: data.heir, ...(data.original && { original: data.original }) };
    } catch {
      return undefined;
    }
  }

  write(kind: KindName, id: string, handover: Handover): boolean {
    const file = this.#file(kind, id);
    const draft = `${file}.${randomBytes(4).toString("hex")}`;
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(draft, JSON.stringify({ region: this.region, object: `${kind} ${id}`, ...handover }), {
        mode: 0o600,
        flush: true,
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

/** Removes the file, where that can be done: what is left is of no use to any other instance. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // There is no such folder.
  }
}
