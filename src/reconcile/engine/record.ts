import { type DocumentObject, documentText, type NetworkDocument } from "../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import type { Attributes } from "../../../lib/model/known";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";

/**
 * The record of a run: a document of the objects that this user's runs have made or adopted. What is in it may be deleted
 * once it is no longer wanted; nothing else ever is.
 */
export interface RecordInput {
  readonly region: string;
  readonly document: NetworkDocument;
  readonly desired: readonly DesiredObject[];
  /** The record of the last run, and the objects in it. */
  readonly former: { readonly document: NetworkDocument; readonly objects: readonly DesiredObject[] } | undefined;
  /** The region before the run. */
  readonly live: LiveState;
}

/** Objects that were there before keep what they were: what they had when they were first adopted. */
function withOriginal(object: DesiredObject, former: DesiredObject | undefined, live: LiveState): DesiredObject {
  const { kind, key, origin } = object;
  const found = live.find(kind, key);
  const isFound = origin === "adopt" || kind === "rack_interface" || found?.comesWithParent === true;
  const original = former === undefined ? found?.attributes : former.original;
  return isFound && original !== undefined ? { ...object, original } : object;
}

function sections(objects: readonly DesiredObject[], lookedUp: readonly NetworkDocument[]): NetworkDocument["objects"] {
  const byKind = new Map<DocumentKindName, Map<string, DocumentObject>>();
  const add = (kind: DocumentKindName, object: DocumentObject): void => {
    const section = byKind.get(kind) ?? new Map<string, DocumentObject>();
    byKind.set(kind, section);
    if (!section.has(object.key)) section.set(object.key, object);
  };
  for (const { kind, ...object } of objects) add(kind, object);
  // What is only referred to, so that the record is a whole document.
  for (const { objects: all } of lookedUp)
    for (const kind of Object.keys(DOCUMENT_KINDS) as DocumentKindName[])
      for (const { key, path, origin } of all[kind] ?? [])
        if (origin === "look_up") add(kind, { key, path, origin, attributes: {} });
  return Object.fromEntries([...byKind].map(([kind, section]) => [kind, [...section.values()]]));
}

function text({ region, document, former }: RecordInput, objects: readonly DesiredObject[]): string {
  const lookedUp = former === undefined ? [document] : [document, former.document];
  return documentText({ apiUrl: region, objects: sections(objects, lookedUp), suppressions: [] });
}

/** What this run may set and a later one, that says nothing of it, has to empty where the region tells that it is there. */
function emptied({ kind, attributes }: DesiredObject): Attributes {
  const fields = DOCUMENT_KINDS[kind].fields.filter(
    ({ clearable, otherwise, receive }) => clearable === true && otherwise === undefined && receive !== undefined,
  );
  const given = fields.filter(({ name }) => attributes[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, attributes[name] ?? null]));
}

/**
 * The record before and after a run, as texts. The first one has the objects of both, the last run and this one: written
 * before anything is changed, it lets the next run finish one that was cut off at any moment.
 */
export function recordTexts(input: RecordInput): { readonly before: string; readonly after: string } {
  const { desired, former, live } = input;
  const formers = new Map((former?.objects ?? []).map((object) => [nameOf(object.kind, object.key), object]));
  const now = desired.map((object) => withOriginal(object, formers.get(nameOf(object.kind, object.key)), live));
  // Until the run is over an object counts as the last run left it.
  const underWay = now.map((object) => {
    const former = formers.get(nameOf(object.kind, object.key));
    return former === undefined ? object : { ...object, attributes: { ...emptied(object), ...former.attributes } };
  });
  return { before: text(input, [...underWay, ...formers.values()]), after: text(input, now) };
}
