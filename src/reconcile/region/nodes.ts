import { type Family, IpAddress } from "../../../lib/model/address";
import { linkModeOf } from "../../../lib/model/checks/object";
import { Cidr } from "../../../lib/model/cidr";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { OWNER_KINDS, type OwnerKind, ownerOf } from "../../../lib/model/owner";
import { fault } from "../../../lib/model/problem";
import { macAddress } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import type { MaasClient } from "../../maas/client";
import { decode, type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasHttpError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { inTurn, type Region } from "./region";

const KIND = KINDS.network_interface_link;

/** A link's mode in upper case, as the configuration writes it. */
export const modeOf = (link: ObjectJson): string => textOf(link.mode).toUpperCase();

const cidrOf = (link: ObjectJson): Cidr | undefined =>
  Cidr.tryParse(textOf((link.subnet as ObjectJson | undefined)?.cidr ?? ""));

/** The address family of a link; undefined when it has no subnet. */
export const familyOf = (link: ObjectJson): Family | undefined => cidrOf(link)?.family;

/** `AUTO to 10.20.0.0/24` or `STATIC 10.20.0.9`: a link in a message. */
export function describeLink(link: ObjectJson): string {
  if (typeof link.ip_address === "string") return `${modeOf(link)} ${link.ip_address}`;
  const cidr = cidrOf(link);
  return cidr === undefined ? modeOf(link) : `${modeOf(link)} to ${cidr.toString()}`;
}

/** MAAS's number for devices among the types of nodes. */
const DEVICE = 1;

/** The kind of node that a row is of. */
export const nodeKind = ({ node_type: type }: ObjectJson): OwnerKind => (type === DEVICE ? "device" : "machine");

/** The collection that nodes of the kind are listed in. */
export const collectionOf = (kind: OwnerKind) => KINDS[kind].api.collection;

/** A row of what a node has, with the node's id where the fields `machine` and `device` have it. */
export function rowOfNode(node: ObjectJson, row: ObjectJson): ObjectJson {
  const id = node.system_id;
  return nodeKind(node) === "device" ? { ...row, system_id: null, device_system_id: id } : { ...row, system_id: id };
}

/** Ids of the links that are the machine's default gateways, one of each family at most; none of a device, of which MAAS reports none. */
export function gatewayLinks(machine: ObjectJson): ReadonlySet<unknown> {
  const gateways = Object.values((machine.default_gateways ?? {}) as Record<string, ObjectJson | null>);
  return new Set(gateways.flatMap((gateway) => gateway?.link_id ?? []));
}

/** The attributes of a link, by the rows that MAAS has it in. */
export function decodeLink(node: ObjectJson, nic: ObjectJson, link: ObjectJson): Attributes {
  const row = {
    ...link,
    network_interface: nic.name,
    mode: modeOf(link),
    default_gateway: gatewayLinks(node).has(link.id),
  };
  return {
    id: `${textOf(node.system_id)}/${textOf(nic.id)}/${textOf(link.id)}`,
    ...decode(KIND, rowOfNode(node, row)),
  };
}

const sameAddress = (a: string, b: string): boolean =>
  IpAddress.tryParse(a)?.toString() === IpAddress.tryParse(b)?.toString();

/** The interface's links that are what `desired` asks for: its subnet, mode and, if it names one, its address. */
export function matchingLinks(nic: ObjectJson, desired: Attributes): ObjectJson[] {
  const { ip_address: address, subnet } = desired;
  return linksOf(nic).filter(
    (link) =>
      decode(KIND, link).subnet === subnet &&
      modeOf(link) === linkModeOf(desired) &&
      (typeof address !== "string" ||
        !isKnown(address) ||
        (typeof link.ip_address === "string" && sameAddress(link.ip_address, address))),
  );
}

/**
 * The link that a change has made, by the interface before and after it: the newest that matches and was not there.
 * Undefined when there is none.
 */
export function newLink(before: ObjectJson, after: ObjectJson, desired: Attributes): ObjectJson | undefined {
  const earlier = new Set(linksOf(before).map(({ id }) => id));
  return matchingLinks(after, desired)
    .filter(({ id }) => !earlier.has(id))
    .sort((a, b) => Number(b.id) - Number(a.id))[0];
}

/**
 * The DHCP link that MAAS would silently remove for a link of that mode and family: of the same family, or of no subnet.
 *
 * @see MAAS models/interface.py `_remove_link_dhcp` (3.6.4)
 */
export function displacedLink(nic: ObjectJson, mode: string, family: Family | undefined): ObjectJson | undefined {
  if (mode !== "AUTO" && mode !== "STATIC") return undefined;
  return linksOf(nic).find((link) => {
    const linked = familyOf(link);
    return modeOf(link) === "DHCP" && (linked === undefined || family === undefined || linked === family);
  });
}

/** The names by which a node may be called, its hostname first. */
export function namesOf({ hostname, fqdn, system_id: systemId }: ObjectJson): string[] {
  const names = [hostname, fqdn, systemId].flatMap((name) => (typeof name === "string" ? [name] : []));
  return [...new Set(names)];
}

/** Whether the key is a plain user's. A release that does not report it is taken for an administrator's. */
async function isPlainUser(client: Pick<MaasClient, "get">): Promise<boolean> {
  try {
    const user = await client.get("users/", { op: "whoami" });
    return typeof user === "object" && user !== null && "is_superuser" in user && user.is_superuser === false;
  } catch (error) {
    if (error instanceof MaasHttpError) return false;
    throw error;
  }
}

/**
 * Why a region seems to have no racks, in a sentence without a full stop: MAAS answers a plain user's key with an empty
 * list. Undefined when there are some, or when there are none indeed. Asks the region only where the list is empty.
 *
 * @see live regions: `rackcontrollers/` as a non-admin is 200 `[]` (3.4.10, 3.6.5, 3.7.3)
 */
export async function hiddenRacks(
  client: Pick<MaasClient, "get">,
  racks: readonly unknown[],
): Promise<string | undefined> {
  if (racks.length > 0 || !(await isPlainUser(client))) return undefined;
  return "this API key is a plain user's, to which MAAS shows no rack controllers; nothing about racks, their interfaces and the DHCP that they serve was checked. Use the key of an administrator in MAAS_API_KEY";
}

/** Changes a node when all earlier changes of it in this run are done: MAAS changes several interfaces at once. */
export function changingNode<T>(region: Region, systemId: string, work: () => Promise<T>): Promise<T> {
  return inTurn(region, `nodes/${systemId}/`, work);
}

/** The interfaces of a node's row. */
export const interfacesOf = (node: ObjectJson): readonly ObjectJson[] => rowsOf(node.interface_set);

/** The links of an interface's row, MAAS's own `link_up` included. */
export const linksOf = (nic: ObjectJson): readonly ObjectJson[] => rowsOf(nic.links);

/** The interface that a name, an id or a MAC address means; a name wins over an id. */
export function findInterface(node: ObjectJson, key: string): ObjectJson | undefined {
  const nics = interfacesOf(node);
  return (
    nics.find(({ name }) => name === key) ??
    nics.find(({ id, mac_address: mac }) => textOf(id) === key || macAddress(String(mac)) === macAddress(key))
  );
}

/** {@link findInterface}. @throws ObjectError at `attribute` that names the interfaces that there are. */
export function requireInterface(node: ObjectJson, key: string, attribute: string): ObjectJson {
  const found = findInterface(node, key);
  if (found !== undefined) return found;
  throw missingInterface(node, key, attribute);
}

/** That the node has no such interface, with those that it has. */
export function missingInterface(node: ObjectJson, key: string, attribute: string): ObjectError {
  const names = interfacesOf(node).map(({ name }) => textOf(name));
  const none = nodeKind(node) === "device" ? "it has none" : "it has none, so commission it first";
  return new ObjectError(
    fault("MAAS-OPS-01", attribute, {
      what: `${nodeKind(node)} ${textOf(node.hostname)} has no interface "${key}"`,
      fix: `Give the name, the id or the MAC address of an interface that it has: ${names.join(", ") || none}.`,
    }),
  );
}

/** The node with that system id; undefined when it is gone. @param kind absent = whichever: no two nodes have one id. */
export async function readNode(
  { snapshot }: Region,
  systemId: string,
  kind?: OwnerKind,
): Promise<ObjectJson | undefined> {
  if (kind !== undefined) return snapshot.read(collectionOf(kind), systemId);
  for (const one of OWNER_KINDS) {
    const known = await snapshot.peek(collectionOf(one), systemId);
    if (known !== undefined) return known;
  }
  for (const one of OWNER_KINDS) {
    const found = await snapshot.read(collectionOf(one), systemId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Like {@link readNode}. @throws ObjectError when it is gone. */
export async function requireNode(region: Region, systemId: string, kind?: OwnerKind): Promise<ObjectJson> {
  const node = await readNode(region, systemId, kind);
  if (node !== undefined) return node;
  const title = kind ?? "machine";
  throw new ObjectError(
    fault("MAAS-OPS-01", title, {
      what: `the region has no ${title} ${systemId}`,
      why: "It may have been deleted meanwhile.",
      fix: `Give the hostname or the system id of a ${title} that is there.`,
    }),
  );
}

/** The node that attributes name by its system id. @throws ObjectError when it is gone. */
export function requireOwner(region: Region, attributes: Attributes): Promise<ObjectJson> {
  const owner = ownerOf(attributes);
  return requireNode(region, owner?.key ?? "", owner?.kind);
}
