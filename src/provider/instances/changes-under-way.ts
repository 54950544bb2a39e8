import { isObject } from "../../../lib/model/document";
import { parseJson } from "../../../lib/model/json";
import type { Kind } from "../../../lib/model/kind";
import { ObjectFiles } from "./object-files";
import { type PrivateState, writePrivate } from "./private-state";

/** The private state of an instance, as Terraform has it. */
interface Underway {
  readonly kept: string;
}

/** What is damaged counts as none: read as a private state without anything in it, it would say that the object was created. */
const read = ({ kept }: Readonly<Record<string, unknown>>): Underway | undefined =>
  typeof kept === "string" && isObject(parseJson(kept)) ? { kept } : undefined;

/**
 * What is kept with each instance that is being changed, until a later run finds it in the state. Where the plugin is gone before
 * Terraform has its answer, Terraform writes the instance into its state without its private state: that an object was adopted,
 * and what it is to get back, would be lost.
 */
export class ChangesUnderWay {
  readonly #files: ObjectFiles<Underway>;

  /** @param region what the objects belong to: the region's URL. */
  constructor(folder: string, region: string) {
    this.#files = new ObjectFiles(folder, region, { read, flush: false });
  }

  /** Records what is kept with the instance if its change gets no further. */
  record(kind: Kind, id: string, kept: PrivateState): void {
    this.#files.write(kind.name, id, { kept: new TextDecoder().decode(writePrivate(kept)) });
  }

  /** Records that the state has what is kept with the instance, or that the object is gone. */
  known(kind: Kind, id: string): void {
    this.#files.remove(kind.name, id);
  }

  /** The private state of an instance whose change was cut off; undefined = nothing is known of one. */
  left(kind: Kind, id: string): Uint8Array | undefined {
    const { kept } = this.#files.find(kind.name, id) ?? {};
    return kept === undefined ? undefined : new TextEncoder().encode(kept);
  }
}
