import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { findField, INTERFACE_KINDS, isManaged, KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, textAt, UNKNOWN } from "../../../lib/model/known";
import { type KeyParts, parseKey, partsAmong } from "../../../lib/model/natural-key";
import { type Owner, OWNER_KINDS, OWNER_PREFIX, ownerOf, parseOwner } from "../../../lib/model/owner";
import { fault } from "../../../lib/model/problem";
import { canonical } from "../../../lib/model/spelling";
import { beforeKey, textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { ObjectError } from "../objects/failure";
import type { PlannedChange, When } from "../objects/planned-state";
import { PlannedChanges } from "../planned/planned-changes";
import { macsOf } from "../region/node-interfaces";
import { collectionOf, findInterface, missingInterface, requireInterface, requireNode } from "../region/nodes";
import type { Region } from "../region/region";
import { tryResolve } from "./lookups";

/** How many names a message lists at most. */
const NAMES_SHOWN = 10;

/** Whether the parts of a key that name no other object are those of the attributes. */
function hasParts({ name: kind, fields }: Kind, parts: KeyParts, attributes: Attributes): boolean {
  const own = fields.filter(({ name, references }) => references === undefined && parts[name] !== undefined);
  const given = Object.fromEntries(own.map(({ name }) => [name, attributes[name] ?? null]));
  const found = partsAmong(kind, given);
  return found !== undefined && own.every(({ name }) => found[name] === parts[name]);
}

/** The changes among which are those of objects with these parts of a key. */
function withParts(planned: PlannedChanges, { name: kind, fields }: Kind, parts: KeyParts): readonly PlannedChange[] {
  const own = fields.find(({ name, references }) => references === undefined && parts[name] !== undefined);
  return own === undefined ? planned.of(kind) : planned.having(kind, own.name, parts[own.name] ?? "");
}

/** Whether this run is to make an object with that natural key, as far as it has been planned. */
export function isToBeMade(region: Region, kind: KindName, key: string): boolean {
  const { withParent, fields } = KINDS[kind] as Kind;
  const changes = PlannedChanges.of(region);
  const name = fields.find(({ isName }) => isName === true);
  const isNew = ({ id, planned }: PlannedChange): boolean => id === undefined && textAt(planned, name?.name) === key;
  if (name !== undefined && changes.having(kind, name.name, textOf(canonical(name, key))).some(isNew)) return true;
  const parts = parseKey(kind, key);
  if (parts === undefined) return false;
  const made = withParts(changes, KINDS[kind], parts).filter(({ id }) => id === undefined);
  if (made.some(({ planned }) => hasParts(KINDS[kind], parts, planned))) return true;
  // A fabric brings its untagged VLAN along.
  const { references = kind } = withParent === undefined ? {} : findField(KINDS[kind], withParent.parent);
  const parent = withParent && parts[withParent.parent];
  return (
    parent !== undefined &&
    withParent?.isLikely(numbersIn(KINDS[kind], parts)) === true &&
    isToBeMade(region, references, parent)
  );
}

/** The parts of a key as attributes. */
const numbersIn = ({ fields }: Kind, parts: KeyParts): Attributes =>
  Object.fromEntries(
    Object.entries(parts).map(([name, text]) => {
      const isNumber = fields.some((field) => field.name === name && field.type === "number");
      return [name, isNumber ? Number(text) : text];
    }),
  );

/** How many objects a message names, with a sign that there are more. */
export const listed = (names: readonly string[]): string =>
  `${names.slice(0, NAMES_SHOWN).join(", ")}${names.length > NAMES_SHOWN ? ", …" : ""}`;

/** What there is instead, where such names are few enough to be listed. */
async function alternatives(region: Region, kind: Kind, key: string): Promise<readonly string[]> {
  const special = region.keysOf(kind.name).alternatives;
  if (special !== undefined) return special(region, key);
  if (kind.key.isListed !== true) return [];
  const { collection } = kind.api;
  return (await region.snapshot.list(collection)).map((row) => COLLECTIONS[collection].keys(row)[0] ?? "");
}

/** Which attribute a reference is in, and for a natural key that this run changes the time that is meant. */
export interface ReferenceContext {
  readonly attribute?: string | undefined;
  readonly when?: When;
}

/** Like {@link tryResolve}. @throws ObjectError that tells what a key looks like, and what there is. */
export async function resolve(
  region: Region,
  kind: KindName,
  key: string,
  { attribute, when }: ReferenceContext = {},
): Promise<string> {
  const id = await tryResolve(region, kind, key, when);
  if (id !== undefined) return id;
  throw await missing(region, kind, key, attribute);
}

/** That the key names a node, and one of another kind. */
async function nodeOfOtherKind(region: Region, kind: KindName, key: string): Promise<string | undefined> {
  if (!OWNER_KINDS.some((one) => one === kind)) return undefined;
  for (const other of OWNER_KINDS.filter((one) => one !== kind)) {
    if ((await tryResolve(region, other, key)) === undefined) continue;
    const limit = other === "device" ? " A device has physical interfaces only." : "";
    return `"${key}" is a ${other}: give it as ${other} = "${key}" where the resource takes one.${limit}`;
  }
  return undefined;
}

/** That a reference names nothing. */
export async function missing(
  region: Region,
  kind: KindName,
  key: string,
  attribute: string | undefined,
): Promise<ObjectError> {
  const { title, key: form } = KINDS[kind];
  const names = await alternatives(region, KINDS[kind], key);
  const there = names.length === 0 ? "" : ` The region has ${listed(names)}.`;
  const cause = (await region.keysOf(kind).likelyCause?.(region, key)) ?? (await nodeOfOtherKind(region, kind, key));
  const fix = cause ?? `Give its id, or ${form.words}, as in ${form.examples.join(" or ")}.${there}`;
  return new ObjectError(
    fault("MAAS-OPS-01", attribute, { what: `the region has no ${beforeKey(title)} "${key}"`, fix }),
  );
}

/** Milliseconds that a plan waits for Terraform to plan the object that a reference names: it plans several at once. */
const PLANNING_MS = 500;
const PLANNING_PAUSE_MS = 50;

/** That the key names an object which the region has, or which this run is to make. @throws ObjectError */
export async function requirePlanned(region: Region, kind: KindName, key: string, attribute: string): Promise<void> {
  const deadline = performance.now() + (isManaged(KINDS[kind]) ? PLANNING_MS : 0);
  const planned = PlannedChanges.of(region);
  for (let seen = -1; ; await sleep(PLANNING_PAUSE_MS)) {
    if (seen !== planned.size) {
      seen = planned.size;
      if (isToBeMade(region, kind, key) || (await tryResolve(region, kind, key, "after")) !== undefined) return;
    }
    if (performance.now() > deadline) throw await missing(region, kind, key, attribute);
  }
}

/** Whether this run is to make, or to rename, an interface of the machine so that it has that name. */
async function isInterfaceToBeMade(region: Region, systemId: string, key: string): Promise<boolean> {
  const made = INTERFACE_KINDS.flatMap(({ name }) => PlannedChanges.of(region).of(name));
  for (const { planned, isEnded } of made) {
    // A name that MAAS chooses may be any.
    const isMeant = planned.name === key || planned.mac_address === key || !isKnown(planned.name ?? UNKNOWN);
    const owner = ownerOf(planned);
    if (isEnded === true || !isMeant || owner === undefined) continue;
    if ((await tryResolve(region, owner.kind, owner.key)) === systemId) return true;
  }
  return isAddedTo(region, systemId, key);
}

/** Whether this run adds an interface with that MAC address to the device. */
function isAddedTo(region: Region, systemId: string, key: string): boolean {
  return PlannedChanges.of(region)
    .of("device")
    .some(({ id, planned }) => id === systemId && macsOf(planned)?.includes(key.toLowerCase()) === true);
}

/** That the node has the interface, or gets it in this run. @throws ObjectError that names those that it has */
export async function requirePlannedInterface(
  region: Region,
  { kind, key: systemId }: Owner,
  key: string,
  attribute: string,
): Promise<void> {
  const deadline = performance.now() + PLANNING_MS;
  for (;;) {
    const node = await requireNode(region, systemId, kind);
    if (findInterface(node, key) !== undefined || (await isInterfaceToBeMade(region, systemId, key))) return;
    if (performance.now() > deadline) throw missingInterface(node, key, attribute);
    await sleep(PLANNING_PAUSE_MS);
  }
}

/** The node's row; undefined when the region has none. */
export async function nodeOf(region: Region, { kind, key }: Owner): Promise<ObjectJson | undefined> {
  const systemId = await tryResolve(region, kind, key);
  return systemId === undefined ? undefined : region.snapshot.read(collectionOf(kind), systemId);
}

/** The node that a key names as `ownerName` does. Without a prefix it may be a device too: MAAS gives no two nodes one name. */
export async function findNode(region: Region, text: string): Promise<ObjectJson | undefined> {
  const owner = parseOwner(text);
  for (const kind of OWNER_PREFIX[owner.kind] === "" ? OWNER_KINDS : [owner.kind]) {
    const found = await nodeOf(region, { ...owner, kind });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name of the interface that a name, an id or a MAC address means on that node; undefined when there is none. */
export async function tryResolveInterface(region: Region, owner: Owner, key: string): Promise<string | undefined> {
  const row = await nodeOf(region, owner);
  const nic = row && findInterface(row, key);
  return nic && textOf(nic.name);
}

/** Like {@link tryResolveInterface}, by system id. @throws ObjectError that names the interfaces that there are. */
export async function resolveInterface(
  region: Region,
  { kind, key: systemId }: Owner,
  key: string,
  attribute: string,
): Promise<string> {
  return textOf(requireInterface(await requireNode(region, systemId, kind), key, attribute).name);
}
