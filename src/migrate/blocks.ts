import { attributeOf, type Attribute, type Expression } from "./hcl/ast";
import type { ObjectBlock } from "./configuration";
import { type Context, told } from "./context";
import type { Edit } from "./edits";
import { traversalsIn } from "./hcl/ast";

/** An expression as a part of a text in quotes: the text itself of a constant or a template, else an interpolation. */
export function interpolated(expression: Expression, source: string): string {
  const isQuoted = /^"[\s\S]*"$/.test(source) && (expression.kind === "template" || expression.kind === "literal");
  if (isQuoted) return source.slice(1, -1);
  return expression.kind === "literal" && typeof expression.value !== "string" ? source : `\${${source}}`;
}

/** Edits that put another reference in place of each one that begins with these words. */
export function replacing(expression: Expression, words: string, other: string): Edit[] {
  const [root = "", ...names] = words.split(".");
  return [...traversalsIn(expression)].flatMap(({ root: own, start, steps }) => {
    const isIt = own === root && names.every((name, index) => nameOf(steps[index]) === name);
    const end = names.length === 0 ? start + root.length : (steps[names.length - 1]?.end ?? start);
    return isIt ? [{ start, end, text: other }] : [];
  });
}

const nameOf = (step: object | undefined): unknown => (step !== undefined && "name" in step ? step.name : undefined);

/** An attribute in a new block. */
export type Line = readonly [name: string, value: string];

/** Attributes with their equal signs in one column, as `terraform fmt` has them. */
export function aligned(lines: readonly Line[], indent = "  "): string[] {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}

/** A new block, with lines that are written already. */
export const blockText = (head: string, lines: readonly string[]): string => `${head} {\n${lines.join("\n")}\n}`;

/** A block that imports an object. */
export function importBlock(to: string, id: string, forEach?: string): string {
  const lines: Line[] = [...(forEach === undefined ? [] : [["for_each", forEach] as const]), ["to", to], ["id", id]];
  return blockText("import", aligned(lines));
}

/** What makes as many instances of a new resource as an object has: its `for_each` or `count`, and its provider. */
export function metaLines({ file, block, repeated }: ObjectBlock): Line[] {
  return [repeated, "provider"].flatMap((name) => {
    const attribute = name === undefined ? undefined : attributeOf(block.body, name);
    return attribute === undefined ? [] : [[attribute.name.text, file.edits.source(attribute.value)] as const];
  });
}

/** The index by which a repeated object's instance is named in a block that is repeated in the same way. */
export const indexOf = ({ repeated }: ObjectBlock): string =>
  repeated === undefined ? "" : repeated === "count" ? "[count.index]" : "[each.key]";

/** How the instances of a repeated object are gone through in an import block, which knows no `count`. */
export function importLoop({ file, block, repeated }: ObjectBlock): {
  readonly forEach?: string;
  readonly index: string;
} {
  const attribute = repeated && attributeOf(block.body, repeated);
  if (attribute === undefined) return { index: "" };
  const source = file.edits.source(attribute.value);
  return repeated === "count"
    ? { forEach: `{ for index in range(${source}) : tostring(index) => index }`, index: "[each.value]" }
    : { forEach: source, index: "[each.key]" };
}

/** The edits that make an expression of a repeated object fit for its import block. */
export const importEdits = ({ repeated }: ObjectBlock, expression: Expression): Edit[] =>
  repeated === "count" ? replacing(expression, "count.index", "each.value") : [];

/** Adds blocks behind that of an object. */
export function addAfter({ file, block }: Pick<ObjectBlock, "file" | "block">, blocks: readonly string[]): void {
  const { edits } = file;
  edits.insert(edits.lineEnd(block.end), blocks.map((text) => `\n\n${text}`).join(""));
}

/** An object that is to be imported. */
export interface Import {
  /** The address, with its index. */
  readonly to: string;
  /** The id, as an expression. */
  readonly id: string;
  readonly forEach?: string;
}

const isConstant = ({ id, forEach }: Import): boolean => forEach === undefined && !/(?<!\$)\$\{/.test(id);

/**
 * Adds a resource behind an object, and imports what it stands for. Terraform takes import blocks in the root module only:
 * for a module's resource they are kept for that, or left to the user where only the module knows the id.
 */
export function addImported(
  context: Context,
  object: ObjectBlock,
  resource: string | undefined,
  imports: readonly Import[],
): void {
  const { calls } = context;
  const own = resource === undefined ? [] : [resource];
  if (calls === undefined) {
    addAfter(object, [...own, ...imports.map(({ to, id, forEach }) => importBlock(to, id, forEach))]);
    return;
  }
  addAfter(object, own);
  const [only, ...others] = calls;
  const isOne = only !== undefined && others.length === 0 && !only.isRepeated;
  for (const one of imports) {
    const isWhole = one.to.startsWith("module.");
    const to = isWhole || only === undefined ? one.to : `${only.address}.${one.to}`;
    if (isConstant(one) && (isWhole || isOne)) {
      const [, call = ""] = /^module\.([\w-]+)/.exec(to) ?? [];
      context.rootImports.push({ call, block: importBlock(to, one.id) });
      told(context, object, "changed", `the import block of ${to} is in the root module`);
    } else
      told(
        context,
        object,
        "by hand",
        `write an import block for each instance of ${to} in the root module, which alone takes them: the id is START-END of a range, FABRIC:VID of DHCP`,
      );
  }
}

/** The attribute of an object's block. */
export const given = ({ block }: ObjectBlock, name: string): Attribute | undefined => attributeOf(block.body, name);
