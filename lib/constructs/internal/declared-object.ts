import { type IConstruct, TerraformDataSource, TerraformStack } from "../../cdk";
import { evaluate, evaluateTemplate, type Scope } from "../../model/expression";
import type { Field } from "../../model/field";
import type { Kind } from "../../model/kind";
import { type Attributes, isKnown, UNKNOWN, type Value } from "../../model/known";
import { withoutEmptyText } from "../../model/spelling";
import { type ConstructFacts, Fact, factsOf, membersOf, type StatedFacts } from "./facts";
import { addressOf, type Block, blockOf, rendered } from "./synthesised";

/** Which of several objects of a construct: the index of `count`, or the key of `for_each`. */
export type InstanceKey = number | string;

/** What an attribute refers to: a construct, and with `count` or `for_each` which of its objects. */
interface Link {
  readonly construct: IConstruct;
  readonly instance?: InstanceKey;
}

/** One object as it is synthesised. */
interface ObjectFacts {
  readonly instance?: InstanceKey;
  readonly attributes: Attributes;
  readonly links: Readonly<Record<string, Link>>;
  readonly existing: boolean;
  readonly ignored: ReadonlySet<string>;
  readonly isCertain: boolean;
}

/**
 * One MAAS object of a stack, as it is synthesised: with what overrides, aspects and meta-arguments have made of what the
 * constructor was given. A construct with `count` or `forEach` comes to any number of them.
 */
export class DeclaredObject {
  #references: Readonly<Record<string, DeclaredObject>> | undefined;

  constructor(
    readonly construct: IConstruct,
    readonly kind: Kind,
    private readonly facts: ObjectFacts,
  ) {}

  /** Path of the construct, and which of its objects it is, such as `lab/v4["a"]`. */
  get path(): string {
    const { instance } = this.facts;
    const { path } = this.construct.node;
    return instance === undefined ? path : `${path}[${JSON.stringify(instance)}]`;
  }

  get instance(): InstanceKey | undefined {
    return this.facts.instance;
  }

  /** By Terraform name: null where nothing is set, {@link UNKNOWN} where only Terraform knows the value. */
  get attributes(): Attributes {
    return this.facts.attributes;
  }

  /** What the construct says beyond the attributes of the kind. */
  get stated(): StatedFacts {
    return factsOf(this.construct)?.stated ?? {};
  }

  /** The object may have been there before: it is looked up, or may be taken over. */
  get existing(): boolean {
    return this.facts.existing;
  }

  /** Attributes that Terraform leaves as they are once the object is there (`ignore_changes`). */
  get ignored(): ReadonlySet<string> {
    return this.facts.ignored;
  }

  /** Whether it is known at synth that the object is there. Where it is not, nothing else is known of it either. */
  get isCertain(): boolean {
    return this.facts.isCertain;
  }

  /** What the attributes refer to, by Terraform name; without what is not one certain object. */
  get references(): Readonly<Record<string, DeclaredObject>> {
    this.#references ??= Object.fromEntries(
      Object.entries(this.facts.links).flatMap(([name, link]) => {
        const target = targetOf(link);
        return target === undefined ? [] : [[name, target] as const];
      }),
    );
    return this.#references;
  }

  /** The construct that an attribute refers to, also one that is no MAAS object by itself. */
  constructBehind(name: string): IConstruct | undefined {
    return this.facts.links[name]?.construct;
  }

  /** The constructs that attributes refer to although there is not one object that could be meant, by Terraform name. */
  get dangling(): Readonly<Record<string, IConstruct>> {
    const missing = Object.entries(this.facts.links).filter(
      ([, link]) => factsOf(link.construct) !== undefined && targetOf(link) === undefined,
    );
    return Object.fromEntries(missing.map(([name, { construct }]) => [name, construct]));
  }

  /** The object as rules see it: what Terraform leaves alone on the region is not known, and empty text means none. */
  judged(): DeclaredObject {
    const { ignored, attributes, links } = this.facts;
    const seen = Object.entries(attributes).map(
      ([name, value]) => [name, ignored.has(name) ? UNKNOWN : value] as const,
    );
    return new DeclaredObject(this.construct, this.kind, {
      ...this.facts,
      attributes: withoutEmptyText(this.kind, Object.fromEntries(seen)),
      links: Object.fromEntries(Object.entries(links).filter(([name]) => !ignored.has(name))),
    });
  }
}

function targetOf({ construct, instance }: Link): DeclaredObject | undefined {
  const objects = objectsOf(construct);
  return objects.find((object) => object.instance === instance);
}

/** A value in the type of its field, as Terraform converts it. */
function typed(field: Field, value: Value): Value {
  if (!isKnown(value) || value === null) return value;
  if (field.type === "number" && typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
    return Number(value);
  if (field.type === "bool" && (value === "true" || value === "false")) return value === "true";
  if (field.type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  const isList = Array.isArray(field.type) && field.type[0] !== "object";
  // Terraform refuses what is no list where it wants one: not for us to judge.
  return isList && !Array.isArray(value) ? UNKNOWN : value;
}

const REFERENCE = /^\$\{((?:data\.)?maas_\w+\.[\w-]+)(?:\[(.+)\])?\.(\w+)\}$/;

/** Kept from one look-up to the next. */
const ADDRESSES = new Fact<Map<string, IConstruct>>("addresses");

/** The construct with that address in Terraform's file. */
function constructAt(stack: TerraformStack, address: string): IConstruct | undefined {
  const present = ADDRESSES.of(stack)?.get(address);
  // An id may have been overridden since the addresses were collected.
  if (present !== undefined && addressOf(present) === address) return present;
  const entries = membersOf(stack).flatMap((construct) => {
    const own = addressOf(construct);
    return own === undefined ? [] : [[own, construct] as const];
  });
  const addresses = new Map(entries);
  ADDRESSES.set(stack, addresses);
  return addresses.get(address);
}

/** What an expression such as `${maas_vlan.v["a"].id}` refers to. */
function linkAt(construct: IConstruct, expression: unknown, scope: Scope): Link | undefined {
  const [, address, key] = (typeof expression === "string" ? REFERENCE.exec(expression) : null) ?? [];
  const target = address === undefined ? undefined : constructAt(TerraformStack.of(construct), address);
  if (target === undefined) return undefined;
  if (key === undefined) return { construct: target };
  const instance = evaluateTemplate(`\${${key}}`, scope);
  return typeof instance === "string" || typeof instance === "number" ? { construct: target, instance } : undefined;
}

/** The objects that `count` or `for_each` make, each with the names that its arguments may use; undefined = not known. */
function instancesOf({ count, for_each: forEach }: Block): { instance?: InstanceKey; scope: Scope }[] | undefined {
  if (forEach !== undefined && forEach !== null) {
    const value = evaluate(forEach);
    if (typeof value !== "object" || value === null || !isKnown(value)) return undefined;
    const entries = Array.isArray(value) ? value.map((item) => [item, item] as const) : Object.entries(value);
    if (!entries.every(([key]) => typeof key === "string")) return undefined;
    return entries.map(([key, item]) => ({ instance: key as string, scope: { each: { key, value: item } } }));
  }
  if (count === undefined || count === null) return [{ scope: {} }];
  const value = evaluate(count);
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0) return undefined;
  return Array.from({ length: number }, (_, index) => ({ instance: index, scope: { count: { index } } }));
}

function ignoredIn(kind: Kind, { lifecycle }: Block): ReadonlySet<string> {
  const { ignore_changes: listed } = (lifecycle ?? {}) as { readonly ignore_changes?: unknown };
  const items = (Array.isArray(listed) ? (listed as unknown[]) : [listed]).filter((item) => typeof item === "string");
  if (items.includes("all")) return new Set(kind.fields.map(({ name }) => name));
  return new Set(items.map((item) => /^\w+/.exec(item)?.[0] ?? item));
}

const linked = (references: ConstructFacts["references"]): Record<string, Link> =>
  Object.fromEntries(Object.entries(references).map(([name, construct]) => [name, { construct }]));

/** What is there where it is not known whether anything is. */
function uncertain({ kind, existing }: ConstructFacts): ObjectFacts {
  const attributes = Object.fromEntries(kind.fields.map(({ name }) => [name, UNKNOWN]));
  return { attributes, links: {}, existing, ignored: new Set(), isCertain: false };
}

/** One object of a block that says more than the constructor did. */
function instanceFacts(
  construct: IConstruct,
  { kind, given, attributes: made, references }: ConstructFacts,
  block: Block,
  { instance, scope }: { instance?: InstanceKey; scope: Scope },
): ObjectFacts {
  const links: Record<string, Link> = {};
  const attributes: Attributes = {};
  for (const field of kind.fields) {
    const { name } = field;
    // What a look-up does not go by is for the region to tell.
    if (!(name in block) && made[name] === UNKNOWN && !(name in given)) attributes[name] = UNKNOWN;
    else attributes[name] = typed(field, evaluate(block[name], scope));
    const addLink = (place: string, written: unknown, said: unknown): void => {
      const target = references[place];
      const isOwn = target !== undefined && JSON.stringify(rendered(construct, written)) === JSON.stringify(said);
      const link = isOwn ? { construct: target } : linkAt(construct, said, scope);
      if (link !== undefined) links[place] = link;
    };
    addLink(name, given[name], block[name]);
    const [written, said] = [given[name], block[name]];
    if (Array.isArray(said))
      for (const [at, item] of said.entries())
        addLink(`${name}.${at}`, Array.isArray(written) ? (written[at] as unknown) : undefined, item);
  }
  const adopts = evaluate(block.adopt_existing, scope);
  const isAdopted = adopts !== null && adopts !== false && adopts !== "false";
  return {
    ...(instance !== undefined && { instance }),
    attributes,
    links,
    existing: TerraformDataSource.isTerraformDataSource(construct) || isAdopted,
    ignored: ignoredIn(kind, block),
    isCertain: true,
  };
}

/**
 * The MAAS objects that a construct comes to, as far as synth can tell by now: one, or as many as `count` and `forEach`
 * make. Where their number is not known, one that is not certain. None for what is no MAAS object.
 */
export function objectsOf(construct: IConstruct): readonly DeclaredObject[] {
  const made = factsOf(construct);
  if (made === undefined) return [];
  const { kind, attributes, references, existing } = made;
  const block = blockOf(construct, made.synthesis);
  if (block === undefined) return [];
  if (block === "plain") {
    const facts = { attributes, links: linked(references), existing, ignored: new Set<string>(), isCertain: true };
    return [new DeclaredObject(construct, kind, facts)];
  }
  const instances = instancesOf(block);
  if (instances === undefined) return [new DeclaredObject(construct, kind, uncertain(made))];
  return instances.map(
    (instance) => new DeclaredObject(construct, kind, instanceFacts(construct, made, block, instance)),
  );
}

/** The one object that a construct comes to; undefined where there is none, or where there are several. */
export function objectOf(construct: IConstruct): DeclaredObject | undefined {
  const objects = objectsOf(construct);
  return objects.length === 1 && objects[0]?.instance === undefined ? objects[0] : undefined;
}
