import { type IConstruct, TerraformStack, Token } from "../cdk";
import type { Kind } from "../model/kind";
import { type Attributes, UNKNOWN, type Value } from "../model/known";
import { propertyOf } from "../model/construct-view";
import { fromTemplate } from "../model/template";
import { rememberTrace } from "./made-at";

/** An element's part of Terraform's file, where more than its constructor may have had a say in it. */
export interface Synthesis {
  /** What `addOverride` was given for the element itself. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** What Terraform is to read, tokens included; also where an apply step is the engine. */
  readonly fragment: () => object;
}

/**
 * What a construct was made as: which MAAS object it stands for, and the constructs that it refers to. The values of its
 * attributes may have changed since: `objectsOf` has those that are synthesised.
 */
export interface Declared {
  readonly kind: Kind;
  /** What the constructor was given, by Terraform name, tokens included. */
  readonly given: Readonly<Record<string, unknown>>;
  /**
   * The same as checks see it: null where the user is silent, {@link UNKNOWN} where the value is a token. A static range,
   * which MAAS has no object for, is an IP range of type `static`.
   */
  readonly attributes: Attributes;
  /** The constructs that reference attributes stand for, by Terraform name. */
  readonly references: Readonly<Record<string, IConstruct>>;
  /** The object may have been there before: it was looked up, or may be taken over. Nobody here knows all about it then. */
  readonly existing: boolean;
  /** Absent for a static range, which is no element of Terraform's. */
  readonly synthesis?: Synthesis;
}

const DECLARED = new WeakMap<IConstruct, Declared>();
const REFERRERS = new WeakMap<IConstruct, IConstruct[]>();
const IN_STACK = new WeakMap<TerraformStack, IConstruct[]>();

function append<K extends object>(lists: WeakMap<K, IConstruct[]>, key: K, construct: IConstruct): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [construct]);
  else list.push(construct);
}

/** Records what the construct stands for. */
export function declare(construct: IConstruct, declared: Declared): void {
  DECLARED.set(construct, declared);
  rememberTrace(construct);
  append(IN_STACK, TerraformStack.of(construct), construct);
  for (const target of Object.values(declared.references)) append(REFERRERS, target, construct);
}

/** What the construct was made as; undefined for constructs that are no MAAS object. */
export function declaredBy(construct: IConstruct): Declared | undefined {
  return DECLARED.get(construct);
}

/** The constructs of a stack that stand for MAAS objects, in the order they were made. */
export function declaredIn(stack: TerraformStack): readonly IConstruct[] {
  return IN_STACK.get(stack) ?? [];
}

/** The constructs that refer to this one, in the order they were made, from any stack. */
export function referrersOf(construct: IConstruct): readonly IConstruct[] {
  return REFERRERS.get(construct) ?? [];
}

/** A property as the checks see it: tokens and Terraform's own expressions, also inside texts and lists, are unknown. */
export function toValue(property: unknown): Value {
  if (property === undefined || property === null) return null;
  if (Token.isUnresolved(property)) return UNKNOWN;
  if (Array.isArray(property)) return property.map(toValue);
  if (typeof property === "string") return fromTemplate(property) ?? UNKNOWN;
  return property as Value;
}

/** The properties that the user gave, by Terraform name: what is synthesised, tokens included. */
export function argumentsOf(kind: Kind, props: object): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(props));
  return Object.fromEntries(
    kind.fields
      .filter((field) => field.presence !== "computed")
      .map((field) => [field.name, given.get(propertyOf(kind, field))] as const)
      .filter(([, value]) => value !== undefined && value !== null),
  );
}

/** Arguments as the checks see them: one entry per field of the kind. */
export function attributesOf(kind: Kind, given: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(kind.fields.map(({ name }) => [name, toValue(given[name])]));
}
