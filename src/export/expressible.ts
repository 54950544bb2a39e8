import { checkObject } from "../../lib/model/checks/object";
import { checkReserved } from "../../lib/model/checks/object";
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import type { Field } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes, Value } from "../../lib/model/known";
import { sameValue } from "../../lib/model/spelling";
import { advice, spelled } from "../../lib/model/problem";
import type { LiveObject } from "../reconcile/region/live-objects";
import { canBeLookedUp, lookUpsOf, nameOf, referencesOf, type Selection, titleOf } from "./selection";

/** A selection as a configuration can say it, and what it can't, in sentences. */
export interface Expressible extends Selection {
  /** What stands in the way of using it on another region. */
  readonly notes: readonly string[];
  readonly leftOut: readonly string[];
}

/** Whether the value is what MAAS starts with, or takes where nothing is said. */
function isSilent(field: Field, value: Value, attributes: Attributes): boolean {
  if (value === null) return true;
  if (field.presence !== "optional") return false;
  return [field.default, field.startsWith?.(attributes), null].some(
    (silent) => silent !== undefined && sameValue(field, value, silent),
  );
}

/** The object with only what is worth saying: without defaults, and without what MAAS starts with. */
function brief(object: LiveObject): LiveObject {
  const { kind, attributes } = object;
  const said = DOCUMENT_KINDS[kind].fields
    .map((field) => [field, attributes[field.name] ?? null] as const)
    .filter(([field, value]) => !isSilent(field, value, attributes))
    .map(([{ name }, value]) => [name, value] as const);
  return { ...object, attributes: Object.fromEntries(said) };
}

/** The object without the optional attributes that no configuration may have; undefined when even that is refused. */
function sound(object: LiveObject, say: (sentence: string) => void): LiveObject | undefined {
  const { kind, fields } = DOCUMENT_KINDS[object.kind];
  if (kind === undefined) return object;
  const [fault] = checkObject(kind, object.attributes);
  if (fault === undefined) return object;
  const { attribute = "", what } = spelled(fault);
  const isOptional = fields.some(({ name, presence }) => name === attribute && presence === "optional");
  if (!isOptional || object.attributes[attribute] === undefined) {
    say(`${titleOf(object)}: ${what}${canBeLookedUp(object) ? "; what refers to it looks it up" : ""}`);
    return undefined;
  }
  say(`${attribute} of ${titleOf(object)}: ${what}`);
  const { [attribute]: _refused, ...attributes } = object.attributes;
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
