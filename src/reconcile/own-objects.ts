import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import type { Dependent } from "./dependents/dependent";

/**
 * The objects that this process has met in Terraform's state, and the racks and machines that those name. Terraform plans
 * the destroy of what refers to an object before that of the object itself, in a process of its own.
 */
export class OwnObjects {
  readonly #names = new Set<string>();

  add(kind: Kind, attributes: Attributes): void {
    if (typeof attributes.id === "string") this.#names.add(`${kind.name} ${attributes.id}`);
    for (const { name, references } of kind.fields) {
      const target = attributes[name];
      if (references !== undefined && !isManaged(KINDS[references]) && typeof target === "string")
        this.#names.add(`${references} ${target}`);
    }
  }

  /** Whether the dependent is one of them, or a rack's that one of them names. */
  has({ object, rack = [] }: Dependent): boolean {
    return (
      (object !== undefined && this.#names.has(`${object.kind} ${object.id}`)) ||
      rack.some((name) => this.#names.has(`rack_controller ${name}`))
    );
  }
}
