import { textOf } from "../../../lib/model/text";
import type { Kind } from "../../../lib/model/field";
import type { Attributes } from "../../../lib/model/known";
import { apiPath } from "../../maas/api-path";
import { decode, encode, type ObjectJson } from "../../maas/codec";
import { MaasError, MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import type { Collection } from "../../maas/collections";
import { changesBetween } from "../changes";
import { ObjectError } from "../object-error";
import type { Created, ObjectOps, Removal } from "../object-ops";
import type { Region } from "../region";
import { whenOthersMadeRoom } from "./make-room";

/** How often a POST whose outcome is unknown is tried, each time after a look for the object. */
const CREATE_ATTEMPTS = 3;

/** Where the objects of a kind live in MAAS's API. */
export interface Endpoint {
  readonly kind: Kind;
  readonly collection: Collection;
  /** Path that a POST goes to. */
  readonly createAt: (desired: Attributes) => string;
  /** The object with the natural key of `desired`, asked for now. */
  readonly find: (region: Region, desired: Attributes) => Promise<ObjectJson | undefined>;
  /** MAAS makes this object along with its parent, so it is always adopted. */
  readonly comesWithParent?: (desired: Attributes) => boolean;
  /** Attributes that MAAS loses unless every PUT repeats them. */
  readonly repeated?: readonly string[];
  /** Refusals that another change of the same run may end. */
  readonly passing?: RegExp;
}

/** Objects with a collection of their own: POST, GET, PUT and DELETE, driven by the field table. */
export class CollectionOps implements ObjectOps {
  constructor(
    private readonly region: Region,
    private readonly endpoint: Endpoint,
  ) {}

  async read(id: string): Promise<Attributes | undefined> {
    const json = await this.region.snapshot.read(this.endpoint.collection, id);
    return json === undefined ? undefined : this.decode(json);
  }

  async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    if (adoptExisting || this.endpoint.comesWithParent?.(desired) === true) {
      const existing = await this.endpoint.find(this.region, desired);
      if (existing !== undefined) return this.adopt(this.decode(existing), desired);
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { live: await whenOthersMadeRoom(this.endpoint.passing, () => this.post(desired)) };
      } catch (error) {
        if (!(error instanceof MaasError)) throw error;
        if (error instanceof MaasValidationError) await this.explainRefusal(error, desired);
        if (error.outcome !== "unknown") throw error;
        const made = await this.endpoint.find(this.region, desired);
        if (made !== undefined) return { live: await this.update(this.idOf(made), this.decode(made), desired) };
        if (attempt === CREATE_ATTEMPTS) throw error;
      }
    }
  }

  async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const { kind, collection, repeated = [] } = this.endpoint;
    const changes = changesBetween(kind, prior, desired);
    if (Object.keys(changes).length === 0) return { ...(await this.read(id)) };
    const kept = Object.fromEntries(repeated.map((name) => [name, prior[name] ?? []]));
    const form = encode(kind, { ...kept, ...changes });
    const put = (): Promise<unknown> => this.region.client.put(apiPath`${collection}/${id}/`, form);
    const json = (await whenOthersMadeRoom(this.endpoint.passing, put)) as ObjectJson;
    this.region.snapshot.changed(collection, json);
    return this.decode(json);
  }

  async remove(id: string, prior: Attributes, { original, force = false }: Removal): Promise<void> {
    const { collection, comesWithParent } = this.endpoint;
    if (original === undefined && comesWithParent?.(prior) === true) return;
    try {
      if (original === undefined)
        await this.region.client.delete(apiPath`${collection}/${id}/`, force ? { force: "true" } : undefined);
      else await this.update(id, prior, original);
    } catch (error) {
      if (!(error instanceof MaasNotFoundError)) throw error;
    }
    this.region.snapshot.removed(collection, id);
  }

  private async post(desired: Attributes): Promise<Attributes> {
    const { kind, collection, createAt } = this.endpoint;
    // At creation none is what MAAS starts with, and some forms refuse an empty value that they would clear on a PUT.
    const given = Object.fromEntries(Object.entries(desired).filter(([, value]) => value !== null));
    const json = (await this.region.client.post(createAt(desired), encode(kind, given))) as ObjectJson;
    this.region.snapshot.remember(collection, json);
    return this.decode(json);
  }

  private async adopt(original: Attributes, desired: Attributes): Promise<Created> {
    return { live: await this.update(textOf(original.id), original, desired), original };
  }

  /** MAAS says "already exists" in many ways; the user needs to know which object it is and what to do. */
  private async explainRefusal(refusal: MaasValidationError, desired: Attributes): Promise<void> {
    const { kind } = this.endpoint;
    const existing = await this.endpoint.find(this.region, desired);
    if (existing === undefined) return;
    const id = this.idOf(existing);
    const way = kind.adoptable ? `, or set adopt_existing = true to take it over` : "";
    throw new ObjectError(
      undefined,
      `this ${kind.title} exists already`,
      `The region has it with id ${id}, and it is not in this state. Import it (terraform import ${kind.type}.NAME ${id})${way}. MAAS said: ${refusal.body}`,
      { cause: refusal },
    );
  }

  private decode(json: ObjectJson): Attributes {
    return { id: this.idOf(json), ...decode(this.endpoint.kind, json) };
  }

  private idOf(json: ObjectJson): string {
    return textOf(json.id);
  }
}
