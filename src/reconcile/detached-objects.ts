import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS, type ManagedKindName } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { type Problem, warning } from "../../lib/model/problem";
import { textOf, withThe } from "../../lib/model/text";
import type { Dependents } from "./dependents/dependents";
import { naturalKeyOf } from "./objects/intents";
import type { ObjectOps } from "./objects/object-ops";
import { isDefaultVlan } from "./region/live-objects";
import type { Region } from "./region/region";

/** An object that referred to one which was deleted. */
interface Detached {
  readonly kind: Kind & { readonly name: ManagedKindName };
  readonly id: string;
  /** The attribute that MAAS has emptied, or changed. */
  readonly field: Field;
  /** What the object was before. */
  readonly before: Attributes;
}

/** The attribute by which objects of the kind refer to one of that other kind, and go on without it. */
const referenceTo = (kind: Kind, target: string): Field | undefined =>
  kind.fields.find(
    ({ references, names, requiresReplace }) => (references === target || names === target) && requiresReplace !== true,
  );

const nameOf = (kind: Kind, live: Attributes): string => `${kind.name} ${naturalKeyOf(kind, live)}`;

/**
 * What MAAS takes off an object that is deleted: VLANs lose their space, subnets and rack interfaces go to the fabric's
 * default VLAN, relays end. When Terraform replaces the object, whatever refers to it by a natural key has no change to
 * apply in that run. So it is put back here, when an object with the same natural key is created in the same process.
 */
export class DetachedObjects {
  readonly #byKey = new Map<string, readonly Detached[]>();

  constructor(
    private readonly region: Region,
    private readonly dependents: Dependents,
    private readonly ops: (kind: Kind) => ObjectOps,
  ) {}

  /**
   * Records what refers to an object that is about to be deleted.
   *
   * @param isGone whether this process has removed or released the object itself.
   */
  async note(kind: Kind, id: string, isGone: (kind: ManagedKindName, id: string) => boolean): Promise<void> {
    if (!isManaged(kind) || !Object.values(KINDS).some((other) => isManaged(other) && referenceTo(other, kind.name)))
      return;
    const left = (await this.dependents.of(kind.name, id)).flatMap(({ object, effect }) =>
      object === undefined || (effect !== "moved" && effect !== "changed") || isGone(object.kind, object.id)
        ? []
        : [object],
    );
    // A destroy of everything leaves nothing behind, and asks nothing here.
    const live = left.length === 0 ? undefined : await this.ops(kind).read(id);
    if (live === undefined) return;
    const found: Detached[] = [];
    for (const object of left) {
      const other = KINDS[object.kind];
      const field = referenceTo(other, kind.name);
      const before = isManaged(other) && field !== undefined ? await this.ops(other).read(object.id) : undefined;
      if (isManaged(other) && field !== undefined && before !== undefined)
        found.push({ kind: other, id: object.id, field, before });
    }
    if (found.length > 0) this.#byKey.set(nameOf(kind, live), found);
  }

  /**
   * Lets what was noted refer to the object that was created in place of the deleted one, unless it refers to something
   * else by now. What can't be put back is a warning: the object is there.
   */
  async restore(kind: Kind, id: string): Promise<readonly Problem[]> {
    if (this.#byKey.size === 0) return [];
    const live = await this.ops(kind).read(id);
    const key = live === undefined ? "" : nameOf(kind, live);
    const found = this.#byKey.get(key) ?? [];
    this.#byKey.delete(key);
    const told: Problem[] = [];
    // One after the other: a rack interface follows the subnet that its address is of.
    for (const detached of found) told.push(...(await this.#restoreOne(kind, { ...live, id }, detached)));
    return told;
  }

  async #restoreOne(target: Kind, created: Attributes, detached: Detached): Promise<Problem[]> {
    const { kind, id, field, before } = detached;
    const ops = this.ops(kind);
    try {
      const live = (await ops.read(id)) ?? { ...before, [field.name]: null };
      if (!(await this.#isLeft(field, live))) return [];
      const value = field.names === undefined ? textOf(created.id) : textOf(created.name);
      await ops.update(id, live, { ...live, [field.name]: value });
      return [];
    } catch (error) {
      return [
        warning("MAAS-OPS-13", undefined, {
          what: `${withThe(kind.title)} with the id ${id} is no longer on ${withThe(target.title)} that was replaced`,
          why: `MAAS took it off when the ${target.title} was deleted, and it could not be put back: ${(error as Error).message}`,
          fix: "Apply again.",
        }),
      ];
    }
  }

  /** Whether the object is still as MAAS has left it. */
  async #isLeft({ name, references }: Field, live: Attributes): Promise<boolean> {
    const value = live[name] ?? null;
    // Only VLANs have a default one beside them, which MAAS falls back to.
    const hasDefault = references !== undefined && (KINDS[references] as Kind).withParent !== undefined;
    if (value === null || !hasDefault) return value === null;
    const row = await this.region.snapshot.read("vlans", textOf(value));
    return row !== undefined && isDefaultVlan(this.region, row);
  }
}
