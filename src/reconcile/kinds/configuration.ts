import { findField, KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, UNKNOWN } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { decode } from "../../maas/codec";
import { ObjectError, PartialChangeError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

const KIND = KINDS.configuration;

/** Settings of the region: each is there, so that it is found, set, and restored. */
class ConfigurationOps implements ObjectOps {
  constructor(private readonly region: Region) {}

  async read(id: string): Promise<Attributes | undefined> {
    const row = await this.region.snapshot.read("configuration", id);
    if (row === undefined) return undefined;
    const { value, ...live } = decode(KIND, row);
    return { id, ...live, value: value ?? "" };
  }

  /** Everybody may set it: what it was is remembered, and there is no second owner to ask. */
  async find({ key = UNKNOWN }: Attributes): Promise<Existing | undefined> {
    if (!isKnown(key)) return undefined;
    return { live: await this.live(textOf(key)), isUntouched: true };
  }

  async create(desired: Attributes): Promise<Created> {
    const id = textOf(desired.key);
    // What it was before is what is restored, so it must not be out of date.
    this.region.snapshot.removed("configuration", id);
    const original = await this.live(id);
    try {
      return { live: await this.update(id, original, desired), original };
    } catch (error) {
      this.region.snapshot.removed("configuration", id);
      const live = await this.live(id);
      if (sameValue(KIND.field.value, live.value ?? null, original.value ?? null)) throw error;
      // MAAS has done it all the same: in the state, it can be restored.
      throw new PartialChangeError(error, "", { live, original });
    }
  }

  async update(id: string, prior: Attributes, { value = UNKNOWN }: Attributes): Promise<Attributes> {
    if (!isKnown(value) || sameValue(KIND.field.value, prior.value ?? "", value ?? "")) return this.live(id);
    const form = [["name", id] as const, ["value", textOf(value ?? "")] as const];
    await this.region.client.post("maas/", form, { op: "set_config" }, { isIdempotent: true });
    this.region.snapshot.removed("configuration", id);
    const live = await this.live(id);
    if (sameValue(KIND.field.value, live.value ?? "", value ?? "")) return live;
    throw new ObjectError(
      fault("MAAS-OPS-13", "value", {
        what: `MAAS did not keep the value of ${id}`,
        why: `"${textOf(value ?? "")}" was sent and accepted, yet the setting has "${textOf(live.value ?? "")}".`,
        fix: "Somebody else may set it too, or something between here and the region has answered in its place: plan again.",
      }),
    );
  }

  async remove(id: string, prior: Attributes, { original }: Removal): Promise<void> {
    if (original !== undefined) await this.update(id, prior, original);
  }

  private async live(key: string): Promise<Attributes> {
    return { id: key, value: "", ...(await this.read(key)) };
  }
}

const VALUE = findField(KIND, "value");

/** Settings: one resource sets each. */
export const configuration: Strategy = {
  ops: (region) => new ConfigurationOps(region),
  check: ({ planned: run, own, prior, moment }, { key, value }) => {
    // Terraform plans an object that it is told to replace twice: as it is, and as one that is to be made.
    const isOther = (other: typeof own): boolean => {
      const { attributes } = other;
      return other !== own && attributes?.key === key && !sameValue(VALUE, attributes?.value ?? null, value ?? null);
    };
    const isTwice =
      moment === "plan" && prior === undefined && isKnown(key) && [...run.of("configuration")].some(isOther);
    return Promise.resolve(
      isTwice
        ? [
            fault("MAAS-CON-07", "key", {
              what: `another maas_configuration of this run sets ${textOf(key ?? "")}`,
              why: "A region has one value of it: each apply would set the one and undo the other.",
              fix: "Drop one of the two.",
            }),
          ]
        : [],
    );
  },
};
