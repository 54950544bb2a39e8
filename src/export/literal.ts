import { shown } from "../../lib/model/text";
import { toTemplate } from "../../lib/model/expression";

/** Width of a line of source. */
export const WIDTH = 120;

/** What is two columns wide: the letters of East Asia and emoji (Unicode Standard Annex 11, as Prettier counts). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]/gu;

/** Whether a line of source is short enough. */
const fits = (line: string): boolean =>
  [...line.replace(/\p{M}/gu, "")].length + (line.match(WIDE)?.length ?? 0) <= WIDTH;

const count = (text: string, quote: string): number => text.split(quote).length - 1;

/** A text as TypeScript writes it, in the quotes that need fewer escapes. */
export function quoted(text: string): string {
  const inside = shown(JSON.stringify(text)).slice(1, -1);
  if (count(text, '"') <= count(text, "'")) return `"${inside}"`;
  const turned = inside.replace(/\\.|'/g, (match) => (match === "'" ? "\\'" : match === '\\"' ? '"' : match));
  return `'${turned}'`;
}

/** A text for Terraform, which reads every text as a template. */
export const terraformText = (text: string): string => quoted(toTemplate(text));

/** A property of an object literal: its name and its code, a list's element by element. */
export interface Property {
  readonly name: string;
  readonly code: string | readonly string[];
}

const flatCode = (code: Property["code"]): string => (typeof code === "string" ? code : `[${code.join(", ")}]`);

const flat = ({ name, code }: Property): string => (code === name ? name : `${name}: ${flatCode(code)}`);

/** A property in lines of its own, broken where it is too long. */
function lines(property: Property, indent: string): string[] {
  const line = `${indent}${flat(property)},`;
  if (fits(line)) return [line];
  const { name, code } = property;
  if (typeof code === "string") return [`${indent}${name}:`, `${indent}  ${code},`];
  return [`${indent}${name}: [`, ...code.map((item) => `${indent}  ${item},`), `${indent}],`];
}

/** A call with arguments, of which the last may be an object. */
export interface Call {
  /** What stands before the parenthesis, such as `const lab = new Fabric`. */
  readonly head: string;
  readonly args: readonly string[];
  readonly properties?: readonly Property[];
  /** What stands after the parenthesis. */
  readonly tail: string;
}

/** The call as Prettier lays it out: in one line, or with its object broken, or with its arguments broken. */
export function callLines({ head, args, properties = [], tail }: Call, indent: string): string[] {
  const object = properties.length === 0 ? [] : [`{ ${properties.map(flat).join(", ")} }`];
  const line = `${indent}${head}(${[...args, ...object].join(", ")})${tail}`;
  if (fits(line)) return [line];
  const first = `${indent}${head}(${[...args, "{"].join(", ")}`;
  const body = (inner: string): string[] => properties.flatMap((property) => lines(property, inner));
  if (properties.length > 0 && fits(first)) return [first, ...body(`${indent}  `), `${indent}})${tail}`];
  const inner = `${indent}  `;
  const last = object
    .map((code) => `${inner}${code},`)
    .flatMap((whole) => (fits(whole) ? [whole] : [`${inner}{`, ...body(`${inner}  `), `${inner}},`]));
  return [`${indent}${head}(`, ...args.map((code) => `${inner}${code},`), ...last, `${indent})${tail}`];
}

/** A comment, wrapped at the width of a line. */
export function commentLines(text: string, indent: string): string[] {
  const wrapped: string[] = [];
  for (const word of text
    .split(/\s+/)
    .map(shown)
    .filter((part) => part !== "")) {
    const last = wrapped.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) wrapped[wrapped.length - 1] = `${last} ${word}`;
    else wrapped.push(`${indent}// ${word}`);
  }
  return wrapped;
}
