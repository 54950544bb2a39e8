import type { FieldMessages } from "../errors";
import { type Column, ModelForm } from "./model-form";
import type { FabricRow, SpaceRow } from "../store/rows";
import type { Params } from "../params";
import type { Region } from "../region";
import { checkLength, isEmpty, text } from "./fields";
import { Invalid } from "./invalid";
import { createFabric } from "../models/fabric";

const NAME = /^[\p{L}\p{N}_-]+$/u;

/** What MAAS's models take for names of VLANs, fabric classes and the like. */
export function checkModelName(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!/^[\p{L}\p{N}_][ \p{L}\p{N}_-]*$/u.test(value)) throw Invalid.whole("Enter a valid value.");
  checkLength(value, 256);
  return value;
}

/** The names of fabrics and spaces: letters, digits, dashes; `<kind>-<number>` belongs to the object of that id. */
abstract class NamedForm<R extends FabricRow | SpaceRow> extends ModelForm<R> {
  protected abstract readonly kind: "fabric" | "space";

  protected checkName(value: unknown): unknown {
    if (typeof value !== "string") return value;
    if (!NAME.test(value)) throw Invalid.whole(`Invalid ${this.kind} name: ${value}.`);
    checkLength(value, 256);
    return value;
  }

  protected override cleanModel(): void {
    const name = this.draft.name;
    if (!name) return;
    const isReserved =
      new RegExp(`^${this.kind}-\\p{Nd}+$`, "u").test(name) || (this.kind === "space" && name === "undefined");
    if (isReserved && name !== `${this.kind}-${this.draft.id}`) {
      throw Invalid.field("name", `Reserved ${this.kind} name.`);
    }
  }

  protected override uniquenessMessages(except: ReadonlySet<string>): FieldMessages {
    const name = this.draft.name;
    if (!name || except.has("name")) return {};
    const others = this.sameName(name).filter((row) => row.id !== this.draft.id);
    const model = this.kind === "fabric" ? "Fabric" : "Space";
    return others.length === 0 ? {} : { name: [`${model} with this Name already exists.`] };
  }

  protected abstract sameName(name: string): readonly R[];
}

/** Creating and editing fabrics. */
export class FabricForm extends NamedForm<FabricRow> {
  protected override readonly kind = "fabric";
  protected override readonly fields = {
    name: text({ maxLength: 256, empty: null }),
    description: text(),
    class_type: text({ maxLength: 256, empty: null }),
  };
  protected override readonly columns: Record<string, Column<FabricRow>> = {
    name: { key: "name", blank: true, check: (value) => this.checkName(value) },
    description: { key: "description", blank: true },
    class_type: { key: "classType", blank: true, check: checkModelName },
  };

  constructor(region: Region, data: Params, instance?: FabricRow) {
    super(
      region,
      data,
      instance,
      { name: null, description: "", classType: null },
      {
        name: instance?.name,
        description: instance?.description,
        class_type: instance?.classType,
      },
    );
  }

  protected override sameName(name: string) {
    return this.region.store.fabrics.by("name", name);
  }

  protected override write(): FabricRow {
    const { store } = this.region;
    const values = this.draft as Omit<FabricRow, "id">;
    if (this.instance === undefined) return createFabric(store, values);
    store.fabrics.update(this.instance, values);
    return this.instance;
  }
}

/** Creating and editing spaces. */
export class SpaceForm extends NamedForm<SpaceRow> {
  protected override readonly kind = "space";
  protected override readonly fields = { name: text({ maxLength: 256, empty: null }), description: text() };
  protected override readonly columns: Record<string, Column<SpaceRow>> = {
    name: { key: "name", blank: true, check: (value) => this.checkName(value) },
    description: { key: "description", blank: true },
  };

  constructor(region: Region, data: Params, instance?: SpaceRow) {
    super(
      region,
      data,
      instance,
      { name: null, description: "" },
      {
        name: instance?.name,
        description: instance?.description,
      },
    );
  }

  protected override sameName(name: string) {
    return this.region.store.spaces.by("name", name);
  }

  protected override write(): SpaceRow {
    const { spaces } = this.region.store;
    const values = this.draft as Omit<SpaceRow, "id">;
    const space = this.instance ?? spaces.insert(values);
    spaces.update(space, { ...values, name: isEmpty(values.name) ? `space-${space.id}` : values.name });
    return space;
  }
}
