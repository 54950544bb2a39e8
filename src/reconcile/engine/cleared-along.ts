import { beforeKey } from "../../../lib/model/article";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import type { Field, KindName } from "../../../lib/model/field";
import { grouped } from "../../../lib/model/grouped";
import type { Attributes } from "../../../lib/model/known";
import { isManaged, KINDS } from "../../../lib/model/kinds";
import type { LiveObject } from "../live-objects";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";
import type { Step } from "./order";

/** The flags of a kind that MAAS takes from several objects at once. */
const flagsOf = (kind: KindName): readonly Field[] =>
  KINDS[kind].fields.filter(({ clearedPer }) => clearedPer !== undefined);

/** Where MAAS takes the flag from all at once. */
const placeOf = (kind: KindName, { name, clearedPer = "" }: Field, attributes: Attributes): string =>
  JSON.stringify([kind, name, attributes[clearedPer]]);

/** Whether the step takes the flag from its object, which stays. */
const takes = ({ action, live, desired, original }: Step, { name }: Field): boolean =>
  live?.[name] === true && action !== "delete" && (desired ?? original)?.[name] === false;

/**
 * The objects that are none of this user's and that lose a flag for a moment while steps take it from others. On record
 * as adopted while the run is under way, they get it back from the next run where this one is cut off in between.
 */
export function clearedAlong(steps: readonly Step[], live: LiveState, own: readonly DesiredObject[]): DesiredObject[] {
  const known = new Set(own.map(({ kind, key }) => nameOf(kind, key)));
  const flagged = grouped(
    live.objects.flatMap((object) =>
      flagsOf(object.kind)
        .filter(({ name }) => object.attributes[name] === true)
        .map((flag) => ({ object, place: placeOf(object.kind, flag, object.attributes) })),
    ),
    ({ place }) => place,
  );
  const places = steps.flatMap((step) =>
    flagsOf(step.kind)
      .filter((flag) => takes(step, flag))
      .map((flag) => placeOf(step.kind, flag, step.live ?? {})),
  );
  const found = [...new Set(places)].flatMap((place) => flagged.get(place) ?? []).map(({ object }) => object);
  return found.filter(({ kind, key }) => !known.has(nameOf(kind, key))).flatMap(asAdopted);
}

function asAdopted({ kind: name, key, id, attributes }: LiveObject): DesiredObject[] {
  const kind = KINDS[name];
  if (!isManaged(kind)) return [];
  const path = `${beforeKey(DOCUMENT_KINDS[name].title)} ${key}`;
  return [{ kind: kind.name, key, path, origin: "adopt", id, attributes, original: attributes }];
}
