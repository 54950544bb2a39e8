import { type Family, IpAddress } from "../../../lib/model/address";
import { linkModeOf } from "../../../lib/model/checks/object";
import { Cidr } from "../../../lib/model/cidr";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
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

/** Ids of the links that are the machine's default gateways, one of each family at most. */
export function gatewayLinks(machine: ObjectJson): ReadonlySet<unknown> {
  const gateways = Object.values((machine.default_gateways ?? {}) as Record<string, ObjectJson | null>);
  return new Set(gateways.flatMap((gateway) => gateway?.link_id ?? []));
}

/** The attributes of a link, by the rows that MAAS has it in. */
export function decodeLink(machine: ObjectJson, nic: ObjectJson, link: ObjectJson): Attributes {
  const systemId = textOf(machine.system_id);
  return {
    id: `${systemId}/${textOf(nic.id)}/${textOf(link.id)}`,
    ...decode(KIND, {
      ...link,
      system_id: systemId,
      network_interface: nic.name,
      mode: modeOf(link),
      default_gateway: gatewayLinks(machine).has(link.id),
    }),
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

/** The interfaces of a machine's row. */
export const interfacesOf = (machine: ObjectJson): readonly ObjectJson[] => rowsOf(machine.interface_set);

/** The links of an interface's row, MAAS's own `link_up` included. */
export const linksOf = (nic: ObjectJson): readonly ObjectJson[] => rowsOf(nic.links);

/** The interface that a name, an id or a MAC address means; a name wins over an id. */
export function findInterface(machine: ObjectJson, key: string): ObjectJson | undefined {
  const nics = interfacesOf(machine);
  return (
    nics.find(({ name }) => name === key) ??
    nics.find(({ id, mac_address: mac }) => textOf(id) === key || String(mac).toLowerCase() === key.toLowerCase())
  );
}

/** {@link findInterface}. @throws ObjectError at `attribute` that names the interfaces that there are. */
export function requireInterface(machine: ObjectJson, key: string, attribute: string): ObjectJson {
  const found = findInterface(machine, key);
  if (found !== undefined) return found;
  throw missingInterface(machine, key, attribute);
}

/** That the machine has no such interface, with those that it has. */
export function missingInterface(machine: ObjectJson, key: string, attribute: string): ObjectError {
  const names = interfacesOf(machine).map(({ name }) => textOf(name));
  return new ObjectError(
    fault("MAAS-OPS-01", attribute, {
      what: `machine ${textOf(machine.hostname)} has no interface "${key}"`,
      fix: `Give the name, the id or the MAC address of an interface that it has: ${names.join(", ") || "it has none, so commission it first"}.`,
    }),
  );
}

/** The machine with that system id. @throws ObjectError when it is gone. */
export async function requireMachine({ snapshot }: Region, systemId: string): Promise<ObjectJson> {
  const machine = await snapshot.read("machines", systemId);
  if (machine !== undefined) return machine;
  throw new ObjectError(
    fault("MAAS-OPS-01", "machine", {
      what: `the region has no machine ${systemId}`,
      why: "It may have been deleted meanwhile.",
      fix: "Give the hostname or the system id of a machine that is there.",
    }),
  );
}
