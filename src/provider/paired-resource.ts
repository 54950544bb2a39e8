import type { Kind } from "../../lib/model/kind";
import { findField, KINDS } from "../../lib/model/kinds";
import { type Attributes, isKnown, UNKNOWN, type Value } from "../../lib/model/known";
import { fault, type Problem } from "../../lib/model/problem";
import { inOne, isPaired, type Pair, pairsOf } from "../../lib/model/terraform/pair";
import { textOf } from "../../lib/model/text";
import { decode } from "../maas/codec";
import { strategyOf } from "../reconcile/kinds";
import { tryResolve } from "../reconcile/references/lookups";
import type { RegionObjects } from "../reconcile/region-objects";
import type { Planned } from "../reconcile/objects/planned-state";
import type { PrivateState } from "./instances/private-state";
import type { Outcome, Resource, Stored } from "./resource";

/** What Terraform does with resources, by the attributes of its configuration. */
export type ResourceCalls = Pick<Resource, "read" | "plan" | "planDestroy" | "apply" | "import">;

/** Attributes as Terraform has them, and the same with each reference in one. */
interface Spelled {
  readonly given: Attributes;
  readonly whole: Attributes;
}

/** An attribute that is set, or is to be known later. */
const isSet = (value: Value | undefined): value is Value => (value ?? null) !== null;

/**
 * A resource whose configuration may give a reference in two attributes: `fabric`, and a VID in `vlan`. All below it has the
 * reference in one, as FABRIC:VID. What was meant by the two of the state is the VLAN with that VID of *that* fabric: another
 * fabric alone is another VLAN, and a subnet on the same VID of another fabric is not where the state has it.
 */
export class PairedResource implements ResourceCalls {
  readonly #pairs: readonly Pair[];

  constructor(
    private readonly kind: Kind,
    private readonly objects: RegionObjects,
    private readonly inner: ResourceCalls,
    /** See {@link Resource}. */
    private readonly plansAlone = false,
  ) {
    this.#pairs = pairsOf(kind);
  }

  async read(prior: Attributes, kept: PrivateState = {}): Promise<Outcome<Stored>> {
    const before = this.spelled(prior);
    const { value, diagnostics } = await this.inner.read(before.whole, kept);
    const { attributes } = value;
    if (attributes === undefined) return { value, diagnostics };
    return { value: { ...value, attributes: await this.asFound(attributes, before) }, diagnostics };
  }

  async plan(stored: Attributes | undefined, config: Attributes, kept: PrivateState): Promise<Outcome<Planned>> {
    const before = stored && this.spelled(stored);
    const wanted = this.spelled(before === undefined ? config : await this.leavingOwner(before, config));
    const disagreements = this.plansAlone ? [] : await this.disagreements(config);
    const isRefused = disagreements.some(({ severity }) => severity === "error");
    const { value, diagnostics } = await this.inner.plan(before?.whole, wanted.whole, kept, isRefused);
    const { attributes, requiresReplace } = value;
    const asGiven = this.#pairs.map(({ field: { name } }) => {
      const planned = attributes[name] ?? null;
      const isKept = isKnown(planned) && planned === before?.whole[name] && isSet(before.given[name]);
      return [name, isKept ? before.given[name] : isSet(config[name]) ? config[name] : planned] as const;
    });
    const replacing = this.#pairs.filter(({ field }) => requiresReplace.includes(field.name));
    return {
      value: {
        ...value,
        attributes: { ...attributes, ...(Object.fromEntries(asGiven) as Attributes) },
        // Where only the other attribute differs, Terraform would take the one that is named for unchanged.
        requiresReplace: [...requiresReplace, ...replacing.map(({ owner }) => owner.name)],
      },
      diagnostics: [...diagnostics, ...disagreements],
    };
  }

  planDestroy(stored: Attributes, kept: PrivateState): Promise<readonly Problem[]> {
    return this.inner.planDestroy(inOne(this.#pairs, stored), kept);
  }

  async apply(
    stored: Attributes | undefined,
    planned: Attributes | undefined,
    kept: PrivateState,
  ): Promise<Outcome<Stored>> {
    const before = stored && this.spelled(stored);
    const desired = planned && this.spelled(planned);
    const placed = desired && (await this.placed(desired, before?.whole));
    const { value, diagnostics } = await this.inner.apply(before?.whole, placed, kept);
    const { attributes } = value;
    if (attributes === undefined) return { value, diagnostics };
    const spellings = [desired, before].filter((spelling) => spelling !== undefined);
    return { value: { ...value, attributes: this.asGiven(attributes, spellings) }, diagnostics };
  }

  import(key: string): Promise<Outcome<Stored>> {
    return this.inner.import(key);
  }

  private spelled(given: Attributes): Spelled {
    return { given, whole: inOne(this.#pairs, given) };
  }

  /** The attributes with each reference as it was given, where it is the one that was given. */
  private asGiven(attributes: Attributes, spellings: readonly Spelled[]): Attributes {
    const given = this.#pairs.flatMap(({ field: { name } }) => {
      const same = spellings.find(
        (spelling) => isKnown(spelling.given[name] ?? UNKNOWN) && spelling.whole[name] === attributes[name],
      );
      return same === undefined ? [] : [[name, same.given[name] ?? null] as const];
    });
    return { ...attributes, ...Object.fromEntries(given) };
  }

  /** The same of what was read. What is elsewhere by now is told in the words of the state: by its VID there. */
  private async asFound(attributes: Attributes, before: Spelled): Promise<Attributes> {
    const found: Attributes = {};
    for (const pair of this.#pairs) {
      const { name, references = this.kind.name } = pair.field;
      const live = attributes[name];
      if (live === before.whole[name] || typeof live !== "string" || !isPaired(pair, before.given)) continue;
      const row = await this.objects.region.snapshot.read(KINDS[references].api.collection, live);
      const part = row && decode(KINDS[references], row)[pair.part.name];
      if (typeof part === "number") found[name] = textOf(part);
    }
    return { ...this.asGiven(attributes, [before]), ...found };
  }

  /**
   * The configuration with a reference that is still to be found, where it gives only the other attribute and that one is not
   * what the object is in. Where it is, the object stays.
   */
  private async leavingOwner({ given }: Spelled, config: Attributes): Promise<Attributes> {
    const left: Attributes = {};
    for (const { field, owner } of this.#pairs) {
      const [before, wanted] = [given[owner.name] ?? null, config[owner.name] ?? null];
      if (wanted === null || before === null || isSet(config[field.name])) continue;
      const stays = isKnown(wanted) && (await this.objects.means(owner, before, wanted, given, "after"));
      if (!stays) left[field.name] = UNKNOWN;
    }
    return { ...config, ...left };
  }

  /**
   * The attributes with the default object of the owner where the reference is left open: of a fabric, the default VLAN. An
   * object that is in that owner already stays where it is.
   */
  private async placed({ whole }: Spelled, prior: Attributes | undefined): Promise<Attributes> {
    const found: Attributes = {};
    for (const { field, owner } of this.#pairs) {
      const { references = this.kind.name } = field;
      const ownerKey = whole[owner.name];
      const isOpen = !isKnown(whole[field.name] ?? UNKNOWN) || !isSet(whole[field.name]);
      if (!isOpen || typeof ownerKey !== "string" || owner.references === undefined) continue;
      const ownerId = await tryResolve(this.objects.region, owner.references, ownerKey, "after");
      const live = prior ?? (await this.objects.find(this.kind, whole))?.live;
      const present = live?.[owner.name];
      if (ownerId === undefined || present === ownerId) continue;
      const row = await strategyOf(references).withParent?.of(this.objects.region, ownerId);
      if (row !== undefined) found[field.name] = textOf(row.id);
    }
    return { ...whole, ...found };
  }

  /** The references that are given whole, and are not in the owner that is given beside them. */
  private async disagreements(config: Attributes): Promise<Problem[]> {
    const { region, planned } = this.objects;
    const found: Problem[] = [];
    for (const pair of this.#pairs) {
      const { field, owner, part } = pair;
      const { references } = field;
      const [ownerKey, key] = [config[owner.name], config[field.name]];
      if (typeof ownerKey !== "string" || typeof key !== "string" || references === undefined) continue;
      if (owner.references === undefined || isPaired(pair, config)) continue;
      const ownerId = await tryResolve(region, owner.references, ownerKey, "after");
      const id = await tryResolve(region, references, key, "after");
      if (ownerId === undefined || id === undefined) continue;
      const kind: Kind = KINDS[references];
      const row = await region.snapshot.read(kind.api.collection, id);
      if (row === undefined) continue;
      const live = decode(kind, row);
      const change = planned.of(references).find((each) => each.id === id);
      const { name: inOwner } = kind.fields.find((each) => each.references === owner.references) ?? owner;
      const present = change?.planned[inOwner] ?? live[inOwner] ?? null;
      if (!isKnown(present) || (await this.objects.means(findField(kind, inOwner), ownerId, present, live, "after")))
        continue;
      found.push(
        fault("MAAS-MOV-03", owner.name, {
          what: `the ${kind.title} ${key} is not in the ${owner.name} "${ownerKey}"`,
          why: `It is in the ${owner.name} ${textOf(present)}, and has the ${part.name.toUpperCase()} ${textOf(live[part.name])}.`,
          fix: `Leave ${owner.name} out, since the ${kind.title} says it, or write ${owner.name} = "${textOf(present)}".`,
        }),
      );
    }
    return found;
  }
}
