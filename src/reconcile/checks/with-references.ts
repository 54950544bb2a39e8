import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { type KindName, KINDS } from "../../../lib/model/kinds";
import { type Attributes, UNKNOWN } from "../../../lib/model/known";
import { canonicalKey, formatKey, partsAmong } from "../../../lib/model/natural-key";
import type { Problem } from "../../../lib/model/problem";
import { tryResolve } from "../references/lookups";
import { liveObject } from "../region/live-network";
import type { Checked } from "./checked";
import { OWN } from "./planned-network";
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
