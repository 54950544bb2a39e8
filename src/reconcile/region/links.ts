import { type Family, IpAddress } from "../../../lib/model/address";
import { linkModeOf } from "../../../lib/model/checks/interface-link";
import { Cidr } from "../../../lib/model/cidr";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { decode, type ObjectJson } from "../../maas/codec";
import { linksOf } from "./nodes";

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
