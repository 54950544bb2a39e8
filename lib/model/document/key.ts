import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { type Attributes, isKnown, type Value } from "../known";
import { textOf } from "../text";
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

/** How a kind's natural key is made. */
interface KeyForm {
  /** The attributes that it is made of. */
  readonly parts: readonly string[];
  /** The keys that these make: several where the object can be named in several ways. */
  readonly of: (part: (name: string) => string) => readonly string[];
  /** Whether a text has the form of such a key. */
  readonly matches: (key: string) => boolean;
}

const anyText = (key: string): boolean => key !== "";

const named = (name: string): KeyForm => ({ parts: [name], of: (part) => [part(name)], matches: anyText });

const isVlanKey = (key: string): boolean => /^[^:].*:\d+$/s.test(vlan(key));

const FORMS: Readonly<Partial<Record<DocumentKindName, KeyForm>>> = {
  space: named("name"),
  fabric: named("name"),
  vlan: {
    parts: ["fabric", "vid"],
    of: (part) => [`${part("fabric")}:${part("vid")}`],
    matches: isVlanKey,
  },
  subnet: { ...named("cidr"), matches: (key) => Cidr.tryParse(key) !== undefined },
  ip_range: {
    parts: ["start_ip", "end_ip", "subnet"],
    of: (part) => [`${part("start_ip")}-${part("end_ip")} in ${part("subnet")}`],
    matches: (key) => /^[^-\s]+-[^-\s]+ in \S/.test(key),
  },
  vlan_dhcp: { ...named("vlan"), matches: isVlanKey },
  rack_controller: named("hostname"),
  rack_interface: {
    parts: ["rack_controller", "name"],
    of: (part) => [`${part("rack_controller")}/${part("name")}`],
    matches: (key) => /^.+\/[^/]+$/s.test(key),
  },
  machine: named("hostname"),
  network_interface_link: {
    parts: ["machine", "network_interface", "subnet", "ip_address"],
    of: (part) =>
      [part("ip_address"), part("subnet")]
        .filter((target) => target !== "")
        .map((target) => `${part("machine")}/${part("network_interface")}:${target}`),
    matches: (key) => /^[^/]+\/[^:]+:.+$/s.test(key),
  },
};

const isGiven = (value: Value | undefined): value is Exclude<Value, null> => value !== undefined && value !== null;

/**
 * What is wrong with a key in view of the object's attributes: the keys that these make, where it is none of them, or no
 * key at all, where it has not the form of one. Undefined when nothing is: also while a part is not known yet, since the
 * object then goes by the path of its construct.
 */
export function keyProblem(
  kind: DocumentKindName,
  key: string,
  attributes: Attributes,
): { readonly instead: readonly string[] } | undefined {
  const form = FORMS[kind];
  if (form === undefined) return undefined;
  const given = form.parts.map((name) => attributes[name]).filter(isGiven);
  if (!given.every(isKnown)) return undefined;
  const part = (name: string): string => (isGiven(attributes[name]) ? textOf(attributes[name]) : "");
  const keys = [...new Set(form.of(part).map((made) => canonicalKey(kind, made)))];
  const areParts = form.parts.every((name) => isGiven(attributes[name]) || name === "ip_address");
  if (areParts) return keys.includes(canonicalKey(kind, key)) ? undefined : { instead: keys };
  return form.matches(key) ? undefined : { instead: [] };
}

/** The attributes that the natural key of a kind is made of. */
export const keyParts = (kind: DocumentKindName): readonly string[] => FORMS[kind]?.parts ?? [];
