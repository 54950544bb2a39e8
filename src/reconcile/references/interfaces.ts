import type { Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { OWNER_KINDS, type OwnerKind, ownerOf } from "../../../lib/model/owner";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import type { NodeInterface } from "../region/node-interfaces";
import { collectionOf, interfacesOf, nodeKind } from "../region/nodes";
import type { Region } from "../region/region";
import { tryResolve } from "./lookups";

const withId = (node: ObjectJson | undefined, id: string): NodeInterface | undefined => {
  const nic = node && interfacesOf(node).find((row) => textOf(row.id) === id);
  return node === undefined || nic === undefined ? undefined : { node, nic };
};

/** A node by its system id. */
interface NodeId {
  readonly kind: OwnerKind;
  readonly systemId: string;
}

/** The nodes whose interfaces a run has met, by the interface's id. */
const ownersOf = oncePer((_: Region) => new Map<string, NodeId>());

/** Remembers whose the interface is, so that its id alone finds it again. */
export function rememberOwner(region: Region, { node, nic }: NodeInterface): void {
  ownersOf(region).set(textOf(nic.id), { kind: nodeKind(node), systemId: textOf(node.system_id) });
}

/** The node that the attributes name, as it was before this run; undefined where they name none, or none that there is. */
async function namedNode(region: Region, attributes: Attributes): Promise<NodeId | undefined> {
  const owner = ownerOf(attributes);
  const systemId = owner && (await tryResolve(region, owner.kind, owner.key, "before"));
  return owner === undefined || systemId === undefined ? undefined : { kind: owner.kind, systemId };
}

/**
 * The interface with that id: on the node that the attributes name, or on the one that this run has met it on; only where
 * neither tells are all machines listed, and devices where no machine has it. Undefined when the region has none.
 */
export async function readInterface(
  region: Region,
  id: string,
  attributes: Attributes,
): Promise<NodeInterface | undefined> {
  const { snapshot } = region;
  const named = await namedNode(region, attributes);
  for (const place of [named, ownersOf(region).get(id)]) {
    const found = place && withId(await snapshot.read(collectionOf(place.kind), place.systemId), id);
    if (found !== undefined) return found;
  }
  // An interface stays with its node: one that is not there is gone.
  if (named !== undefined) return undefined;
  for (const kind of OWNER_KINDS)
    for (const node of await snapshot.list(collectionOf(kind))) {
      const found = withId(node, id);
      if (found !== undefined) return found;
    }
  return undefined;
}
