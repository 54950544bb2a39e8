import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { readVid } from "../vid";
import type { DocumentKindName } from "./kinds";

const address = (text: string): string => IpAddress.tryParse(text)?.toString() ?? text;

const cidr = (text: string): string => Cidr.tryParse(text)?.toString() ?? text;

/** The VLAN's tag as a number, from whatever digits it is written in. */
function vlan(text: string): string {
  const [, fabric, tag = ""] = /^(.+):([^:]+)$/s.exec(text) ?? [];
  const vid = readVid(tag);
  return fabric === undefined || vid === undefined ? text : `${fabric}:${vid}`;
}

function range(text: string): string {
  const [, start, end, subnet] = /^([^-\s]+)-([^-\s]+) in (\S+)$/.exec(text) ?? [];
  if (start === undefined || end === undefined || subnet === undefined) return text;
  return `${address(start)}-${address(end)} in ${cidr(subnet)}`;
}

/** An interface may be named by its MAC address, which has colons itself. */
const LINK = /^([^/]+\/(?:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[^:]+)):(.+)$/is;

function link(text: string): string {
  const [, nic, target] = LINK.exec(text) ?? [];
  return nic === undefined || target === undefined ? text : `${nic}:${cidr(address(target))}`;
}

function advertisement(text: string): string {
  const [, router, subnet] = /^(.+) on (\S+)$/s.exec(text) ?? [];
  return router === undefined || subnet === undefined ? text : `${router} on ${cidr(subnet)}`;
}

/** The addresses in a key in their one spelling, the VLAN by its number. */
const CANONICAL: Readonly<Partial<Record<DocumentKindName, (key: string) => string>>> = {
  vlan,
  subnet: cidr,
  ip_range: range,
  vlan_dhcp: vlan,
  network_interface_link: link,
  router_advertisement: advertisement,
};

/** The fabric's key within a VLAN's: `lab` of `lab:10`. */
export const fabricOf = (vlanKey: string): string => vlanKey.slice(0, vlanKey.lastIndexOf(":"));

/** The one spelling of a natural key, so that objects can be found by it. What is no natural key stays as it is. */
export function canonicalKey(kind: DocumentKindName, key: string): string {
  return CANONICAL[kind]?.(key) ?? key;
}
