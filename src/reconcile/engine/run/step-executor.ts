import type { KindName } from "../../../../lib/model/field";
import { isReported, KINDS } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { textOf } from "../../../../lib/model/text";
import { ObjectError } from "../../objects/failure";
import type { RegionObjects } from "../../objects/region-objects";
import type { Step } from "../plan/order";
import { nameOf } from "../plan/read-live";

/** Executes steps through the same operations that the Terraform provider uses. */
export class StepExecutor {
  readonly #ids: Map<string, string>;

  /**
   * @param ids the ids of live objects, by kind and the keys that steps call them by.
   * @param usedObjects those that are to be deleted although nodes have addresses on them, by kind and key.
   */
  constructor(
    private readonly objects: RegionObjects,
    ids: ReadonlyMap<string, string>,
    private readonly usedObjects: ReadonlySet<string> = new Set(),
  ) {
    this.#ids = new Map(ids);
  }

  /** @throws ObjectError, MaasError */
  async run({ action, kind: name, key, id = "", live = {}, desired = {}, original }: Step): Promise<void> {
    const kind = KINDS[name];
    const wanted = this.#withIds(name, desired);
    if (action === "create") {
      const created = await this.objects.create(kind, wanted, false);
      this.#ids.set(nameOf(name, key), textOf(created.live.id));
      this.#refuseUnmet(name, wanted, created.live);
    } else if (action === "update") {
      this.#refuseUnmet(name, wanted, await this.objects.update(kind, id, this.#withIds(name, live), wanted));
    } else if (action === "delete") {
      const force = this.usedObjects.has(nameOf(name, key));
      await this.objects.remove(kind, id, this.#withIds(name, live), { force });
    } else {
      await this.objects.remove(kind, id, this.#withIds(name, live), {
        original: await this.#restored(name, live, original),
      });
    }
  }

  /** The attributes with ids in place of the keys whose ids are known, so that nothing is looked up twice. */
  #withIds(kind: KindName, attributes: Attributes): Attributes {
    const known = KINDS[kind].fields.flatMap(({ name, references }) => {
      const key = attributes[name];
      const id =
        references !== undefined && typeof key === "string" ? this.#ids.get(nameOf(references, key)) : undefined;
      return id === undefined ? [] : [[name, id] as const];
    });
    return { ...attributes, ...Object.fromEntries(known) };
  }

  /**
   * The attributes that an adopted object is restored to. What it then had none of is emptied, and a reference to what has gone since is
   * dropped. A rack interface of which nothing is known is taken off its VLAN, so that the VLAN can go.
   */
  async #restored(name: KindName, live: Attributes, original: Attributes | undefined): Promise<Attributes> {
    const back: Attributes = { ...this.#withIds(name, live), ...(original && this.#withIds(name, original)) };
    for (const field of KINDS[name].fields) {
      const value = original?.[field.name] ?? null;
      const isEmptied = field.jsonPath !== undefined && field.clearable === true;
      const isPlace = isReported(name) && field.formField !== undefined;
      if (value === null && (isEmptied || isPlace)) back[field.name] = null;
      if (field.references === undefined || typeof value !== "string") continue;
      back[field.name] = await this.#idIfThere(field.references, textOf(back[field.name]));
    }
    return back;
  }

  async #idIfThere(kind: KindName, key: string): Promise<string | null> {
    try {
      return await this.objects.resolve(kind, key);
    } catch (error) {
      if (error instanceof ObjectError) return null;
      throw error;
    }
  }

  #refuseUnmet(kind: KindName, desired: Attributes, live: Attributes): void {
    const [unmet] = this.objects.unmet(KINDS[kind], desired, live);
    if (unmet !== undefined) throw new ObjectError(unmet);
  }
}
