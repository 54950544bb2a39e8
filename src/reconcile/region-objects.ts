import type { Field, KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { findField, isManaged } from "../../lib/model/kinds";
import { attributeEntries, type Attributes, isKnown, type Value } from "../../lib/model/known";
import { ownerOf } from "../../lib/model/owner";
import type { Problem } from "../../lib/model/problem";
import { isNone, keepSpelling, sameValue, withoutEmptyText } from "../../lib/model/spelling";
import { textOf, withArticle } from "../../lib/model/text";
import { DestroyChecks } from "./checks/destroy-checks";
import { PlannedNetwork } from "./checks/planned-network";
import { ReusedIds } from "./checks/reused-ids";
import { DetachedObjects } from "./detached-objects";
import { strategyOf } from "./kinds";
import { goneMeanwhile, ObjectError, requireId, unmet } from "./objects/failure";
import { NO_INTENTS } from "./objects/intents";
import type { Created, Existing, ObjectOps, Removal } from "./objects/object-ops";
import type { When } from "./objects/planned-state";
import { CollectionOps } from "./ops/collection-ops";
import { PlannedChanges } from "./planned/planned-changes";
import { OwnObjects, PlannedObjects } from "./planned/planned-objects";
import { isId } from "./references/lookups";
import { tryResolve } from "./references/lookups";
import {
  requirePlanned,
  requirePlannedInterface,
  resolve,
  resolveInterface,
  tryResolveInterface,
} from "./references/references";
import type { Region } from "./region/region";
import { createOrResume } from "./resume";

/** Whether the field's value names another object, which may be done in several ways. */
export const isReference = ({ references, namesInterface }: Field): boolean =>
  (references ?? namesInterface) !== undefined;

/** The value with another text in place of each text, in lists too; texts that there are none for are left out of lists. */
async function eachText(value: Value, other: (text: string) => Promise<Value>): Promise<Value> {
  if (typeof value === "string") return other(value);
  if (!Array.isArray(value)) return value;
  const others = await Promise.all(
    value.map((item) => (typeof item === "string" ? other(item) : Promise.resolve(item))),
  );
  return others.filter((item) => item !== null);
}

/**
 * The objects of a region as the user writes them: references may be natural keys, addresses any spelling. What comes
 * back keeps the spelling of what was asked for wherever the two mean the same.
 */
export class RegionObjects {
  readonly planned: PlannedChanges;
  /** What this run plans, whole objects: see {@link PlannedObjects}. */
  readonly run = new PlannedObjects();
  readonly around: PlannedNetwork;
  readonly own = new OwnObjects();
  readonly reused = new ReusedIds();
  readonly destroys: DestroyChecks;
  readonly detached: DetachedObjects;

  constructor(readonly region: Region) {
    this.planned = PlannedChanges.of(region);
    this.around = new PlannedNetwork(region, this.run);
    this.destroys = new DestroyChecks(region, this.own, this.run);
    this.detached = new DetachedObjects(region, this.destroys.dependents, (kind) => this.ops(kind));
  }

  /** The object's id, which stands for itself or comes from a natural key; undefined when the region has no such object. */
  async idOf(kind: Kind, key: string): Promise<string | undefined> {
    return isId(kind.name, key) ? key : tryResolve(this.region, kind.name, key);
  }

  /** The live attributes, spelled as in `prior`; undefined when the object is gone. See {@link ObjectOps.read}. */
  async read(kind: Kind, id: string, prior: Attributes = {}, isAdopted = false): Promise<Attributes | undefined> {
    const live = await this.ops(kind).read(id, isAdopted, prior);
    if (live === undefined) return undefined;
    const spelled = keepSpelling(kind, live, prior);
    for (const field of kind.fields.filter(isReference)) {
      const before = prior[field.name] ?? null;
      if (await this.means(field, before, live[field.name] ?? null, live, "before")) spelled[field.name] = before;
    }
    return spelled;
  }

  /** The live attributes of an object that is taken over, with what only the order of work needs; undefined when it is gone. */
  async readImported(kind: Kind, id: string): Promise<Attributes | undefined> {
    const live = await this.read(kind, id);
    return live && { ...live, ...(await this.ops(kind).readImported?.(id)) };
  }

  /** Makes the object so, or takes over the one with its natural key. */
  async create(kind: Kind, desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const withIds = await this.withIds(kind, desired);
    const whole = await this.complete(kind, withIds);
    const { intents = NO_INTENTS } = this.region;
    const created = await createOrResume({ kind, ops: this.ops(kind), desired: whole, adoptExisting }, intents);
    requireId(kind, created.live);
    return { ...created, live: asWritten(kind, created.live, desired, withIds) };
  }

  /** The object with the natural key of `desired`, and whether it may be changed without being adopted. */
  async find(kind: Kind, desired: Attributes): Promise<Existing | undefined> {
    return this.ops(kind).find(await this.withIdsStillThere(kind, desired));
  }

  /** The id of the object that {@link create} would meet; undefined = there is none. */
  async metId(kind: Kind, desired: Attributes): Promise<string | undefined> {
    const found = await this.ops(kind).find(await this.complete(kind, await this.withIds(kind, desired)));
    return found && textOf(found.live.id);
  }

  async update(kind: Kind, id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const withIds = await this.withIds(kind, desired, prior);
    const live = await this.ops(kind).update(id, await this.withIdsStillThere(kind, prior), withIds);
    if (live.id !== id) throw goneMeanwhile(kind, id);
    return asWritten(kind, live, desired, withIds);
  }

  /** Says that this run will change the object: see {@link ObjectOps.announce}. References are ids. */
  announce(kind: Kind, id: string, live: Attributes, desired: Attributes): void {
    this.ops(kind).announce?.(id, live, desired);
  }

  async remove(kind: Kind, id: string, prior: Attributes, removal: Removal): Promise<void> {
    if (removal.original === undefined) {
      await this.ops(kind).remove(id, prior, removal);
      this.planned.end(kind, { ...prior, id });
      return;
    }
    const [before, original] = await Promise.all([
      this.withIdsStillThere(kind, prior),
      this.withIdsStillThere(kind, removal.original),
    ]);
    await this.ops(kind).remove(id, before, { ...removal, original });
  }

  /** The id that an id or natural key stands for. @throws ObjectError when the region has no such object. */
  resolve(kind: KindName, key: string, attribute?: string): Promise<string> {
    return resolve(this.region, kind, key, { attribute });
  }

  /**
   * Whether two values of a field of this object mean the same, the id and the natural key of one object included.
   *
   * @param when the time that the second value is of, if it is a natural key that this run changes; the first one is of
   *   the time before.
   */
  async means(field: Field, prior: Value, value: Value, of: Attributes, when: When): Promise<boolean> {
    if (sameValue(field, prior, value)) return true;
    if (!isReference(field)) return false;
    if (isNone(field, prior) || isNone(field, value) || !isKnown(prior) || !isKnown(value)) return false;
    const targets = (written: Value, at: When): Promise<Value> =>
      eachText(written, async (key) => (await this.target(field, key, of, at)) ?? null);
    const [before, after] = await Promise.all([targets(prior, "before"), targets(value, when)]);
    const isWhole = !Array.isArray(prior) || (before as Value[]).length === prior.length;
    return before !== null && isWhole && sameValue(field, before, after);
  }

  /** Whether an object is the one that these parts of a natural key name. */
  async isNamed(kind: Kind, prior: Attributes, key: Attributes): Promise<boolean> {
    const found = attributeEntries(key).map(([name, value]) =>
      this.means(findField(kind, name), prior[name] ?? null, value, prior, "before"),
    );
    return (await Promise.all(found)).every(Boolean);
  }

  /** What MAAS moves, changes or deletes along with an object, or waits for, as far as it can be managed. */
  async inTheWayOf(kind: Kind, id: string): Promise<readonly { readonly kind: KindName; readonly id: string }[]> {
    const found = isManaged(kind) ? await this.destroys.dependents.of(kind.name, id) : [];
    return found.flatMap(({ object }) => object ?? []);
  }

  /** What the user should know before an adopted object is restored to what it was. */
  async released(kind: Kind, prior: Attributes, original: Attributes): Promise<Problem[]> {
    return (await strategyOf(kind.name).checkRelease?.(this.region, this.run, prior, original)) ?? [];
  }

  /**
   * The references of a planned object that name nothing: neither an object of the region, nor one that this run is to
   * make as far as it has been planned. Those that stay as they are were looked at when the object was read.
   */
  async dangling(kind: Kind, prior: Attributes | undefined, planned: Attributes): Promise<Problem<string>[]> {
    const found = kind.fields.map(async (field) => {
      const { name } = field;
      const value = planned[name] ?? null;
      if (prior !== undefined && sameValue(field, prior[name] ?? null, value)) return [];
      const keys = (Array.isArray(value) ? value : [value]).filter(
        (key): key is string => typeof key === "string" && key !== "" && key !== field.absent,
      );
      return Promise.all(keys.map((key) => this.faultOf(field, key, planned)));
    });
    return (await Promise.all(found)).flat().filter((problem) => problem !== undefined);
  }

  /** What the user should know of an object that was made or changed. */
  told(kind: Kind, desired: Attributes, live: Attributes): Problem[] {
    return [...unmet(kind, desired, live), ...this.warnings(kind, textOf(live.id ?? ""))];
  }

  /** What the user should know of a change of the object with that id beside what it is now. */
  warnings(kind: Kind, id: string): readonly Problem[] {
    return strategyOf(kind.name).warnings?.(this.region, id) ?? [];
  }

  /** What is wrong with a reference; undefined = it names something, or is none. */
  private async faultOf(field: Field, key: string, planned: Attributes): Promise<Problem<string> | undefined> {
    const { name, references, names, namesInterface } = field;
    try {
      if (references !== undefined) await requirePlanned(this.region, references, key, name);
      if (names !== undefined) await requirePlanned(this.region, names, key, name);
      const owner = namesInterface === true ? ownerOf(planned) : undefined;
      const systemId = owner && (await tryResolve(this.region, owner.kind, owner.key));
      if (owner !== undefined && systemId !== undefined)
        await requirePlannedInterface(this.region, { ...owner, key: systemId }, key, name);
      return undefined;
    } catch (error) {
      if (error instanceof ObjectError) return error.problem;
      throw error;
    }
  }

  private async complete(kind: Kind, desired: Attributes): Promise<Attributes> {
    return (await strategyOf(kind.name).complete?.(this.region, desired)) ?? desired;
  }

  private ops(kind: Kind): ObjectOps {
    if (!isManaged(kind)) throw new Error(`${withArticle(kind.title)} registers itself and can't be managed`);
    const special = strategyOf(kind.name);
    return special.ops?.(this.region, kind) ?? new CollectionOps(this.region, kind, special);
  }

  /**
   * The attributes as MAAS takes them: ids in place of natural keys, null in place of empty text. A reference that is as
   * before still means the object that it meant before.
   */
  private async withIds(kind: Kind, written: Attributes, prior: Attributes = {}): Promise<Attributes> {
    const attributes = withoutEmptyText(kind, written);
    const resolved = kind.fields.map(async ({ name, references }) => {
      const key = attributes[name];
      if (references === undefined || typeof key !== "string") return [];
      const when = prior[name] === key ? "kept" : "after";
      return [[name, await resolve(this.region, references, key, { attribute: name, when })] as const];
    });
    const withIds: Attributes = { ...attributes, ...Object.fromEntries((await Promise.all(resolved)).flat()) };
    const owner = ownerOf(withIds);
    for (const { name, namesInterface } of kind.fields) {
      const written = attributes[name] ?? null;
      if (namesInterface !== true || owner === undefined || !isKnown(written)) continue;
      withIds[name] = await eachText(written, (key) => resolveInterface(this.region, owner, key, name));
    }
    return withIds;
  }

  /** The attributes with ids in references. What a reference named and is gone, for one because it is being replaced, is dropped. */
  private async withIdsStillThere(kind: Kind, written: Attributes): Promise<Attributes> {
    const attributes = withoutEmptyText(kind, written);
    const resolved = kind.fields.filter(isReference).map(async (field) => {
      const key = attributes[field.name] ?? null;
      if (key === null || !isKnown(key)) return [];
      const target = async (one: string): Promise<Value> =>
        (await this.target(field, one, attributes, "before")) ?? null;
      return [[field.name, await eachText(key, target)] as const];
    });
    return { ...attributes, ...Object.fromEntries((await Promise.all(resolved)).flat()) };
  }

  private async target(field: Field, key: string, of: Attributes, when: When): Promise<string | undefined> {
    const { references, namesInterface } = field;
    if (references !== undefined) return tryResolve(this.region, references, key, when);
    const owner = namesInterface === true ? ownerOf(of) : undefined;
    return owner && tryResolveInterface(this.region, owner, key);
  }
}

/**
 * The live attributes in the spelling they were asked for, where MAAS did as asked. Without another call: whatever goes
 * wrong after a change must not lose its result.
 */
function asWritten(kind: Kind, live: Attributes, desired: Attributes, withIds: Attributes): Attributes {
  const references = kind.fields
    .filter(isReference)
    .filter(
      (field) =>
        live[field.name] !== undefined && sameValue(field, live[field.name] ?? null, withIds[field.name] ?? null),
    )
    .map(({ name }) => [name, desired[name] ?? null] as const);
  return { ...keepSpelling(kind, live, desired), ...Object.fromEntries(references) };
}
