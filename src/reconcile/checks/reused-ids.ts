import type { KindName } from "../../../lib/model/field";
import { isOwn, type Kind } from "../../../lib/model/kind";
import { isReported } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { hasOtherKey, ownKeyFields } from "../../../lib/model/natural-key";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf, withThe } from "../../../lib/model/text";

/** How many objects of a kind have to have another key before they are not taken for renamed one by one. */
export const SEVERAL = 2;

/** Whether MAAS numbers the kind's objects, and gives a number to another one once the region is restored from a backup. */
export const isNumbered = (kind: Kind): boolean => isOwn(kind) && !isReported(kind.name);

/** A refresh that found another key than Terraform's state has. */
interface Found {
  readonly prior: Attributes;
  readonly live: Attributes;
}

const keyOf = (kind: Kind, attributes: Attributes): string =>
  ownKeyFields(kind.name)
    .map(({ name }) => textOf(attributes[name]))
    .join("-");

/**
 * The ids in Terraform's state that other objects have now. One may have been renamed by somebody, which is drift; several of a
 * kind are what a region looks like that was restored from an older backup: the next change would hit objects of others.
 *
 * An apply that was cut off before Terraform wrote the state has renamed objects too: those have what is configured.
 */
export class ReusedIds {
  readonly #found = new Map<string, Found>();
  /** By kind. */
  readonly #foreign = new Map<KindName, Set<string>>();

  /** Remembers what a refresh found. */
  read(kind: Kind, prior: Attributes, live: Attributes): void {
    if (isNumbered(kind) && hasOtherKey(kind.name, prior, live))
      this.#found.set(`${kind.name} ${textOf(prior.id)}`, { prior, live });
  }

  /**
   * What is wrong with changing an object so.
   *
   * @param wanted undefined = it is to be destroyed
   */
  check(kind: Kind, id: string, wanted: Attributes | undefined): Problem[] {
    const found = this.#found.get(`${kind.name} ${id}`);
    if (found === undefined || (wanted !== undefined && !hasOtherKey(kind.name, found.live, wanted))) return [];
    const foreign = (this.#foreign.get(kind.name) ?? new Set()).add(id);
    this.#foreign.set(kind.name, foreign);
    if (foreign.size < SEVERAL) return [];
    const { prior, live } = found;
    return [
      fault("MAAS-RUN-13", undefined, {
        what: `${withThe(kind.title)} with the id ${id} is ${keyOf(kind, live)} now, and ${keyOf(kind, prior)} in the state: the region looks restored from a backup`,
        why:
          `${foreign.size} such objects of the state have ids that others have now. A region that is restored gives ids again, ` +
          "to objects of others, and this run would change or delete those.",
        fix:
          "Remove what is gone from the state (terraform state rm ADDRESS) and import what is still there. If somebody has only renamed " +
          "these objects, accept each by itself: terraform apply -refresh-only -target=ADDRESS.",
      }),
    ];
  }
}
