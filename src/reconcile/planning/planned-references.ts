import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import type { Kind } from "../../../lib/model/kind";
import { findField, type KindName, KINDS } from "../../../lib/model/kinds";
import { type AttributeName, type Attributes, isKnown, textAt, UNKNOWN } from "../../../lib/model/known";
import { canonicalKey, formatKey, partsAmong } from "../../../lib/model/natural-key";
import type { Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { tryResolve } from "../objects/references";
import { isReference, type RegionObjects } from "../objects/region-objects";
import { liveObject } from "../region/live-network";
import { wouldBeDefaultVlan } from "../region/live-objects";
import { OWN } from "./planned-network";
import type { Checked } from "./side-effects";
import { findingsAt, problemOn } from "./rule-findings";

/** What a reference means: an object of this run, as it is planned, or one of the region. Undefined = not known yet. */
async function targetOf(
  { region, planned }: Checked,
  kind: KindName,
  key: string,
): Promise<DocumentObject | undefined> {
  const called = (name: string): string => `${KINDS[kind].title} ${name}`;
  const id = await tryResolve(region, kind, key);
  if (id === undefined) {
    const isMeant = (attributes: Attributes): boolean =>
      formatKey(kind, partsAmong(kind, attributes) ?? {}) === canonicalKey(kind, key);
    const made = [...planned.of(kind)].find((each) => each.id === undefined && isMeant(each.attributes ?? {}));
    return made && { key, path: called(key), origin: "adopt", attributes: made.attributes ?? {} };
  }
  const own = planned.find(kind, id)?.attributes;
  const row = own === undefined ? await region.snapshot.read(KINDS[kind].api.collection, id) : undefined;
  const attributes = own ?? (row && liveObject(KINDS[kind], row).attributes);
  const name = attributes && formatKey(kind, partsAmong(kind, attributes) ?? {});
  return attributes && { key: id, path: called(name ?? id), origin: "adopt", attributes };
}

/** Checks a changed object with what it refers to, as this run plans that, or as the region has it. */
export async function checkWithReferences(checked: Checked, attributes: Attributes): Promise<Problem[]> {
  const { kind, own } = checked;
  const references = kind.fields.flatMap(({ name, references: target }) =>
    target === undefined ? [] : [{ name, target, value: attributes[name] }],
  );
  if (!own.isChanged || references.length === 0) return [];
  const found = await Promise.all(
    references.map(async ({ name, target, value }) => {
      const object = typeof value === "string" ? await targetOf(checked, target, value) : undefined;
      return { name, target, object };
    }),
  );
  const path = `this ${kind.title}`;
  const keys = Object.fromEntries(found.map(({ name, object }) => [name, object?.key ?? UNKNOWN]));
  const objects: Record<string, DocumentObject[]> = {
    [kind.name]: [{ key: OWN, path, origin: "create", attributes: { ...attributes, ...keys } }],
  };
  for (const { target, object } of found) {
    const there = (objects[target] ??= []);
    if (object !== undefined && !there.some(({ key }) => key === object.key)) there.push(object);
  }
  const document: NetworkDocument = { objects, suppressions: [] };
  return findingsAt(path, documentNetwork(document)).map((finding) => problemOn(kind, finding));
}

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
