import type { KindName } from "../../lib/model/field";

/**
 * The changes to live objects that this process has planned. Terraform plans, and applies, what an object refers to before
 * the object itself, so that what follows from those changes can be told when the object is planned.
 */
export class PlannedChanges {
  readonly #byKind = new Map<KindName, Map<string, Set<string>>>();

  add(kind: KindName, id: string, attributes: readonly string[]): void {
    if (attributes.length === 0) return;
    const objects = this.#byKind.get(kind) ?? new Map<string, Set<string>>();
    this.#byKind.set(kind, objects.set(id, new Set([...(objects.get(id) ?? []), ...attributes])));
  }

  /** Whether any object of the kind changes. */
  hasAny(kind: KindName): boolean {
    return this.#byKind.has(kind);
  }

  has(kind: KindName, id: string, attribute: string): boolean {
    return this.#byKind.get(kind)?.get(id)?.has(attribute) === true;
  }
}
