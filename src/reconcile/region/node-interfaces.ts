import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { canonical } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, type ObjectJson } from "../../maas/codec";
import { tryResolve } from "../objects/references";
import { interfacesOf } from "./nodes";
import type { Region } from "./region";

/** An interface with the node that it is of, as rows. */
export interface NodeInterface {
  readonly node: ObjectJson;
  readonly nic: ObjectJson;
}

/** The attributes of an interface, by the rows that MAAS has it in. */
export function decodeInterface(kind: Kind, { node, nic }: NodeInterface): Attributes {
  return { id: textOf(nic.id), ...decode(kind, { ...nic, system_id: node.system_id }) };
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

/** The system ids of the nodes whose interfaces a run has met, by the interface's id. */
const OWNERS = new WeakMap<Region, Map<string, string>>();

/** Remembers whose the interface is, so that its id alone finds it again. */
export function rememberOwner(region: Region, { node, nic }: NodeInterface): void {
  const owners = OWNERS.get(region) ?? new Map<string, string>();
  OWNERS.set(region, owners.set(textOf(nic.id), textOf(node.system_id)));
}

/**
 * The interface with that id: on the machine that the attributes name, or on the one that this run has met it on; only
 * where neither tells are all machines listed. Undefined when the region has none.
 */
export async function readInterface(
  region: Region,
  id: string,
  { machine }: Attributes,
): Promise<NodeInterface | undefined> {
  const named = typeof machine === "string" ? await tryResolve(region, "machine", machine, "before") : undefined;
  for (const systemId of [named, OWNERS.get(region)?.get(id)]) {
    const found = systemId && withId(await region.snapshot.read("machines", systemId), id);
    if (found !== undefined && found !== "") return found;
  }
  // An interface stays with its machine: one that is not there is gone.
  if (named !== undefined) return undefined;
  for (const node of await region.snapshot.list("machines")) {
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
  snapshot.changed("machines", fresh);
  return fresh;
}
