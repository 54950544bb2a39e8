/** A piece of a text: offsets into it, in UTF-16 units. The text itself is never copied, so that nothing of it is lost. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text without interpolations, a number, a truth value or null. */
export interface Literal extends Span {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
}

/** A text with interpolations or directives: quoted, or a heredoc. */
export interface Template extends Span {
  readonly kind: "template";
  readonly parts: readonly Expression[];
  /** The constant texts and the interpolations in their order; absent where there are directives. */
  readonly pieces?: readonly (string | Expression)[];
  /** The template is one interpolation and nothing else: `"${maas_vlan.v.id}"`. */
  readonly isWrapper: boolean;
}

/** A step of a traversal: `.id`, `[each.key]` or `[*]`. */
export type Step = Span & ({ readonly name: string } | { readonly index: Expression } | { readonly splat: true });

/** A reference: `maas_vlan.v["a"].id`. */
export interface Traversal extends Span {
  readonly kind: "traversal";
  readonly root: string;
  readonly steps: readonly Step[];
}

export interface Tuple extends Span {
  readonly kind: "tuple";
  readonly items: readonly Expression[];
}

export interface ObjectItem extends Span {
  readonly key: Expression;
  readonly value: Expression;
}

export interface ObjectValue extends Span {
  readonly kind: "object";
  readonly items: readonly ObjectItem[];
}

export interface Call extends Span {
  readonly kind: "call";
  readonly name: string;
  readonly parts: readonly Expression[];
}

/** What is mostly looked through for references only: operations, conditions, `for`, parentheses. */
export interface Compound extends Span {
  readonly kind: "compound";
  readonly parts: readonly Expression[];
  /** Of an operation: what stands between the parts, in their order. */
  readonly operators?: readonly string[];
}

export type Expression = Literal | Template | Traversal | Tuple | ObjectValue | Call | Compound;

export interface Attribute extends Span {
  readonly kind: "attribute";
  readonly name: Span & { readonly text: string };
  readonly value: Expression;
}

export interface Label extends Span {
  readonly text: string;
}

export interface Block extends Span {
  readonly kind: "block";
  readonly type: Label;
  readonly labels: readonly Label[];
  /** Between the braces. */
  readonly body: Body;
}

export interface Body extends Span {
  readonly items: readonly (Attribute | Block)[];
}

/** The attribute of that name. */
export const attributeOf = ({ items }: Body, name: string): Attribute | undefined =>
  items.find((item): item is Attribute => item.kind === "attribute" && item.name.text === name);

/** The blocks of that type. */
export const blocksOf = ({ items }: Body, type: string): Block[] =>
  items.filter((item): item is Block => item.kind === "block" && item.type.text === type);

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "tuple":
      return expression.items;
    case "object":
      return expression.items.flatMap(({ key, value }) => [key, value]);
    case "traversal":
      return expression.steps.flatMap((step) => ("index" in step ? [step.index] : []));
    case "template":
    case "call":
    case "compound":
      return expression.parts;
  }
}

/** Every reference in an expression, the outer ones first. */
export function* traversalsIn(expression: Expression): Generator<Traversal> {
  if (expression.kind === "traversal") yield expression;
  for (const part of partsOf(expression)) yield* traversalsIn(part);
}

/** Every attribute of a body and of the blocks in it. */
export function* attributesIn({ items }: Body): Generator<Attribute> {
  for (const item of items) {
    if (item.kind === "attribute") yield item;
    else yield* attributesIn(item.body);
  }
}
