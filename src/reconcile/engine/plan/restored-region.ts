import { KINDS } from "../../../../lib/model/kinds";
import { grouped } from "../../../../lib/model/lists";
import { hasOtherKey, ownKeyFields } from "../../../../lib/model/natural-key";
import { nameAside } from "../../ops/exchanges";
import { isNumbered, SEVERAL } from "../../checks/reused-ids";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";

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
 * The objects of a record whose ids are those of other objects, of kinds with several of them. One may have been renamed by
 * somebody; several of a kind are what a region looks like that was restored from an older backup, where ids are given again: to
 * other objects of other people.
 *
 * What a run that was cut off has renamed is no such object: it has the key that is desired, or was to get what it has.
 */
export function reusedIds(
  recorded: readonly DesiredObject[],
  desired: readonly DesiredObject[],
  live: LiveState,
): ReusedId[] {
  const wanted = new Set(desired.map(({ kind, key }) => nameOf(kind, key)));
  const reused = recorded.flatMap((object): ReusedId[] => {
    const { kind, id, attributes, planned = {} } = object;
    const found = id === undefined || !isNumbered(KINDS[kind]) ? undefined : live.withId(kind, id);
    if (found === undefined || !hasOtherKey(kind, attributes, found.attributes)) return [];
    const isOurs =
      wanted.has(nameOf(kind, found.key)) ||
      !hasOtherKey(kind, { ...attributes, ...planned }, found.attributes) ||
      isAside(object, found.attributes);
    return isOurs ? [] : [{ recorded: object, liveKey: found.key }];
  });
  return [...grouped(reused, (one) => one.recorded.kind).values()].filter(({ length }) => length >= SEVERAL).flat();
}
