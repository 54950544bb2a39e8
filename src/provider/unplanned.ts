import type { KindName } from "../../lib/model/field";
import { textOf } from "../../lib/model/text";
import type { Attributes } from "../../lib/model/known";
import { ObjectError } from "../reconcile/object-error";
import type { PrivateState } from "./private-state";

/**
 * The instances that Terraform has read and not planned yet.
 *
 * Terraform plans what replaces a tainted instance as if there were none, and later destroys the tainted one with the
 * private state of that plan. So that plan keeps the private state of every instance that may be the tainted one: it is
 * read right before, and never planned itself.
 */
export class UnplannedInstances {
  readonly #kept = new Map<KindName, Map<string, PrivateState>>();

  /** Records that an instance was read. Undefined = it has no object any more. */
  read(kind: KindName, state: Attributes | undefined, kept: PrivateState): void {
    if (state === undefined) return;
    const ofKind = this.#kept.get(kind) ?? new Map<string, PrivateState>();
    this.#kept.set(kind, ofKind.set(textOf(state.id), kept));
  }

  /** Records that an instance is planned: it is not tainted. */
  planned(kind: KindName, { id }: Attributes): void {
    this.#kept.get(kind)?.delete(textOf(id));
  }

  /** By id of the object. */
  of(kind: KindName): Readonly<Record<string, PrivateState>> {
    return Object.fromEntries(this.#kept.get(kind) ?? []);
  }
}

/**
 * The private state of an instance that is to be destroyed, out of the plan of what replaces it.
 *
 * @throws ObjectError where nothing of it is known: an adopted object would be deleted in place of being restored
 */
export function keptOfTainted({ id }: Attributes, { unplanned, ...kept }: PrivateState): PrivateState {
  if (unplanned === undefined) return kept;
  const own = unplanned[textOf(id)];
  if (own !== undefined) return own;
  throw new ObjectError(
    undefined,
    "whether a tainted object was created or adopted is not known",
    "Terraform tells the provider so only when it refreshes the object, which it was told not to do. So nothing was deleted. " +
      "Run this again without -refresh=false, or keep the object: terraform untaint ADDRESS.",
  );
}
