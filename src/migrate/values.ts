import type { KindName } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import type { Kind } from "../../lib/model/kind";
import type { Value } from "../../lib/model/known";
import { formatKey, formatShortKey, keyParts, partsAmong } from "../../lib/model/natural-key";
import { attributeOf, type Expression } from "./hcl/ast";
import { type BlockInstance, evaluate, instancesOf } from "./evaluate";
import { type Configuration, type ObjectBlock, type Reference, referenceOf, type SourceFile } from "./configuration";

/** What is inside of `"${…}"`, `(…)`, `tostring(…)` and `tonumber(…)`, which change nothing about which object is meant. */
export function unwrapped(expression: Expression, text: string): Expression {
  const [inner] = "parts" in expression ? expression.parts : [];
  if (inner === undefined) return expression;
  const isWrapper =
    (expression.kind === "template" && expression.isWrapper) ||
    (expression.kind === "call" && /^(tostring|tonumber)$/.test(expression.name)) ||
    (expression.kind === "compound" &&
      text.charAt(expression.start) === "(" &&
      text.charAt(expression.end - 1) === ")" &&
      expression.parts.length === 1);
  return isWrapper ? unwrapped(inner, text) : expression;
}

/** The constant that an expression is. */
export function constantOf(expression: Expression | undefined, text: string): string | number | boolean | undefined {
  if (expression === undefined) return undefined;
  const inner = unwrapped(expression, text);
  return inner.kind === "literal" ? (inner.value ?? undefined) : undefined;
}

/** What an expression refers to, where it is one reference and nothing else. */
export function referenceIn(expression: Expression | undefined, text: string): Reference | undefined {
  if (expression === undefined) return undefined;
  const inner = unwrapped(expression, text);
  return inner.kind === "traversal" ? referenceOf(inner, text) : undefined;
}

const KIND_OF_TYPE = new Map<string, Kind>(Object.values<Kind>(KINDS).map((kind) => [kind.type, kind]));

/** The kind that a resource type stands for. */
export const kindOfType = (type: string): Kind | undefined => KIND_OF_TYPE.get(type);

/** The value of an attribute of a block, as far as the configuration says it: constants, and natural keys of what it refers to. */
function valueOf(
  configuration: Configuration,
  { file, block, mode }: ObjectBlock,
  kind: Kind,
  name: string,
  instance: BlockInstance,
): Value | undefined {
  // canonical/maas calls the VID of its data source so.
  const names = mode === "data" && kind.name === KINDS.vlan.name && name === "vid" ? ["vid", "vlan"] : [name];
  const given = names.map((one) => attributeOf(block.body, one)).find((one) => one !== undefined);
  if (given === undefined) return undefined;
  const value = evaluate(given.value, instance.scope);
  if (value !== undefined && value !== null) return typeof value === "object" ? undefined : value;
  const target = kind.fields.find((field) => field.name === name)?.references;
  const inner = unwrapped(given.value, file.edits.text);
  const reference = inner.kind === "traversal" ? referenceOf(inner, file.edits.text) : undefined;
  const other = reference && configuration.object(reference.address);
  if (other === undefined || inner.kind !== "traversal") return undefined;
  const [index] = inner.steps.flatMap((step) => ("index" in step ? [evaluate(step.index, instance.scope)] : []));
  const meant = instancesOf(configuration, other)?.find((one) => one.index === index);
  const otherKind = kindOfType(other.type);
  if (meant === undefined || otherKind === undefined) return undefined;
  if (target === otherKind.name) return naturalKey(configuration, other, meant);
  return valueOf(configuration, other, otherKind, reference?.attribute ?? "", meant);
}

/** The natural key of a block's object, where the configuration says it all; of a repeated block, that of an instance. */
export function naturalKey(
  configuration: Configuration,
  object: ObjectBlock,
  instance?: BlockInstance,
): string | undefined {
  const kind = kindOfType(object.type);
  const own = instance ?? (object.repeated === undefined ? instancesOf(configuration, object)?.[0] : undefined);
  if (kind === undefined || own === undefined) return undefined;
  const parts: Record<string, Value> = {};
  for (const name of keyParts(kind.name)) {
    const value = valueOf(configuration, object, kind, name, own);
    if (value !== undefined) parts[name] = value;
  }
  const read = partsAmong(kind.name, parts) ?? {};
  return formatKey(kind.name, read) ?? formatShortKey(kind.name, read);
}

/** Whether the kind, by its name, is the one that the type stands for. */
export const isKind = (type: string, name: KindName): boolean => kindOfType(type)?.name === name;

/** The text of an attribute's value as it is to be after renames. */
export function sourceOf({ edits }: SourceFile, expression: Expression): string {
  return edits.source(expression);
}
