import type { DocumentObject, NetworkDocument } from "../../../../lib/model/document";
import type { DocumentKindName } from "../../../../lib/model/document/kinds";
import type { DesiredObject } from "../../../../src/reconcile/engine/plan/read-live";

/** Something that is somebody else's, found by its key. */
export const lookedUp = (key: string): DocumentObject => ({
  key,
  path: `lab/${key}`,
  origin: "look_up",
  attributes: {},
});

/** A document that wants these objects, and looks up the others. */
export function documentOf(
  objects: readonly DesiredObject[],
  others: Readonly<Partial<Record<DocumentKindName, readonly string[]>>> = {},
): NetworkDocument {
  const sections: Partial<Record<DocumentKindName, DocumentObject[]>> = {};
  for (const [kind, keys] of Object.entries(others)) sections[kind as DocumentKindName] = keys.map(lookedUp);
  for (const { kind, ...object } of objects) (sections[kind] ??= []).push(object);
  return { objects: sections, suppressions: [] };
}
