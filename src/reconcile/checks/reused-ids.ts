import { isOwn, type Kind } from "../../../lib/model/kind";
import { INTERFACE_KINDS, isReported } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { grouped } from "../../../lib/model/lists";
import { hasOtherKey, ownKeyFields } from "../../../lib/model/natural-key";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf, withThe } from "../../../lib/model/text";

/** How many objects have to have another key before they are not taken for renamed one by one. */
const SEVERAL = 2;

/**
 * The kinds that are counted together. Interfaces of a node are counted by kind: MAAS itself renames a VLAN interface along
 * with its parent.
 */
const countedAs = ({ name }: Kind): string => (INTERFACE_KINDS.some((kind) => kind.name === name) ? name : "");

/** An object that is known by an id, and that has another key or is gone. */
export interface KnownById {
  readonly kind: Kind;
  readonly id: string;
}

const isNewer = (one: KnownById, other: KnownById): boolean =>
  one.kind.name === other.kind.name && Number(one.id) > Number(other.id);

/**
 * Those of the objects with another key that look like objects of others, in a region that gives ids again: several at once, or
 * one while a newer object of its kind is gone.
 */
export function withReusedIds<T extends KnownById>(renamed: readonly T[], gone: readonly KnownById[]): T[] {
  const groups = [...grouped(renamed, ({ kind }) => countedAs(kind)).values()];
  return groups
    .filter((group) => group.length >= SEVERAL || group.some((one) => gone.some((other) => isNewer(other, one))))
    .flat();
}

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
 * The ids in Terraform's state that other objects have now. One may have been renamed by somebody, which is drift; several are
 * what a region looks like that was restored from an older backup: the next change would hit objects of others.
 *
 * An apply that was cut off before Terraform wrote the state has renamed objects too: those have what is configured.
 */
export class ReusedIds {
  readonly #found = new Map<string, Found>();
  readonly #foreign = new Map<string, KnownById>();
  readonly #gone: KnownById[] = [];

  /** Remembers what a refresh found; undefined = nothing. */
  read(kind: Kind, prior: Attributes, live: Attributes | undefined): void {
    if (!isNumbered(kind)) return;
    const id = textOf(prior.id);
    if (live === undefined) this.#gone.push({ kind, id });
    else if (hasOtherKey(kind.name, prior, live)) this.#found.set(`${kind.name} ${id}`, { prior, live });
  }

  /**
   * What is wrong with changing an object so.
   *
   * @param wanted undefined = it is to be destroyed
   */
  check(kind: Kind, id: string, wanted: Attributes | undefined): Problem[] {
    const name = `${kind.name} ${id}`;
    const found = this.#found.get(name);
    if (found === undefined || (wanted !== undefined && !hasOtherKey(kind.name, found.live, wanted))) return [];
    this.#foreign.set(name, { kind, id });
    const reused = withReusedIds([...this.#foreign.values()], this.#gone);
    if (!reused.some((one) => one.kind === kind && one.id === id)) return [];
    const { prior, live } = found;
    return [
      fault("MAAS-RUN-13", undefined, {
        what: `${withThe(kind.title)} with the id ${id} is ${keyOf(kind, live)} now, and ${keyOf(kind, prior)} in the state: the region looks restored from a backup`,
        why:
          `${reused.length === 1 ? "It has an id that another object has now, and a newer one of the state is gone." : `${reused.length} such objects of the state have ids that others have now.`} ` +
          "A restored region reuses ids: what was created on it later may have such an id, and this run would then change or delete that object.",
        fix:
          "Remove what is gone from the state (terraform state rm ADDRESS) and import what is still there. If somebody has only renamed " +
          "these objects, accept each by itself: terraform apply -refresh-only -target=ADDRESS.",
      }),
    ];
  }
}
