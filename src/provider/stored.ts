import { isObject } from "../../lib/model/document";
import { isTooDeep } from "../../lib/model/json";
import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { fault } from "../../lib/model/problem";
import { withThe, withThis } from "../../lib/model/text";
import { ObjectError } from "../reconcile/objects/failure";
import { fromCanonicalMaas } from "./canonical-maas";
import { type PrivateState, SHORT_NAMES } from "./instances/private-state";
import type { RawState } from "./protocol/tfplugin6_pb";
import type { Block } from "./schema";
import { readAs, type Stored } from "./stored-value";

// What Terraform stores for a resource and hands back as bytes: other providers and other versions of this one wrote it too.
// Read by hand: three of the calls for each resource come through here, and with zod they took a twentieth of a plan's CPU.

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/**
 * The private state that this provider wrote; nothing where another program did: canonical/maas writes `null` or
 * `{"schema_version":"0"}`.
 *
 * @throws ObjectError when it holds what an adopted object has to get back and that can't be read: ignored, the object
 * would be deleted where it has to be restored
 */
export function readPrivate(bytes: Uint8Array, kind: Kind): PrivateState {
  const text = decoded(bytes);
  const json = valueIn(text);
  if (!isObject(json)) return {};
  // A value of any depth may stand in "original", and what walks through it calls itself for each level.
  const kept = isTooDeep(text) ? undefined : keptIn(json);
  if (kept === undefined) {
    throw new ObjectError(
      fault("MAAS-STA-01", undefined, {
        what: `the private state of ${withThis(kind.title)} can't be read`,
        why: `"original", the values that ${withThe(kind.title)} had before it was adopted, is damaged.`,
        fix: `Restore an earlier copy of the state, or ${reimport(kind)}`,
      }),
    );
  }
  return kept;
}

const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;

const timeIn = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const isPlain = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const plainValuesIn = (value: unknown): Attributes | undefined =>
  isObject(value) && Object.values(value).every(isPlain) ? value : undefined;

/** The parts of a private state that can be read; undefined = what has to be restored is not among them. */
function keptIn({ unplanned, found, ...own }: Stored): PrivateState | undefined {
  const kept = keptOfOne(own);
  if (kept === undefined || (unplanned !== undefined && !isObject(unplanned))) return undefined;
  const others = Object.entries(unplanned ?? {}).map(
    ([id, other]) => [id, isObject(other) && keptOfOne(other)] as const,
  );
  if (!others.every((entry): entry is readonly [string, PrivateState] => typeof entry[1] === "object"))
    return undefined;
  return {
    ...kept,
    ...(isObject(found) && { found }),
    ...(unplanned !== undefined && { unplanned: Object.fromEntries(others) }),
  };
}

function keptOfOne(stored: Stored): PrivateState | undefined {
  const { original = null } = stored;
  if (original !== null && !isObject(original)) return undefined;
  // Earlier versions wrote the names of PrivateState in full.
  const configured = textsIn(stored[SHORT_NAMES.configured]) ?? textsIn(stored.configured);
  const madeAt = timeIn(stored[SHORT_NAMES.madeAt]) ?? timeIn(stored.madeAt);
  const configuredBefore = textsIn(stored.configuredBefore);
  const changedOutside = plainValuesIn(stored.changedOutside);
  return {
    ...(configured && { configured }),
    ...(configuredBefore && { configuredBefore }),
    ...(original && { original }),
    ...(changedOutside && { changedOutside }),
    ...(stored.isLost === true && { isLost: true as const }),
    ...(madeAt !== undefined && { madeAt }),
  };
}

/** What a message says of a stored object that can't be read: what it is, and how to import it. */
type Subject = Pick<Kind, "title" | "type"> & { readonly key: Pick<Kind["key"], "examples"> };

/** A stored object, from JSON or in the flat form of Terraform 0.11. @throws ObjectError when it is neither */
export function readStored(raw: RawState | undefined, kind: Subject): Stored {
  const data = raw?.json.length ? valueIn(decoded(raw.json)) : raw?.flatmap;
  // Without an id nothing can be looked up, changed or removed.
  if (isObject(data) && data.id !== undefined && data.id !== null && data.id !== "") return data;
  throw new ObjectError(
    fault("MAAS-STA-01", undefined, {
      what: isObject(data)
        ? `the state of ${withThis(kind.title)} has no id`
        : `the state of ${withThis(kind.title)} can't be read`,
      why: isObject(data) ? "An id is what the provider finds the object by." : "It is not a JSON object.",
      fix: `To continue, ${reimport(kind)}`,
    }),
  );
}

const reimport = ({ type, key }: Subject): string =>
  `remove the resource from the state (terraform state rm ${type}.NAME) and import it ` +
  `(terraform import ${type}.NAME '${key.examples[0] ?? "ID"}').`;

/**
 * A stored state in today's schema, whoever wrote it: an older version of this provider, or canonical/maas. Attributes
 * that are not known here are dropped.
 *
 * @throws ObjectError when the state can't be read or has no id
 */
export function upgradeState(raw: RawState | undefined, kind: Kind, block: Block): Attributes {
  const stored = fromCanonicalMaas(kind, readStored(raw, kind));
  return Object.fromEntries(block.attributes.map(({ name, type }) => [name, readAs(type, stored[name])]));
}

/** Whether another provider has written the state: all versions of this one write the setting, whatever it is. */
export const isForeign = (raw: RawState | undefined, kind: Kind): boolean =>
  kind.adoptable && !("adopt_existing" in readStored(raw, kind));

/** Where a state comes from that a `moved` block brings here. */
export interface Source {
  /** Address of the provider, such as `registry.terraform.io/canonical/maas`. */
  readonly provider: string;
  /** The resource type there. */
  readonly type: string;
  readonly private: Uint8Array;
}

/** Providers whose resource types of the same names have the same objects: by the last parts of their addresses. */
const PEERS = ["canonical/maas", "maas/maas"];

const OWN = "cdktf-maas/maas";

/**
 * The state of an object that a `moved` block brings here from a resource of another provider, or of an other address of this one.
 * The private state of another provider means nothing here.
 *
 * @throws ObjectError where such an object is none of this kind
 */
export function movedState(
  from: Source,
  raw: RawState | undefined,
  kind: Kind,
  block: Block,
): { readonly state: Attributes; readonly private: Uint8Array } {
  const provider = from.provider.split("/").slice(-2).join("/");
  if (from.type !== kind.type || ![OWN, ...PEERS].includes(provider)) {
    throw new ObjectError(
      fault("MAAS-MOV-04", undefined, {
        what: `a ${from.type} of ${from.provider} can't be moved to a ${kind.type}`,
        why: `Only a ${kind.type} of ${PEERS.join(" or ")} is known to be the same object.`,
        fix:
          `Write a removed block for the ${from.type} (lifecycle { destroy = false }), and an import block for the ${kind.type} ` +
          `with its natural key as the id, such as "${kind.key.examples[0] ?? "ID"}".`,
      }),
    );
  }
  return { state: upgradeState(raw, kind, block), private: provider === OWN ? from.private : new Uint8Array() };
}
