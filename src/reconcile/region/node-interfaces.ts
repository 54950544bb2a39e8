import type { Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { canonical } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, type ObjectJson } from "../../maas/codec";
import { collectionOf, nodeKind, rowOfNode } from "./nodes";
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

/** The texts of a set; none of what is not known yet. */
export const textsOf = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) && isKnown(value) ? value.flatMap((tag) => (typeof tag === "string" ? [tag] : [])) : [];

/** The tags of an interface's row. */
export const tagsOf = (nic: ObjectJson): readonly string[] => textsOf((nic.tags ?? []) as Value);

/** The attributes of the tags of an interface. */
export function decodeTags({ node, nic }: NodeInterface): Attributes {
  return {
    id: `${textOf(node.system_id)}/${textOf(nic.id)}`,
    ...decode(KINDS.network_interface_tag, rowOfNode(node, nic)),
  };
}

const INTERFACES = KINDS.device.field.network_interfaces;

const macOf = (item: unknown): string => textOf((item as ObjectJson).mac_address ?? "");

/** The MAC addresses of the interfaces that a device is to have; undefined while they are not known. */
export function macsOf({ network_interfaces: value }: Attributes): readonly string[] | undefined {
  const isWhole = (item: Value): boolean =>
    isKnown(item) &&
    typeof item === "object" &&
    item !== null &&
    isKnown((item as { mac_address?: Value }).mac_address ?? null);
  if (!Array.isArray(value) || !value.every(isWhole)) return undefined;
  return (canonical(INTERFACES, value) as readonly Value[]).map(macOf);
}
