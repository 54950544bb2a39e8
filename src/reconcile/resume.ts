import { isDeepStrictEqual } from "node:util";
import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { type Attributes, isKnown } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { isRefused, ObjectError } from "./objects/failure";
import { type Intents, naturalKeyOf, type OpenIntent } from "./objects/intents";
import type { Created, ObjectOps } from "./objects/object-ops";
import { changesBetween } from "./objects/planned-state";

/** An object that is to be created, and how. References are ids. */
export interface Creation {
  readonly kind: Kind;
  readonly ops: ObjectOps;
  readonly desired: Attributes;
  readonly adoptExisting: boolean;
}

/** Whether some values of a set that MAAS takes one by one are there, and no others. */
function isBegun({ name, oneByOne }: Field, existing: Attributes, sent: Attributes): boolean {
  const [there, wanted] = [existing[name] ?? null, sent[name] ?? null];
  return (
    oneByOne === true && Array.isArray(there) && Array.isArray(wanted) && there.every((item) => wanted.includes(item))
  );
}

/** Whether a live object is what that intent of an earlier run has made or changed. */
function isItsWork({ kind, adoptExisting }: Creation, existing: Attributes, open: OpenIntent): boolean {
  // What is as it was may be taken over only by a configuration that still allows it.
  if (open.original !== undefined)
    return open.original.id === existing.id && (adoptExisting || !isDeepStrictEqual(existing, open.original));
  // Without an id nobody knows whether it was this run that made it, so it has to be what was sent.
  if (open.id !== undefined) return open.id === existing.id;
  const changed = changesBetween(kind, existing, open.sent);
  return kind.fields.every(
    (field) => field.jsonPath === undefined || !(field.name in changed) || isBegun(field, existing, open.sent),
  );
}

/** Without what the region decides. */
const knownOf = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => isKnown(value)));

/**
 * Whether the object is as it was, or still not there: of several requests a later one may have been refused. False where
 * the region does not tell.
 */
async function isUnchanged({ ops, desired }: Creation, before: Attributes | undefined): Promise<boolean> {
  try {
    const now = await ops.find(desired);
    return isDeepStrictEqual(now?.live, before);
  } catch (error) {
    // What it is found by is not there: neither is the object.
    return error instanceof ObjectError && before === undefined;
  }
}

/** The same error, with the intent that looks like its cause and yet is not. */
function withPlace(error: unknown, { place }: OpenIntent): unknown {
  if (!(error instanceof ObjectError)) return error;
  const hint = `An earlier run that was cut off may have created it (${place}), but it is not what that run sent.`;
  const { problem } = error;
  return new ObjectError({ ...problem, fix: `${problem.fix ?? ""} ${hint}` }, { cause: error });
}

/**
 * Creates the object, or goes on with what an earlier run has done of it. What is about to be sent is remembered before
 * it is sent, with what the object had before; so a run that is cut off at any moment neither leaves an object that nobody
 * knows, nor forgets what an adopted object is restored to.
 */
export async function createOrResume(creation: Creation, intents: Intents): Promise<Created> {
  const { kind, ops, desired, adoptExisting } = creation;
  if (!intents.isOn) return ops.create(desired, adoptExisting);
  const key = naturalKeyOf(kind, desired);
  const [found, open] = [await ops.find(desired), intents.find(kind.name, key)];
  const existing = found?.live;
  if (existing !== undefined && open !== undefined && isItsWork(creation, existing, open)) {
    const id = textOf(existing.id);
    const live = await ops.update(id, existing, desired);
    open.done(id);
    return { live, ...(open.original && { original: open.original }), resumed: open.place };
  }
  if (existing === undefined) open?.refused();
  // Nothing is sent for what somebody else has made, so there is nothing to be remembered either.
  const isSent = found === undefined || found.isUntouched || adoptExisting;
  const begun = isSent
    ? intents.begin({ kind: kind.name, key, sent: knownOf(desired), ...(existing && { original: existing }) })
    : undefined;
  try {
    const created = await ops.create(desired, adoptExisting);
    begun?.done(textOf(created.live.id));
    return created;
  } catch (error) {
    if (isRefused(error) && (await isUnchanged(creation, existing))) begun?.refused();
    throw open === undefined ? error : withPlace(error, open);
  }
}
