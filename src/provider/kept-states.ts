import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { ChangesUnderWay } from "./instances/changes-under-way";
import { keptAfterFailure, keptOfLost, type PrivateState, writePrivate } from "./instances/private-state";
import type { Stored } from "./resource";
import { readPrivate } from "./stored";

const idIn = (state: Attributes): string => textOf(state.id ?? "");

/** The private states of instances, also of those that Terraform's state has without any: another provider wrote them, or it was lost. */
export class KeptStates {
  /** Where changes under way are kept for the next run; undefined = nowhere. */
  changes: ChangesUnderWay | undefined;
  /** The instances whose state another provider has written, in which nothing is kept. */
  readonly #foreign = new Set<string>();

  /** Records that another provider has written the state of an instance. */
  addForeign(kind: Kind, state: Attributes): void {
    this.#foreign.add(`${kind.name} ${idIn(state)}`);
  }

  /** @param prior undefined: there is no instance yet */
  of(kind: Kind, prior: Attributes | undefined, bytes: Uint8Array): PrivateState {
    if (prior === undefined || bytes.length > 0) return readPrivate(bytes, kind);
    if (this.#foreign.has(`${kind.name} ${idIn(prior)}`)) return {};
    const left = this.changes?.left(kind, idIn(prior));
    return left === undefined ? keptOfLost(kind) : readPrivate(left, kind);
  }

  /** The same, as Terraform's state has it, and not a plan. */
  inState(kind: Kind, prior: Attributes, bytes: Uint8Array): PrivateState {
    if (bytes.length > 0) this.changes?.known(kind, idIn(prior));
    return this.of(kind, prior, bytes);
  }

  /**
   * Records a change that is planned. Terraform plans it once more right before it asks for it, so that whatever becomes of this
   * process then, what is kept with the instance is not lost. (Of a destroy that fails, Terraform keeps the private state.)
   */
  planned(kind: Kind, prior: Attributes, kept: PrivateState): void {
    this.changes?.record(kind, idIn(prior), keptAfterFailure(kind, kept));
  }

  /** Records what has come of a change or a destroy: Terraform may never get the answer. */
  applied(kind: Kind, prior: Attributes, { attributes, kept }: Stored): void {
    if (attributes === undefined) this.changes?.known(kind, idIn(prior));
    else this.changes?.record(kind, idIn(prior), kept);
  }
}

/** A private state as bytes: those that Terraform has, where nothing in it is new. */
export function writtenAs(kept: PrivateState, before: PrivateState, bytes: Uint8Array): Uint8Array {
  const isThere = bytes.length > 0 || Object.keys(before).length === 0;
  return kept === before && isThere ? bytes : writePrivate(kept);
}
