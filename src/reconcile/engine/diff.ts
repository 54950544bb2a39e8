import { DOCUMENT_ORDER } from "../../../lib/model/document";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import type { LiveObject } from "../live-objects";
import { plannedState } from "../planned-state";
import type { Action, Change, Difference } from "./change";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";

/** What is wanted, what there is, and what former runs made. */
export interface Sides {
  readonly desired: readonly DesiredObject[];
  readonly live: LiveState;
  readonly recorded: readonly DesiredObject[];
}

const byName = <T extends { readonly kind: ManagedKindName; readonly key: string }>(
  objects: readonly T[],
): Map<string, T> => new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));

/** The attributes with other keys in their references, where there are others. */
function withReferences(
  kind: ManagedKindName,
  attributes: Attributes,
  keyOf: (kind: KindName, key: string) => string | undefined,
): Attributes {
  const changed = DOCUMENT_KINDS[kind].fields.flatMap(({ name, refers }) => {
    const value = attributes[name];
    const key = refers !== undefined && typeof value === "string" ? keyOf(refers, value) : undefined;
    return key === undefined ? [] : [[name, key] as const];
  });
  return { ...attributes, ...Object.fromEntries(changed) };
}

/** Descriptions that MAAS never returns are taken to be what they were recorded to be, or what they should be. */
function withHidden(kind: ManagedKindName, live: Attributes, desired: Attributes, recorded?: Attributes): Attributes {
  const hidden = KINDS[kind].fields.filter(({ send, receive }) => send !== undefined && receive === undefined);
  const told = hidden
    .filter(({ name }) => live[name] === undefined)
    .map(({ name }) => [name, (recorded ?? desired)[name] ?? null] as const);
  return { ...live, ...Object.fromEntries(told) };
}

/** Compares a desired object with the live one. Undefined = they are alike. */
function compare(desired: DesiredObject, found: LiveObject, recorded: DesiredObject | undefined): Change | undefined {
  const { kind, key, path } = desired;
  const prior = withHidden(kind, found.attributes, desired.attributes, recorded?.attributes);
  const configured = Object.keys(recorded?.attributes ?? {});
  const { attributes, replaces } = plannedState(KINDS[kind], { prior, config: desired.attributes, configured });
  const differences = DOCUMENT_KINDS[kind].fields.flatMap((field): Difference[] => {
    const [live, wanted] = [prior[field.name] ?? null, attributes[field.name] ?? null];
    const isDecided = field.presence !== "computed" && isKnown(wanted);
    return !isDecided || sameValue(field, live, wanted) ? [] : [{ name: field.name, live, desired: wanted }];
  });
  if (differences.length === 0) return undefined;
  const isReplaced = replaces.some((name) => differences.some((difference) => difference.name === name));
  return {
    action: isReplaced ? "replace" : "update",
    ...{ kind, key, path, id: found.id, live: prior, desired: wantedOf(kind, attributes), differences },
    ...(found.key !== key && { liveKey: found.key }),
  };
}

/** What a plan tells of the attributes that are aimed for. */
function wantedOf(kind: ManagedKindName, attributes: Attributes): Attributes {
  const own = DOCUMENT_KINDS[kind].fields.filter(({ presence }) => presence !== "computed");
  return Object.fromEntries(own.map(({ name }) => [name, attributes[name] ?? null]));
}

function creation({ kind, key, path, attributes }: DesiredObject): Change {
  const { attributes: planned } = plannedState(KINDS[kind], { prior: undefined, config: attributes, configured: [] });
  const desired = wantedOf(kind, planned);
  const differences = Object.entries(desired)
    .filter(([, value]) => value !== null && isKnown(value))
    .map(([name, value]) => ({ name, live: null, desired: value }));
  return { action: "create", kind, key, path, desired, differences };
}

/** The action that takes a recorded object out of the region; undefined = it is left as it is. */
function removalOf({ kind, origin, original, attributes }: DesiredObject): Action | undefined {
  if (kind === "rack_interface") return "release";
  if (origin === "adopt") return original === undefined ? undefined : "release";
  // The untagged VLAN goes with its fabric.
  if (kind === "vlan" && attributes.vid === 0) return original === undefined ? undefined : "release";
  return "delete";
}

/** Whether there is something to give back: nothing where it is so already, or where somebody has moved it since. */
function isToBeReleased({ kind, attributes, original }: DesiredObject, live: Attributes): boolean {
  if (kind === "rack_interface" && live.vlan !== attributes.vlan) return false;
  return (
    original === undefined ||
    KINDS[kind].fields
      .filter(({ name, receive }) => receive !== undefined && live[name] !== undefined)
      .some((field) => !sameValue(field, live[field.name] ?? null, original[field.name] ?? null))
  );
}

function removal(recorded: DesiredObject, found: LiveObject): Change[] {
  const action = removalOf(recorded);
  if (action === undefined) return [];
  if (action === "release" && !isToBeReleased(recorded, found.attributes)) return [];
  const { kind, key, path, original } = recorded;
  const { id, attributes: live } = found;
  return [{ action, kind, key, path, id, live, differences: [], ...(original && { original }) }];
}

/** Objects that are to go on under another key. */
class Renames {
  readonly #formers = new Map<DesiredObject, DesiredObject>();
  readonly #keys = new Map<string, string>();

  /**
   * Pairs recorded objects with desired ones that were said at the same place and that the region does not have: the same
   * object with another name, or other ends, wherever MAAS can change that in place.
   */
  constructor({ desired, live, recorded }: Sides) {
    const wanted = byName(desired);
    const dropped = recorded.filter(
      ({ kind, key }) => !wanted.has(nameOf(kind, key)) && live.find(kind, key) !== undefined,
    );
    const atPath = new Map(dropped.map((object) => [nameOf(object.kind, object.path), object]));
    // Kinds come in the order of their references, so that what an object belongs to has been looked at before it.
    for (const object of desired) {
      const former = atPath.get(nameOf(object.kind, object.path));
      if (former === undefined || live.find(object.kind, object.key) !== undefined) continue;
      const before = withReferences(object.kind, former.attributes, (kind, key) => this.keyNow(kind, key));
      const isKept = KINDS[object.kind].fields
        .filter(({ replaces }) => replaces === true)
        .every((field) => sameValue(field, before[field.name] ?? null, object.attributes[field.name] ?? null));
      if (!isKept) continue;
      this.#keys.set(nameOf(object.kind, former.key), object.key);
      this.#formers.set(object, former);
    }
  }

  /** What the object was recorded as. */
  formerOf(object: DesiredObject): DesiredObject | undefined {
    return this.#formers.get(object);
  }

  /** The key that an object goes on under; undefined = it keeps its own. */
  keyNow(kind: KindName, key: string): string | undefined {
    return this.#keys.get(nameOf(kind, key));
  }
}

const rank = (kind: ManagedKindName): number => DOCUMENT_ORDER.indexOf(kind);

const inOrder = (a: Change, b: Change): number =>
  rank(a.kind) - rank(b.kind) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || (a.action < b.action ? -1 : 1);

/** How the two sides differ. */
export interface Diff {
  /** Sorted by kind and key. */
  readonly changes: readonly Change[];
  /** The ids of live objects under the keys that they are to go on under. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What differs between what is wanted and what there is: the same for the same sides, whatever their order. */
export function diff(sides: Sides): Diff {
  const { live } = sides;
  // A document may name a rack or a machine by its system id.
  const desired = sides.desired.map((object) => ({
    ...object,
    attributes: withReferences(object.kind, object.attributes, (kind, key) => live.findNamed(kind, key)?.key),
  }));
  const recorded = byName(sides.recorded);
  const renames = new Renames({ ...sides, desired });
  const changes = desired.map((object) => {
    const former = renames.formerOf(object) ?? recorded.get(nameOf(object.kind, object.key));
    const found = live.find(object.kind, former?.key ?? object.key) ?? live.find(object.kind, object.key);
    if (found === undefined) return creation(object);
    const attributes = withReferences(object.kind, found.attributes, (kind, key) => renames.keyNow(kind, key));
    return compare(object, { ...found, attributes }, former);
  });
  const wanted = byName(desired);
  const removals = sides.recorded
    .filter(({ kind, key }) => !wanted.has(nameOf(kind, key)) && renames.keyNow(kind, key) === undefined)
    .flatMap((object) => {
      const found = live.find(object.kind, object.key);
      return found === undefined ? [] : removal(object, found);
    });
  const ids = live.objects.flatMap(({ kind, key, id }) => {
    const now = renames.keyNow(kind, key);
    return [[nameOf(kind, key), id] as const, ...(now === undefined ? [] : [[nameOf(kind, now), id] as const])];
  });
  return {
    changes: [...changes.filter((change) => change !== undefined), ...removals].sort(inOrder),
    ids: new Map(ids),
  };
}
