import { shellWord } from "../../../lib/model/escape";
import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { type Collection, findField } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { keyParts } from "../../../lib/model/natural-key";
import { fault } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf, withThis } from "../../../lib/model/text";
import { apiPath, pathOf } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { decode, encode, type ObjectJson } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { MaasHttpError, MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { ObjectError, TakenError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import { changesBetween } from "../objects/planned-state";
import { type Find, finders, naturalName } from "../references/lookups";
import type { Region } from "../region/region";
import { configuredAlready, requireFixed, valuesOf } from "./adoption";
import type { CollectionStrategy } from "./collection-strategy";
import { retryOnConflict } from "./retry-on-conflict";
import { announceExchange, type Exchange, exchanging, fieldExchange } from "./exchanges";

/** Objects with a collection of their own: POST, GET, PUT and DELETE, driven by the record of their kind. */
export class CollectionOps implements ObjectOps {
  readonly #collection: Collection;
  readonly #exchange: Exchange | undefined;
  readonly #find: Find;
  readonly #known: Find;

  constructor(
    private readonly region: Region,
    private readonly kind: Kind,
    private readonly special: CollectionStrategy = {},
  ) {
    this.#collection = kind.api.collection;
    this.#exchange = special.exchange ?? fieldExchange(kind);
    const { find, known } = finders(kind);
    this.#find = special.find ?? find;
    this.#known = special.known ?? known;
  }

  async read(id: string): Promise<Attributes | undefined> {
    const json = await this.region.snapshot.read(this.#collection, id);
    return json === undefined ? undefined : this.decode(json);
  }

  async find(desired: Attributes): Promise<Existing | undefined> {
    const row = await this.#known(this.region, desired);
    if (row === undefined) return undefined;
    return { live: this.decode(row), isUntouched: (await this.comesWithParent(row)) && this.isUntouched(row) };
  }

  async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    if (adoptExisting || this.kind.withParent?.isLikely(desired) === true) {
      const existing = await this.#find(this.region, desired);
      if (existing !== undefined && (adoptExisting || (await this.comesWithParent(existing))))
        return this.adopt(existing, desired, adoptExisting);
    }
    try {
      return { live: await retryOnConflict(this.special.passing, () => this.post(desired)) };
    } catch (error) {
      if (!(error instanceof MaasValidationError)) throw error;
      const existing = await this.#find(this.region, desired);
      if (existing === undefined) throw await this.refusalWithout(error, desired);
      if (await this.comesWithParent(existing)) return this.adopt(existing, desired, adoptExisting);
      throw await this.existsAlready(error, existing);
    }
  }

  async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const { kind } = this;
    const { collection, repeated = [] } = kind.api;
    const changes = changesBetween(kind, prior, desired);
    if (Object.keys(changes).length === 0) return { ...(await this.read(id)) };
    const kept = Object.fromEntries(repeated.map((name) => [name, prior[name] ?? []]));
    const form = encode(kind, { ...kept, ...changes });
    const put = (): Promise<ObjectJson> => this.put(id, form);
    const json = await this.completed(await this.exchanging(id, prior, { ...prior, ...changes }, put));
    this.region.snapshot.changed(collection, json);
    const live = this.decode(json);
    await this.special.afterwards?.(this.region, prior, live);
    return live;
  }

  /** Changes an object; where MAAS refuses that for something else that the object has, along with it. */
  private async put(id: string, form: Form): Promise<ObjectJson> {
    const put = (extra: Form = []): Promise<ObjectJson> =>
      this.region.client.put(apiPath`${this.#collection}/${id}/`, [...form, ...extra]);
    const { putOtherwise } = this.special;
    try {
      return await put();
    } catch (refusal) {
      if (!(refusal instanceof MaasValidationError) || putOtherwise === undefined) throw refusal;
      return putOtherwise(this.region, { id, form, refusal, put });
    }
  }

  announce(id: string, live: Attributes, desired: Attributes): void {
    if (this.#exchange !== undefined) announceExchange(this.region, this.#exchange, { id, live, desired });
  }

  private async exchanging<T>(id: string, live: Attributes, desired: Attributes, change: () => Promise<T>): Promise<T> {
    if (this.#exchange === undefined) return change();
    // What the object belongs to may be gone, and the object with it: MAAS deletes a fabric when its last interface leaves.
    const isGone = ({ name, references }: Field): boolean => references !== undefined && (live[name] ?? null) === null;
    if (keyParts(this.kind.name).some((name) => isGone(findField(this.kind, name)))) return change();
    const moveAside = (other: string, _: Attributes, values: Attributes): Promise<unknown> =>
      this.put(other, encode(this.kind, values));
    try {
      return await exchanging(this.region, this.#exchange, { id, live, desired }, { change, moveAside });
    } catch (error) {
      throw await this.explainClash(error, id, desired);
    }
  }

  /** Names the object that has what this one is to get, where that is why MAAS refused. */
  private async explainClash(error: unknown, id: string, desired: Attributes): Promise<unknown> {
    const { kind } = this;
    const exchange = this.#exchange;
    if (!(error instanceof MaasValidationError) || exchange?.refusal.test(error.body) !== true) return error;
    const other = await this.#find(this.region, desired);
    if (other === undefined || this.idOf(other) === id) return this.explained(error, desired, id);
    return new ObjectError(
      fault("MAAS-OPS-04", undefined, {
        what: `another ${kind.title}, with the id ${this.idOf(other)}, has what this one (id ${id}) is to get`,
        why: "MAAS lets no two of them have it.",
        fix:
          "If the other one is to give it up in the same run, it did not within 10 s: give this one a value that nothing has, apply, " +
          `and then the one that you want. MAAS said: ${error.said}`,
      }),
      { cause: error },
    );
  }

  async remove(id: string, prior: Attributes, { original, force = false }: Removal): Promise<void> {
    const { collection, occupied } = this.kind.api;
    try {
      if (original === undefined) {
        const query = force ? { force: "true" } : undefined;
        const remove = (): Promise<unknown> => this.region.client.delete(apiPath`${collection}/${id}/`, query);
        await retryOnConflict(occupied?.refusal, remove);
      } else await this.update(id, prior, original);
    } catch (error) {
      if (!(error instanceof MaasNotFoundError) && !(await this.staysWithParent(id, error)))
        throw this.explainOccupied(error, id, prior);
    }
    this.region.snapshot.removed(collection, id);
    if (original === undefined) await this.special.afterwards?.(this.region, prior);
  }

  /** The error, in words that name what is in the way where that can be found out. */
  protected async explained(error: unknown, desired: Attributes, own?: string): Promise<unknown> {
    const { passing, explain } = this.special;
    if (!(error instanceof MaasValidationError) || passing?.test(error.body) !== true) return error;
    return (await explain?.(this.region, error, desired, own)) ?? error;
  }

  protected async post(desired: Attributes): Promise<Attributes> {
    const { kind } = this;
    const { collection, create = "" } = kind.api;
    const parts = Object.entries(desired).filter(([, value]) => typeof value === "string" || typeof value === "number");
    const path = pathOf(create, Object.fromEntries(parts.map(([name, value]) => [name, textOf(value)])));
    // At creation none is what MAAS starts with, and some forms refuse an empty value that they would clear on a PUT.
    const given = Object.fromEntries(Object.entries(desired).filter(([, value]) => value !== null));
    let found: ObjectJson | undefined;
    const made = async (): Promise<ObjectJson | undefined> => (found = await this.#find(this.region, desired));
    const answer = await this.completed(await this.region.client.post(path, encode(kind, given), undefined, { made }));
    const json = this.hasKeyOf(answer, desired) ? answer : await made();
    if (json === undefined) throw this.otherMade(answer);
    this.region.snapshot.remember(collection, json);
    const live = this.decode(json);
    await this.special.afterwards?.(this.region, undefined, live);
    return found === undefined ? live : this.update(this.idOf(json), live, desired);
  }

  /** An answer to a change, with what it holds of other collections. */
  private async completed(answer: ObjectJson): Promise<ObjectJson> {
    const [row = answer] = await this.region.snapshot.partsOf(this.#collection, [answer]);
    return row;
  }

  /** Whether the row is of an object with that natural key, as far as the key was given. */
  private hasKeyOf(row: ObjectJson, desired: Attributes): boolean {
    const live = this.decode(row);
    return keyParts(this.kind.name).every((name) => {
      const wanted = desired[name] ?? null;
      return wanted === null || !isKnown(wanted) || sameValue(findField(this.kind, name), wanted, live[name] ?? null);
    });
  }

  /** An object of another key than the one that was sent would be somebody else's, and a destroy would delete it. */
  protected otherMade(answer: ObjectJson): ObjectError {
    const { title, type } = this.kind;
    return new ObjectError(
      fault("MAAS-OPS-13", undefined, {
        what: `MAAS answered the creation of ${withThis(title)} with another ${title}`,
        why: `The answer has the id ${this.idOf(answer)} and ${valuesOf(this.kind, this.decode(answer))}, and the region has nothing with the key that was sent.`,
        fix: `Look at what changes answers between here and the region, such as a cache, and apply again. If the ${title} is there by then, import it (terraform import ${type}.NAME ID).`,
      }),
    );
  }

  /** Takes over what is there. What somebody has configured is not changed without being asked to. */
  private async adopt(row: ObjectJson, desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const original = this.decode(row);
    if (!adoptExisting && !this.isUntouched(row))
      throw await configuredAlready(this.region, this.kind, undefined, original);
    requireFixed(this.kind, original, desired);
    return { live: await this.update(this.idOf(row), original, desired), original };
  }

  private isUntouched(row: ObjectJson): boolean {
    return this.special.withParent?.isUntouched(row) === true;
  }

  private async comesWithParent(row: ObjectJson): Promise<boolean> {
    return (await this.special.withParent?.is(this.region, row)) === true;
  }

  /** Whether MAAS has refused to delete the object because it goes only with its parent. */
  private async staysWithParent(id: string, error: unknown): Promise<boolean> {
    const { withParent } = this.kind;
    if (withParent === undefined || !(error instanceof MaasHttpError) || error.status !== 400) return false;
    const row = await this.region.snapshot.read(this.#collection, id);
    return row !== undefined && this.comesWithParent(row);
  }

  /** What is still on an object that can't be deleted, and what to do about it. */
  private explainOccupied(error: unknown, id: string, prior: Attributes): unknown {
    const { kind } = this;
    const { occupied } = kind.api;
    if (!(error instanceof MaasHttpError) || occupied?.refusal.test(error.body) !== true) return error;
    const [name] = kind.fields.filter(({ presence }) => presence === "required").map((field) => prior[field.name]);
    return new ObjectError(
      fault("MAAS-OPS-05", undefined, {
        what: `the ${kind.title} ${typeof name === "string" ? `"${name}" ` : ""}(id ${id}) can't be deleted while something is still on it`,
        why: `MAAS said: ${error.said}`,
        fix: occupied.fix,
      }),
      { cause: error },
    );
  }

  /** A refusal although nothing has the natural key: where MAAS says that something has, it went since. */
  private async refusalWithout(refusal: MaasValidationError, desired: Attributes): Promise<unknown> {
    const explained = await this.explained(refusal, desired);
    if (explained !== refusal || !refusal.body.includes("already exists")) return explained;
    const { title } = this.kind;
    return new TakenError(
      fault("MAAS-OPS-02", undefined, {
        what: `${withThis(title)} existed a moment ago`,
        why: `MAAS refused to create the ${await this.nameOf(desired)}, and the region has none by now.`,
        fix: `Apply again. MAAS said: ${refusal.said}`,
      }),
      { cause: refusal },
    );
  }

  /** MAAS says "already exists" in many ways; the user needs to know which object it is and what to do. */
  protected async existsAlready(refusal: MaasValidationError | undefined, existing: ObjectJson): Promise<TakenError> {
    const { kind } = this;
    const id = this.idOf(existing);
    const way = kind.adoptable ? `, or set adopt_existing = true to take it over` : "";
    return new TakenError(
      fault("MAAS-OPS-02", undefined, {
        what: `${withThis(kind.title)} exists already`,
        why: `The region has the ${await this.nameOf(this.decode(existing))}, with id ${id}.`,
        fix:
          "If it is in this state already, Terraform is to create the new instance before it destroys the former one: remove " +
          "create_before_destroy from this resource and from those that depend on it, since MAAS can't have two of them at once. " +
          `If it is not, import it (terraform import ${kind.type}.NAME ${shellWord(id)})${way}.${refusal === undefined ? "" : ` MAAS said: ${refusal.said}`}`,
      }),
      { cause: refusal },
    );
  }

  private nameOf(attributes: Attributes): Promise<string> {
    return naturalName(this.region, this.kind, attributes, true);
  }

  protected decode(json: ObjectJson): Attributes {
    return { id: this.idOf(json), ...decode(this.kind, json) };
  }

  private idOf(json: ObjectJson): string {
    return COLLECTIONS[this.#collection].id(json);
  }
}
