import type { Kind } from "../../lib/model/kind";
import { findField } from "../../lib/model/kinds";
import { type AttributeName, type Attributes, isKnown, textAt } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { tryResolve } from "./references/lookups";
import { isReference, type RegionObjects } from "./region-objects";
import { wouldBeDefaultVlan } from "./region/live-objects";

/** What this run changes of the objects that the prior state refers to, as far as it has been planned. */
export async function changedElsewhere(
  objects: RegionObjects,
  kind: Kind,
  prior: Attributes | undefined,
): Promise<string[]> {
  const sources = new Set(kind.fields.flatMap(({ follows = [] }) => follows));
  const changed: string[] = [];
  for (const source of prior === undefined ? [] : sources) {
    const [reference, attribute] = source.split(".") as [AttributeName, AttributeName?];
    const { references } = findField(kind, reference);
    const key = textAt(prior, reference);
    if (attribute === undefined || references === undefined || key === undefined) continue;
    if (!objects.planned.hasAny(references)) continue;
    const id = await tryResolve(objects.region, references, key, "before");
    if (id !== undefined && objects.planned.has(references, id, attribute)) changed.push(source);
  }
  return changed;
}

/** The reference to the parent, where MAAS would take the object for the one that it made with that parent. */
export async function becomesDefaultIn(
  objects: RegionObjects,
  kind: Kind,
  prior: Attributes | undefined,
  config: Attributes,
): Promise<AttributeName[]> {
  const parent = kind.withParent?.parent;
  const key = textAt(config, parent);
  if (prior === undefined || parent === undefined || key === undefined || key === prior[parent]) return [];
  const { references } = findField(kind, parent);
  const id = references && (await tryResolve(objects.region, references, key, "after"));
  const isDefault = id !== undefined && (await wouldBeDefaultVlan(objects.region, id, textOf(prior.id)));
  return isDefault ? [parent] : [];
}

/** The configuration with each reference as the state has it, where the two name one object. */
export async function inPriorSpelling(
  objects: RegionObjects,
  kind: Kind,
  prior: Attributes | undefined,
  config: Attributes,
): Promise<Attributes> {
  if (prior === undefined) return config;
  const kept: Attributes = {};
  for (const field of kind.fields.filter(isReference)) {
    const before = prior[field.name] ?? null;
    const wanted = config[field.name] ?? null;
    if (wanted === null || !isKnown(wanted) || before === wanted) continue;
    if (await objects.means(field, before, wanted, prior, "after")) kept[field.name] = before;
  }
  return { ...config, ...kept };
}
