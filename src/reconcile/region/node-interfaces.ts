import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { canonical } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, type ObjectJson } from "../../maas/codec";
import { OWNER_KINDS, type OwnerKind, ownerOf } from "../../../lib/model/owner";
import { tryResolve } from "../objects/references";
import { collectionOf, interfacesOf, nodeKind, rowOfNode } from "./nodes";
import type { Region } from "./region";

/** An interface with the node that it is of, as rows. */
export interface NodeInterface {
  readonly node: ObjectJson;
  readonly nic: ObjectJson;
}

/** The attributes of an interface, by the rows that MAAS has it in. */
export function decodeInterface(kind: Kind, { node, nic }: NodeInterface): Attributes {
  return { id: textOf(nic.id), ...decode(kind, rowOfNode(node, nic)) };
}

/** Whether the interface is the one that `desired` names: a physical one by its MAC address, another one by its name. */
export function isSameInterface(kind: Kind, nic: ObjectJson, desired: Attributes): boolean {
  if (kind.api.interfaceType !== "physical") return nic.name === desired.name;
  const mac = kind.fields.find(({ name }) => name === "mac_address");
  return (
    mac !== undefined &&
    nic.type === "physical" &&
    canonical(mac, textOf(nic.mac_address ?? "")) === canonical(mac, desired.mac_address ?? null)
  );
}

/** The name that an interface is to have: a VLAN interface without one is called after its parent and the VID. */
export function nameGiven(desired: Attributes, vid: unknown): string | undefined {
  if (typeof desired.name === "string") return desired.name;
  return typeof desired.parent === "string" && vid !== undefined ? `${desired.parent}.${textOf(vid)}` : undefined;
}

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
const OWNERS = new WeakMap<Region, Map<string, NodeId>>();

/** Remembers whose the interface is, so that its id alone finds it again. */
export function rememberOwner(region: Region, { node, nic }: NodeInterface): void {
  const owners = OWNERS.get(region) ?? new Map<string, NodeId>();
  OWNERS.set(region, owners.set(textOf(nic.id), { kind: nodeKind(node), systemId: textOf(node.system_id) }));
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
  for (const place of [named, OWNERS.get(region)?.get(id)]) {
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

/**
 * The node with its interfaces as the region has them now: a change of one reaches others, as a bond takes the links of its
 * parents.
 */
export async function refreshedNode({ client, snapshot }: Region, node: ObjectJson): Promise<ObjectJson> {
  const path = apiPath`nodes/${textOf(node.system_id)}/interfaces/`;
  const fresh = { ...node, interface_set: rowsAnswered(path, await client.get(path)) };
  snapshot.changed(collectionOf(nodeKind(node)), fresh);
  return fresh;
}
