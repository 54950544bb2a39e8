import { DOCUMENT_ORDER } from "../../../../lib/model/document";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import { type Field, isReplacedBy, isUnreported, type KindName } from "../../../../lib/model/field";
import type { KeyForm } from "../../../../lib/model/kind";
import { findField, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import {
  attributeEntries,
  type AttributeName,
  type Attributes,
  isKnown,
  type Value,
} from "../../../../lib/model/known";
import { inNaturalOrder } from "../../../../lib/model/lists";
import { sameValue, withoutEmptyText } from "../../../../lib/model/spelling";
import { plannedState } from "../../objects/planned-state";
import type { LiveObject } from "../../region/live-objects";
import { withInterfaces, withReferences } from "./other-keys";
import { byName, type DesiredObject, type LiveState, nameOf } from "./read-live";
import { isLeftAlone, removal, switchedOff } from "./removal";
import { Renames, type Sides, withUnmade } from "./renames";

/**
 * What is to happen to an object. `replace`: MAAS can't change it so, and it is deleted and recreated. `release`: it was
 * adopted, so that it is restored and not deleted.
 */
export type Action = "create" | "update" | "replace" | "delete" | "release";

/** One attribute that is not as desired. */
export interface Difference {
  readonly name: AttributeName;
  readonly live: Value;
  readonly desired: Value;
}

/** One object that is not as desired. Plain data; references hold natural keys. */
export interface Change {
  readonly action: Action;
  readonly kind: ManagedKindName;
  /** Its natural key, when it is as desired. */
  readonly key: string;
  /** Where the user said it. */
  readonly path: string;
  /** MAAS's id; absent = the region does not have it. */
  readonly id?: string;
  /** Its natural key on the region, where that is another one. */
  readonly liveKey?: string;
  /** What the region has; absent = it does not have it. */
  readonly live?: Attributes;
  /** What it is to have; absent = it is to go. What MAAS decides is `UNKNOWN`. */
  readonly desired?: Attributes;
  readonly differences: readonly Difference[];
  /** What a released object is restored to, where that is known. */
  readonly original?: Attributes;
}

/**
 * What an unreported attribute may be on the region: what is recorded of it, or what a run that was cut off was to set. Another
 * value than the desired one comes first, so that it is sent again rather than taken to be there.
 */
function unreportedValue(field: Field, desired: Value, { formers, isRecorded }: Known): Value {
  const recorded = formers.flatMap(({ attributes, planned = {} }) => [
    attributes[field.name] ?? null,
    ...(field.name in planned ? [planned[field.name] ?? null] : []),
  ]);
  if (recorded.length === 0) return isRecorded ? null : desired;
  const [other = desired] = recorded.filter((value) => !sameValue(field, value, desired));
  return other;
}

/** The live attributes with those that MAAS never reports. */
function withUnreported(kind: ManagedKindName, live: Attributes, desired: Attributes, known: Known): Attributes {
  const told = KINDS[kind].fields
    .filter((field) => isUnreported(field) && live[field.name] === undefined)
    .map((field) => [field.name, unreportedValue(field, desired[field.name] ?? null, known)] as const);
  return { ...live, ...Object.fromEntries(told) };
}

/** Where the key names an interface, it has told already that that is the one which is meant, by whatever name. */
function withInterfaceName(kind: ManagedKindName, live: Attributes, desired: Attributes): Attributes {
  const { fields, key } = KINDS[kind];
  const forms = key.forms.map((form: KeyForm) => (typeof form === "string" ? form : form.text));
  const names = fields.filter(
    ({ name, namesInterface }) => namesInterface === true && forms.every((form) => form.includes(`{${name}}`)),
  );
  return { ...live, ...Object.fromEntries(names.map(({ name }) => [name, desired[name] ?? live[name] ?? null])) };
}

/** What former runs tell of an object. */
interface Known {
  readonly formers: readonly DesiredObject[];
  /** See {@link Sides.isRecorded}. */
  readonly isRecorded: boolean;
}

/** Whether an object gets back the value that it has on record, which somebody else has changed. */
function isRestored(field: Field, wanted: Attributes, { formers }: Known): boolean {
  if (field.isRestored !== true || formers.length === 0) return false;
  return formers.every(({ attributes }) =>
    sameValue(field, attributes[field.name] ?? null, wanted[field.name] ?? null),
  );
}

/** Compares a desired object with the live one. Undefined = they are alike. */
function compare(
  desired: DesiredObject,
  found: LiveObject,
  liveKey: string,
  known: Known,
  live: LiveState,
): Change | undefined {
  const { formers } = known;
  const { kind, key, path } = desired;
  const named = withInterfaceName(kind, found.attributes, desired.attributes);
  const prior = withUnreported(kind, named, desired.attributes, known);
  const configured = formers.flatMap(({ attributes }) => Object.keys(attributes));
  const planned = plannedState(KINDS[kind], { prior, config: desired.attributes, configured });
  const kept = Object.fromEntries((desired.ignoreChanges ?? []).map((name) => [name, prior[name] ?? null]));
  const attributes = { ...withoutEmptyText(KINDS[kind], planned.attributes), ...kept };
  const differences = DOCUMENT_KINDS[kind].fields.flatMap((field): Difference[] => {
    const [live, wanted] = [prior[field.name] ?? null, attributes[field.name] ?? null];
    const isDecided = field.presence !== "computed" && isKnown(wanted);
    return !isDecided || sameValue(field, live, wanted) ? [] : [{ name: field.name, live, desired: wanted }];
  });
  if (differences.length === 0) return undefined;
  const after = withUnmade(kind, found.id, attributes, {
    isThere: (target, name) => live.findNamed(target, name) !== undefined,
    wouldComeWith: (target, parentKey, id) => live.wouldComeWith(target, parentKey, id),
  });
  const isReplaced = differences
    .map(({ name }) => findField(KINDS[kind], name))
    .some((field) => isReplacedBy(field, prior, after) && !isRestored(field, attributes, known));
  const renamed = liveKey !== key && { liveKey };
  // What is made anew has nothing of what MAAS has chosen for the live one.
  const wanted = isReplaced ? newState(kind, { ...desired.attributes, ...kept }) : wantedOf(kind, attributes);
  return {
    action: isReplaced ? "replace" : "update",
    ...{ kind, key, path, id: found.id, ...renamed, live: prior, desired: wanted, differences },
  };
}

/** What a plan tells of the attributes that are aimed for. */
function wantedOf(kind: ManagedKindName, attributes: Attributes): Attributes {
  const own = DOCUMENT_KINDS[kind].fields.filter(({ presence }) => presence !== "computed");
  return Object.fromEntries(own.map(({ name }) => [name, attributes[name] ?? null]));
}

/** The attributes of an object that is made. */
function newState(kind: ManagedKindName, said: Attributes): Attributes {
  const { attributes } = plannedState(KINDS[kind], { prior: undefined, config: said, configured: [] });
  return wantedOf(kind, withoutEmptyText(KINDS[kind], attributes));
}

function creation({ kind, key, path, attributes }: DesiredObject): Change {
  const desired = newState(kind, attributes);
  const differences = attributeEntries(desired)
    .filter(([, value]) => value !== null && isKnown(value))
    .map(([name, value]) => ({ name, live: null, desired: value }));
  return { action: "create", kind, key, path, desired, differences };
}

/** An object that stays as it is wanted and has to be made again all the same: MAAS deletes it along with another one. */
export function recreation(desired: DesiredObject, found: LiveObject, live: Attributes): Change {
  const kept = (desired.ignoreChanges ?? []).map((name) => [name, live[name] ?? null] as const);
  const attributes = { ...desired.attributes, ...Object.fromEntries(kept) };
  return { ...creation({ ...desired, attributes }), action: "replace", id: found.id, live };
}

const rank = (kind: ManagedKindName): number => DOCUMENT_ORDER.indexOf(kind);

export const inOrder = (changes: readonly Change[]): Change[] =>
  inNaturalOrder(
    changes,
    ({ kind }) => rank(kind),
    ({ key }) => key,
    ({ action }) => action,
  );

/** How the two sides differ. */
export interface Diff {
  /** Sorted by kind and key. */
  readonly changes: readonly Change[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
  /** The ids of live objects, under those keys and the ones that they have. */
  readonly ids: ReadonlyMap<string, string>;
  /** What the record has of live objects, by their kind and id: under each name that a run which was cut off has left. */
  readonly known: ReadonlyMap<string, readonly DesiredObject[]>;
  /** The key that an object of the record is to go on under; undefined = it keeps its own. */
  readonly keyNow: (kind: KindName, key: string) => string | undefined;
}

/** What differs between what is wanted and what there is: the same for the same sides, whatever their order. */
export function diff(sides: Sides): Diff {
  // A document may name a rack or a machine by its system id.
  const desired = sides.desired.map((object) => ({
    ...object,
    attributes: withInterfaces(
      object.kind,
      withReferences(object.kind, object.attributes, (kind, key) => sides.live.findNamed(kind, key)?.key),
      (owner, key) => sides.live.interfaceName(owner, key),
    ),
  }));
  const renames = new Renames({ ...sides, desired });
  const { live } = renames;
  const keys = new Map(sides.live.objects.map(({ kind, id, key }) => [nameOf(kind, id), key]));
  const liveKeyOf = ({ kind, id, key }: LiveObject): string => keys.get(nameOf(kind, id)) ?? key;
  // By its id first: somebody else's object may have its name by now.
  const liveOf = ({ kind, key, id }: DesiredObject): LiveObject | undefined =>
    (id === undefined ? undefined : live.withId(kind, id)) ?? live.find(kind, renames.keyNow(kind, key) ?? key);
  const formers = sides.recorded.map((former) => ({ former, there: liveOf(former) }));
  const known = new Map<string, DesiredObject[]>();
  for (const { former, there } of formers) {
    if (there === undefined) continue;
    const name = nameOf(there.kind, there.id);
    known.set(name, [...(known.get(name) ?? []), former]);
  }
  const recorded = byName(sides.recorded);
  const changes = desired.map((object) => {
    const found = live.find(object.kind, object.key);
    if (found === undefined) return creation(object);
    const liveKey = liveKeyOf(found);
    const named = recorded.get(nameOf(object.kind, object.key));
    const told = known.get(nameOf(found.kind, found.id)) ?? (named === undefined ? [] : [named]);
    return compare(object, found, liveKey, { formers: told, isRecorded: sides.isRecorded === true }, live);
  });
  const wanted = byName(desired);
  // A document may have come to call a live object by another of its names.
  const claimed = new Set(
    desired.flatMap(({ kind, key }) => {
      const found = live.find(kind, key);
      return found === undefined ? [] : [nameOf(kind, found.id)];
    }),
  );
  const lookedUp = new Set(
    (sides.lookedUp ?? []).flatMap(({ kind, key }) => {
      const found = sides.live.findNamed(kind, key);
      return found === undefined ? [] : [nameOf(kind, found.id)];
    }),
  );
  const isLookedUp = ({ action, kind, id = "" }: Change): boolean =>
    action === "delete" && lookedUp.has(nameOf(kind, id));
  const renamed = (kind: ManagedKindName, attributes: Attributes): Attributes =>
    withReferences(kind, attributes, (target, name) => renames.keyNow(target, name));
  const removed = formers.flatMap(({ former, there }) => {
    const { kind, attributes, planned } = former;
    const object: DesiredObject = {
      ...{ ...former, attributes: renamed(kind, attributes) },
      ...(planned && { planned: renamed(kind, planned) }),
    };
    const key = renames.keyNow(kind, object.key) ?? object.key;
    const found = wanted.has(nameOf(kind, key)) ? undefined : (there ?? switchedOff(object, live));
    if (found === undefined || claimed.has(nameOf(kind, found.id))) return [];
    return removal(object, found, object.key).filter((change) => !isLookedUp(change));
  });
  // After a run that was cut off, one live object may be on record under several keys.
  const removals = [...new Map(removed.map((change) => [nameOf(change.kind, change.id ?? ""), change])).values()];
  const ended = new Set(removals.filter(({ action }) => action === "delete").map(({ kind, key }) => nameOf(kind, key)));
  const names = [...sides.live.objects, ...live.objects].map(({ kind, key, id }) => [nameOf(kind, key), id] as const);
  return {
    changes: inOrder([
      ...changes.filter((change) => change !== undefined),
      ...removals.filter((change) => !isLeftAlone(change, ended)),
    ]),
    live,
    ids: new Map(names),
    known,
    keyNow: (kind, key) => renames.keyNow(kind, key),
  };
}
