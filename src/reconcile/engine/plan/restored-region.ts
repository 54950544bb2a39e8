import { KINDS } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { hasOtherKey, ownKeyFields } from "../../../../lib/model/natural-key";
import { nameAside } from "../../ops/exchanges";
import { isNumbered, withReusedIds } from "../../checks/reused-ids";
import { byPlace, type DesiredObject, type LiveState, nameOf } from "./read-live";

/** An object of a record whose id another object has now. */
export interface ReusedId {
  readonly recorded: DesiredObject;
  /** The key of what has the id now. */
  readonly liveKey: string;
}

/** A name that an exchange gives an object for a while; a run that was cut off leaves it. */
const isAside = ({ kind, id = "" }: DesiredObject, live: Readonly<Record<string, unknown>>): boolean =>
  ownKeyFields(kind).some(({ name }) => live[name] === nameAside(id));

/**
 * The objects of a record whose ids are those of other objects, where that is what a region looks like that was restored from
 * an older backup, in which ids are given again: to other objects of other people. One may have been renamed by somebody.
 *
 * What a run that was cut off has renamed is no such object: it has the key that is desired, or was to get what it has, also
 * where the document has gone back since then to what was before.
 */
export function reusedIds(
  recorded: readonly DesiredObject[],
  desired: readonly DesiredObject[],
  live: LiveState,
): ReusedId[] {
  const wanted = new Set(desired.map(({ kind, key }) => nameOf(kind, key)));
  // The record of a run that was cut off has an object under each of its keys: with the same id, or with none.
  const places = byPlace(recorded);
  const isRecordedAs = (object: DesiredObject, live: Attributes): boolean =>
    (places.get(nameOf(object.kind, object.path)) ?? []).some(
      ({ id, kind, attributes }) => (id === undefined || id === object.id) && !hasOtherKey(kind, attributes, live),
    );
  const known = recorded.flatMap((object) => {
    const { id, kind: name } = object;
    const kind = KINDS[name];
    return id === undefined || !isNumbered(kind) ? [] : [{ kind, id, object, found: live.withId(name, id) }];
  });
  const renamed = known.flatMap(({ kind, id, object, found }) => {
    const { attributes, planned = {} } = object;
    if (found === undefined || !hasOtherKey(kind.name, attributes, found.attributes)) return [];
    const isOurs =
      wanted.has(nameOf(kind.name, found.key)) ||
      !hasOtherKey(kind.name, { ...attributes, ...planned }, found.attributes) ||
      isRecordedAs(object, found.attributes) ||
      isAside(object, found.attributes);
    return isOurs ? [] : [{ kind, id, recorded: object, liveKey: found.key }];
  });
  const gone = known.filter(({ found }) => found === undefined);
  return withReusedIds(renamed, gone).map(({ recorded: object, liveKey }) => ({ recorded: object, liveKey }));
}
