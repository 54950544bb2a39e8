import { Construct, type IConstruct, Token } from "../../cdk";
import { withArticle } from "../../model/text";
import { propertyOf } from "../../model/construct-view";
import { inSnakeCase } from "../../model/facts";
import type { Field } from "../../model/field";
import type { Kind } from "../../model/kind";
import { KINDS } from "../../model/kinds";
import { type Attributes, UNKNOWN, type Value } from "../../model/known";
import { attr, fault, type Problem, text } from "../../model/problem";
import { fromTemplate } from "../../model/expression";
import { factsOf } from "./facts";

/** A property as the checks see it: tokens and Terraform's own expressions, also inside texts and lists, are unknown. */
export function toValue(property: unknown): Value {
  if (property === undefined || property === null) return null;
  if (Token.isUnresolved(property)) return UNKNOWN;
  if (Array.isArray(property)) return property.map(toValue);
  if (typeof property === "string") return fromTemplate(property) ?? UNKNOWN;
  if (typeof property === "object")
    return Object.fromEntries(Object.entries(property).map(([name, member]) => [name, toValue(member)]));
  return property as Value;
}

/** Arguments as the checks see them: one entry per field. */
export function attributesOf(fields: readonly Field[], given: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(fields.map(({ name }) => [name, toValue(given[name])]));
}

const isMissing = (value: unknown): value is undefined | null => value === undefined || value === null;

/** A value as Terraform takes it: the members of objects by their names there. */
function argument({ type }: Field, value: unknown): unknown {
  if (typeof type === "string" || typeof type[1] === "string" || !Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null || Token.isUnresolved(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([name, member]) => [inSnakeCase(name), member as unknown]));
  });
}

/** What was given, in words. */
function shown(value: unknown): string {
  if (typeof value === "string") return Token.isUnresolved(value) ? "a token" : `the text "${value}"`;
  if (Construct.isConstruct(value)) return `${value.node.path}${titleOf(value)}`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "number" ? `the number ${value}` : `a value of type ${typeof value}`;
}

function titleOf(construct: IConstruct): string {
  const title = factsOf(construct)?.kind.title;
  return title === undefined ? "" : ` (${title})`;
}

/** What a property may refer to by a construct: an object of a kind, or an interface of a machine. */
type Target = Pick<Kind, "title" | "construct" | "key"> & { readonly name: string };

const NODE_INTERFACE: Target = {
  name: "network_interface",
  title: "network interface",
  key: { forms: ["{name}"], words: "its name", examples: ["eth0"] },
  construct: {
    name: "NodeInterface",
    reference: "NodeInterface",
    example: (name) => `new NodeInterface(this, "${name}", { machine, name: "${name}" })`,
  },
};

/** A property that takes a construct, and the attribute of the construct whose token is the argument. */
interface Reference {
  readonly target: Target;
  readonly token: string;
}

const byIdOf = (kind: Kind): Reference => ({ target: kind, token: kind.construct.token ?? "id" });

function referenceOf({ references, names, namesInterface, presence }: Field): Reference | undefined {
  if (references !== undefined) return byIdOf(KINDS[references]);
  if (namesInterface !== undefined) return { target: NODE_INTERFACE, token: "name" };
  return names === undefined || presence === "computed" ? undefined : { target: KINDS[names], token: "name" };
}

/** Whether it can stand for such an object. A construct without facts is of somebody else's class, and trusted. */
function isReferable(value: unknown, { target, token }: Reference): value is IConstruct {
  if (
    !Construct.isConstruct(value) ||
    typeof (value as unknown as Readonly<Record<string, unknown>>)[token] !== "string"
  )
    return false;
  const own = factsOf(value)?.kind;
  return own === undefined || own.name === target.name || own.construct.standsFor === target.name;
}

const tokenOf = (construct: IConstruct, { token }: Reference): unknown =>
  (construct as unknown as Readonly<Record<string, unknown>>)[token];

/** A construct to give, with what was given as its key where that may be one. */
function exampleOf({ construct, key }: Target, given: unknown): string {
  const isKey = typeof given === "string" && !Token.isUnresolved(given) && /\D/.test(given);
  return construct.example(isKey ? given : (key.examples[0] ?? ""));
}

/** Plain JavaScript has no types that tell that a property takes a construct. */
function referenceFaults(property: string, value: unknown, reference: Reference): Problem[] {
  if (isReferable(value, reference)) return [];
  const { target } = reference;
  return [
    fault("MAAS-CON-02", property, {
      what: isMissing(value)
        ? `the ${target.title} is missing`
        : `${shown(value)} is no ${target.construct.name} construct`,
      ...(!isMissing(value) && { why: "A name or an id does not say what must be created first." }),
      fix: text`Give ${withArticle(target.title)} of this app or, for one that is there already, ${attr(property)}: ${exampleOf(target, value)}.`,
    }),
  ];
}

/** What is wrong with what was given for a construct of that kind. */
export function checkReference(property: string, value: unknown, kind: Kind): Problem[] {
  return referenceFaults(property, value, byIdOf(kind));
}

/** What a construct makes of its properties. */
export interface Arguments {
  /** By Terraform name: what is synthesised, tokens included. */
  readonly given: Readonly<Record<string, unknown>>;
  /** The constructs that properties refer to, by Terraform name. */
  readonly references: Readonly<Record<string, IConstruct>>;
  /** Properties that should be constructs and are not. */
  readonly problems: readonly Problem[];
}

/**
 * The arguments that a construct's properties come to, with a token in place of each construct.
 *
 * @param implied what the construct gives itself, by Terraform name, in place of properties
 */
export function argumentsOf(kind: Kind, props: object, implied: Readonly<Record<string, unknown>> = {}): Arguments {
  const properties = new Map<string, unknown>(Object.entries(props));
  const given: Record<string, unknown> = {};
  const references: Record<string, IConstruct> = {};
  const problems: Problem[] = [];
  for (const field of kind.fields) {
    const { name, presence } = field;
    const value = name in implied ? implied[name] : properties.get(propertyOf(kind, field.name));
    const reference = referenceOf(field);
    const isNeeded = reference !== undefined && presence === "required" && !(name in implied);
    // Terraform says by itself which other values it needs.
    if (presence === "computed" || (isMissing(value) && !isNeeded)) continue;
    if (reference === undefined || (name in implied && !Construct.isConstruct(value)))
      given[name] = argument(field, value);
    else if (Array.isArray(value) && typeof field.type !== "string") {
      const items: readonly unknown[] = value;
      problems.push(...items.flatMap((item) => referenceFaults(name, item, reference)));
      const targets = items.filter((item) => isReferable(item, reference));
      for (const [at, target] of targets.entries()) references[`${name}.${at}`] = target;
      given[name] = targets.map((target) => tokenOf(target, reference));
    } else if (isReferable(value, reference)) {
      references[name] = value;
      given[name] = tokenOf(value, reference);
    } else problems.push(...referenceFaults(name, value, reference));
  }
  return { given, references, problems };
}
