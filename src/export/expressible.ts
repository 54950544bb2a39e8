import { checkObject, checkReserved } from "../../lib/model/checks/object";
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import { toTemplate } from "../../lib/model/expression";
import type { Field } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../lib/model/known";
import { advice, spelled } from "../../lib/model/problem";
import { isNone, sameValue } from "../../lib/model/spelling";
import { jsonText } from "../../lib/model/escape";
import { shown } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/region/live-objects";
import { canBeLookedUp, lookUpsOf, nameOf, referencesOf, type Selection, titleOf } from "./selection";

/** A selection as a configuration can say it, and what it can't, in sentences. */
export interface Expressible extends Selection {
  /** What stands in the way of using it on another region. */
  readonly notes: readonly string[];
  readonly leftOut: readonly string[];
}

/** Whether the value is what MAAS starts with, or takes where nothing is said. */
function isUsual(field: Field, value: Value, attributes: Attributes): boolean {
  if (field.presence !== "optional") return value === null;
  return [field.default, field.startsWith?.(attributes), null].some(
    (usual) => usual !== undefined && sameValue(field, value, usual),
  );
}

/** Whether a configuration can say that there is none, so that somebody who sets one later is noticed. */
const canSayNone = ({ type, clearable, references, names }: Field): boolean =>
  clearable === true && (type === "string" ? references === undefined || names !== undefined : Array.isArray(type));

/**
 * What is said of a field: what MAAS reports, so that a later change by others is drift. Undefined for what need not be said,
 * since it is expected anyway, and what can't be.
 */
function saidOf(field: Field, { attributes, comesWithParent }: LiveObject): Value | undefined {
  const value = attributes[field.name];
  if (value === undefined || !isKnown(value)) return undefined;
  // What MAAS made with its parent, and nobody has set anything of, is left to that.
  if (field.presence !== "optional" || comesWithParent === true)
    return isUsual(field, value, attributes) ? undefined : value;
  if (field.default !== undefined && sameValue(field, value, field.default)) return undefined;
  if (!isNone(field, value)) return value;
  return canSayNone(field) ? (field.type === "string" ? "" : []) : undefined;
}

/** The object with what is to be said of it. */
function brief(object: LiveObject): LiveObject {
  const said = DOCUMENT_KINDS[object.kind].fields.flatMap((field) => {
    const value = saidOf(field, object);
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return { ...object, attributes: Object.fromEntries(said) };
}

/** The object without the optional attributes that no configuration may have; undefined when even that is refused. */
function sound(object: LiveObject, say: (sentence: string) => void): LiveObject | undefined {
  const { kind, fields } = DOCUMENT_KINDS[object.kind];
  if (kind === undefined) return object;
  const [fault] = checkObject(kind, object.attributes);
  if (fault === undefined) return object;
  const { attribute, what } = spelled(fault);
  const refused = fields.find(({ name, presence }) => name === attribute && presence === "optional")?.name;
  if (refused === undefined || object.attributes[refused] === undefined) {
    say(`${titleOf(object)}: ${what}${canBeLookedUp(object) ? "; what refers to it looks it up" : ""}`);
    return undefined;
  }
  say(`${refused} of ${titleOf(object)}: ${what}`);
  const { [refused]: _refused, ...attributes } = object.attributes;
  return sound({ ...object, attributes }, say);
}

/** What can be managed on this region only. */
function boundTo(object: LiveObject): string[] {
  const isEverywhere = object.kind === "fabric" && object.id === "0";
  const [reserved] = isEverywhere ? [] : checkReserved(KINDS[object.kind], object.attributes);
  return reserved === undefined ? [] : [`${titleOf(object)}: on another region, ${reserved.what}. ${advice(reserved)}`];
}

/**
 * What of a selection a configuration can say, briefly. What the checks of constructs refuse though the region has it is
 * left out, attribute by attribute where that will do. What refers to it looks it up where that is possible, so that no
 * name takes a whole fabric along; else it is left out too.
 */
export function expressible({ managed, lookedUp }: Selection): Expressible {
  const leftOut: string[] = [];
  const kept = new Map<string, LiveObject>();
  const refused: LiveObject[] = [];
  for (const object of managed) {
    const fit = sound(brief(object), (sentence) => leftOut.push(sentence));
    if (fit === undefined) refused.push(object);
    else if (kept.has(nameOf(fit))) leftOut.push(`${titleOf(fit)}: there are several, and nothing tells them apart`);
    else kept.set(nameOf(fit), fit);
  }
  const candidates = [...lookedUp, ...refused.filter(canBeLookedUp)];
  const found = new Set(candidates.map(nameOf));
  const isBroken = (object: LiveObject): boolean =>
    !referencesOf(object).every((reference) => kept.has(nameOf(reference)) || found.has(nameOf(reference)));
  for (let broken = [...kept.values()].filter(isBroken); broken.length > 0;) {
    for (const object of broken) {
      kept.delete(nameOf(object));
      leftOut.push(`${titleOf(object)}: what it refers to is left out, or not there`);
    }
    broken = [...kept.values()].filter(isBroken);
  }
  const objects = [...kept.values()];
  return { managed: objects, lookedUp: lookUpsOf(objects, candidates), leftOut, notes: objects.flatMap(boundTo) };
}

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
  const inside = jsonText(text).slice(1, -1);
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
