import { canonicalDocument, type DocumentObject, type NetworkDocument } from "../../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import { isUnreported, type KindName } from "../../../../lib/model/field";
import { isReported } from "../../../../lib/model/kinds";
import { attributeEntries, type Attributes } from "../../../../lib/model/known";
import { isNone, noneOf, sameValue } from "../../../../lib/model/spelling";
import { beforeKey } from "../../../../lib/model/text";
import type { LiveObject } from "../../region/live-objects";
import type { Diff } from "./diff";
import { withReferences } from "./other-keys";
import { byName, type DesiredObject, type LiveState, nameOf } from "./read-live";
import { isMoved } from "./removal";

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
  /** What it has of live objects, by their kind and id. Absent = nothing. */
  readonly known?: Diff["known"];
  /** The keys that its objects are to go on under. Absent = their own. */
  readonly keyNow?: Diff["keyNow"];
  /** The region before the run. */
  readonly live: LiveState;
  /** The same, its objects under the keys that they are to go on under. Absent = nothing is renamed. */
  readonly renamed?: LiveState;
  /** Objects of others that the run changes only for a moment: see `clearedAlong`. Absent = none. */
  readonly passing?: readonly DesiredObject[];
  /** Whether the run leaves out what is to be made: then the objects of the last run stay on record. Absent = it does not. */
  readonly isPartial?: boolean;
}

/**
 * The object as a record has it. What was there before keeps what it was when it was first adopted; what was not there is
 * the run's own, whatever the document allows.
 */
function asRecord(
  object: DesiredObject,
  found: LiveObject | undefined,
  { live, formers, known }: Sources,
): DesiredObject {
  const { kind, origin, id: _, ...rest } = object;
  const former = formers.get(nameOf(kind, object.key)) ?? (found && known.get(nameOf(kind, found.id))?.[0]);
  const wasThere = former === undefined ? found !== undefined : former.origin === "adopt";
  const original = former === undefined ? found && (live.withId(kind, found.id) ?? found).attributes : former.original;
  const isFound = origin === "adopt" || isReported(kind) || found?.comesWithParent === true;
  return {
    ...{ ...rest, kind, origin: origin === "adopt" && !wasThere ? "create" : origin },
    ...(found && { id: found.id }),
    ...(isFound && original !== undefined && { original }),
  };
}

interface Sources {
  readonly live: LiveState;
  /** The objects of the last record by kind and key. */
  readonly formers: ReadonlyMap<string, DesiredObject>;
  readonly known: Diff["known"];
}

/** The objects that this one refers to. */
function referencesOf({ kind, attributes }: DesiredObject): { readonly kind: KindName; readonly key: string }[] {
  return DOCUMENT_KINDS[kind].fields.flatMap((field) => {
    const key = attributes[field.name];
    if (field.references === undefined || typeof key !== "string" || isNone(field, key)) return [];
    return [{ kind: field.references, key }];
  });
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
  for (const { kind, key } of objects.flatMap(referencesOf))
    add(kind, { key, path: `${beforeKey(DOCUMENT_KINDS[kind].title)} ${key}`, origin: "look_up", attributes: {} });
  return Object.fromEntries([...byKind].map(([kind, section]) => [kind, [...section.values()]]));
}

function recordOf({ region, document, former }: RecordInput, objects: readonly DesiredObject[]): NetworkDocument {
  const lookedUp = former === undefined ? [document] : [document, former.document];
  return canonicalDocument({ apiUrl: region, objects: sections(objects, lookedUp), suppressions: [] });
}

/** What this run may set and a later one, that says nothing of it, has to empty where the region tells that it is there. */
function emptied({ kind, attributes }: DesiredObject): Attributes {
  const fields = DOCUMENT_KINDS[kind].fields.filter(
    ({ clearable, default: defaultValue, jsonPath }) =>
      clearable === true && defaultValue === undefined && jsonPath !== undefined,
  );
  const given = fields.filter(({ name }) => attributes[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, attributes[name] ?? null]));
}

/**
 * The attributes that MAAS never reports, where the region may have another value than the recorded one until the run is over:
 * what it is to set, or, where that is the recorded one, what a run that was cut off may have set before.
 */
function unreportedChanges(
  { kind, attributes: desired }: DesiredObject,
  left: Attributes,
  begun: Attributes,
): Attributes {
  return Object.fromEntries(
    DOCUMENT_KINDS[kind].fields.filter(isUnreported).flatMap((field) => {
      const { name } = field;
      const candidates = [desired[name] ?? null, ...(name in begun ? [begun[name] ?? null] : [])];
      const [other] = candidates.filter((value) => !sameValue(field, value, left[name] ?? null));
      // A file has no null: empty text stands for it.
      return other === undefined ? [] : [[name, other ?? noneOf(field)] as const];
    }),
  );
}

const withoutUnreported = ({ kind, attributes }: DesiredObject): Attributes => {
  const unreported = new Set(DOCUMENT_KINDS[kind].fields.filter(isUnreported).map(({ name }) => name));
  return Object.fromEntries(attributeEntries(attributes).filter(([name]) => !unreported.has(name)));
};

/**
 * The object as the record of a run that is under way has it: as the last run left it, since only what has been done counts.
 * Where a node reports the object, also what is to be set, so that a run that is cut off is not taken for somebody else's
 * change; of any object, also what is to be set and can't be read again.
 */
function underWay(
  object: DesiredObject,
  same: DesiredObject | undefined,
  { live, keyNow }: { readonly live: Attributes | undefined; readonly keyNow: Diff["keyNow"] },
): DesiredObject {
  const { kind, attributes: desired } = object;
  if (same === undefined) {
    const planned = unreportedChanges(object, {}, {});
    return Object.keys(planned).length === 0 ? object : { ...object, attributes: withoutUnreported(object), planned };
  }
  const { planned: begun } = same;
  const isDone =
    isReported(kind) &&
    begun !== undefined &&
    live !== undefined &&
    !isMoved(kind, withReferences(kind, begun, keyNow), live);
  const left = isDone ? begun : same.attributes;
  const isChanged = isReported(kind) && isMoved(kind, left, desired);
  const planned = isChanged ? desired : unreportedChanges(object, left, begun ?? {});
  const isOpen = Object.keys(planned).length > 0;
  return { ...object, attributes: { ...emptied(object), ...left }, ...(isOpen && { planned }) };
}

/** The records of a run, each as a reader of its text gives it, and made each time that it is asked for. */
export interface RunRecords {
  /**
   * The objects of both, the last run and this one: written before anything is changed, it lets the next run finish one
   * that was cut off at any moment.
   */
  readonly before: NetworkDocument;
  /**
   * The same without objects that the run has not made, by kind and key, those of the last run apart: what is made under
   * their keys from now on is somebody else's.
   */
  readonly beforeWithout: (unmade: ReadonlySet<string>) => NetworkDocument;
  /** What is on record after the run, with the ids that are known before it. */
  readonly after: NetworkDocument;
  /** The same with the ids of the objects by kind and key, those that the run has made among them. */
  readonly afterWith: (ids: ReadonlyMap<string, string>) => NetworkDocument;
}

export function recordsOf(input: RecordInput): RunRecords {
  const {
    desired,
    former,
    known = new Map<string, DesiredObject[]>(),
    keyNow = () => undefined,
    live,
    renamed = live,
    passing = [],
    isPartial = false,
  } = input;
  const formerObjects = former?.objects ?? [];
  const formers = byName(formerObjects);
  const sources = { live, formers, known };
  const now = desired.map((object) => asRecord(object, renamed.find(object.kind, object.key), sources));
  // Until the run is over an object counts as the last run left it: also by its name, to which its id belongs.
  const begun = now.map(({ id, ...object }) => {
    const same = formers.get(nameOf(object.kind, object.key));
    const isNamedSo = id !== undefined && (same !== undefined || live.withId(object.kind, id)?.key === object.key);
    const found = renamed.find(object.kind, object.key);
    return underWay({ ...object, ...(isNamedSo && { id }) }, same, { live: found?.attributes, keyNow });
  });
  const afterWith = (ids: ReadonlyMap<string, string>): NetworkDocument =>
    recordOf(input, [
      ...now.map((object) => {
        const id = ids.get(nameOf(object.kind, object.key)) ?? object.id;
        return id === undefined ? object : { ...object, id };
      }),
      ...(isPartial ? formerObjects : []),
    ]);
  const beforeWithout = (unmade: ReadonlySet<string>): NetworkDocument => {
    const made = begun.filter((object) => !unmade.has(nameOf(object.kind, object.key)));
    return recordOf(input, [...made, ...formerObjects, ...passing]);
  };
  // A plan that is only shown needs none of the documents.
  return {
    get before() {
      return beforeWithout(new Set());
    },
    beforeWithout,
    get after() {
      return afterWith(new Map());
    },
    afterWith,
  };
}
