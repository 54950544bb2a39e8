import { attributeOf, blocksOf, type Expression, type Step } from "./hcl/ast";
import { oncePer } from "../../lib/model/once-per";
import { textOf } from "../../lib/model/text";
import type { Configuration, ObjectBlock } from "./configuration";

/** A value of a configuration. Numbers of HCL are those of JavaScript here: counts and parts of addresses. */
export type HclValue = string | number | boolean | null | HclValues | HclMap;
type HclValues = readonly HclValue[];
interface HclMap {
  readonly [key: string]: HclValue;
}

/** What the words of an expression stand for: `each`, `count`, `local`. */
export type Scope = Readonly<Record<string, HclValue>>;

const PRECEDENCE: readonly (readonly string[])[] = [
  ["+", "-"],
  ["*", "/", "%"],
];

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/** The value of parts with operators between them; undefined for comparisons, and for what is no number. */
function operation(values: readonly HclValue[], operators: readonly string[]): HclValue | undefined {
  for (const words of PRECEDENCE) {
    const at = Math.max(...words.map((word) => operators.lastIndexOf(word)));
    if (at < 0) continue;
    const left = operation(values.slice(0, at + 1), operators.slice(0, at));
    const right = operation(values.slice(at + 1), operators.slice(at + 1));
    const run = OPERATIONS[operators[at] ?? ""];
    return typeof left === "number" && typeof right === "number" ? run?.(left, right) : undefined;
  }
  return operators.length === 0 ? values[0] : undefined;
}

const FUNCTIONS: Readonly<Record<string, (value: HclValue) => HclValue | undefined>> = {
  tostring: (value) => (typeof value === "object" ? undefined : String(value)),
  tonumber: (value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value),
  toset: (value) => value,
  tomap: (value) => value,
  tolist: (value) => value,
};

function stepInto(value: HclValue | undefined, step: Step, key: HclValue | undefined): HclValue | undefined {
  const name = "name" in step ? step.name : key;
  if (typeof value !== "object" || value === null || (typeof name !== "string" && typeof name !== "number"))
    return undefined;
  return Object.hasOwn(value, name) ? (value as HclMap)[String(name)] : undefined;
}

const allOf = <T>(values: readonly (T | undefined)[]): readonly T[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

/** The value of an expression of constants, of what the scope has, and of arithmetic with them; undefined for any other. */
export function evaluate(expression: Expression, scope: Scope): HclValue | undefined {
  const value = (part: Expression): HclValue | undefined => evaluate(part, scope);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "traversal": {
      const start: HclValue | undefined = Object.hasOwn(scope, expression.root) ? scope[expression.root] : undefined;
      return expression.steps.reduce(
        (at, step) => stepInto(at, step, "index" in step ? value(step.index) : undefined),
        start,
      );
    }
    case "template": {
      if (expression.pieces === undefined) return undefined;
      const texts = allOf(expression.pieces.map((piece) => (typeof piece === "string" ? piece : value(piece))));
      if (texts === undefined || texts.some((text) => typeof text === "object")) return undefined;
      return expression.isWrapper ? value(expression.parts[0] ?? expression) : texts.map(String).join("");
    }
    case "tuple":
      return allOf(expression.items.map(value));
    case "object": {
      const keys = expression.items.map(({ key }) =>
        key.kind === "traversal" && key.steps.length === 0 ? key.root : value(key),
      );
      const values = allOf(expression.items.map((item) => value(item.value)));
      const names = allOf(
        keys.map((key) => (typeof key === "string" || typeof key === "number" ? String(key) : undefined)),
      );
      return names && values && Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    }
    case "call": {
      const [only, ...more] = expression.parts.map(value);
      return only === undefined || more.length > 0 ? undefined : FUNCTIONS[expression.name]?.(only);
    }
    case "compound": {
      const { operators, parts } = expression;
      if (operators === undefined && !isParenthesised(expression)) return undefined;
      const values = allOf(parts.map(value));
      return values && operation(values, operators ?? []);
    }
  }
}

/** One part, and a character on either side of it. Negations have theirs only before it. */
const isParenthesised = ({ parts: [only, ...more], start, end }: Extract<Expression, { kind: "compound" }>): boolean =>
  only !== undefined && more.length === 0 && only.start > start && only.end < end;

/** The constants among the local values of a configuration. */
function localsOf(configuration: Configuration): Scope {
  const attributes = configuration.files.flatMap(({ body }) =>
    blocksOf(body, "locals").flatMap((block) =>
      block.body.items.flatMap((item) => (item.kind === "attribute" ? [item] : [])),
    ),
  );
  const known = attributes.flatMap(({ name, value }) => {
    const one = evaluate(value, {});
    return one === undefined ? [] : [[name.text, one] as const];
  });
  return { local: Object.fromEntries(known) };
}

const scopeOf = oncePer(localsOf);

/** An instance of a block: its index, and what its expressions go by. */
export interface BlockInstance {
  readonly index: string | number | undefined;
  readonly scope: Scope;
}

/** More instances than these are not gone through. */
const MAX_INSTANCES = 10_000;

/** The instances of a block; undefined where `count` or `for_each` is not known here. */
export function instancesOf(
  configuration: Configuration,
  { block, repeated }: ObjectBlock,
): readonly BlockInstance[] | undefined {
  const scope = scopeOf(configuration);
  if (repeated === undefined) return [{ index: undefined, scope }];
  const attribute = attributeOf(block.body, repeated);
  const value = attribute && evaluate(attribute.value, scope);
  if (repeated === "count") {
    if (typeof value !== "number" || value > MAX_INSTANCES) return undefined;
    return Array.from({ length: value }, (_, index) => ({ index, scope: { ...scope, count: { index } } }));
  }
  if (typeof value !== "object" || value === null) return undefined;
  const items: HclValues | undefined = Array.isArray(value) ? value : undefined;
  if (items?.some((one) => typeof one !== "string") === true) return undefined;
  const entries = items?.map((one) => [textOf(one), one] as const) ?? Object.entries(value as HclMap);
  return entries.map(([key, one]) => ({ index: key, scope: { ...scope, each: { key, value: one } } }));
}
