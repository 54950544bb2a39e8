import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { fromCanonicalMaas } from "./canonical-maas";
import type { RawState } from "./protocol/tfplugin6_pb";
import type { Block } from "./schema";
import { readAs, readStored } from "./stored";

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
