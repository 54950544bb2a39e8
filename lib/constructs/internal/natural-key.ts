import type { IConstruct } from "../../cdk";
import { IpAddress } from "../../model/address";
import { Cidr } from "../../model/cidr";
import type { KindName } from "../../model/field";
import { type DeclaredObject, objectOf } from "./declared-object";

/** Who an object is: its natural key where that is literal, so that two lookups of one object are equal; else its path. */
export function identityOf(of: DeclaredObject | IConstruct): string {
  const object = "construct" in of ? of : objectOf(of);
  if (object === undefined) return (of as IConstruct).node.path;
  return naturalKey(object) ?? object.path;
}

const identity = (object: DeclaredObject | undefined) => object && identityOf(object);

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const address = (value: unknown): string | undefined => IpAddress.tryParse(text(value) ?? "")?.toString();

function joined(separator: string, ...parts: (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

const KEYS: Readonly<Partial<Record<KindName, (object: DeclaredObject) => string | undefined>>> = {
  fabric: ({ attributes }) => text(attributes.name),
  space: ({ attributes }) => text(attributes.name),
  vlan: ({ attributes, references }) =>
    joined(":", identity(references.fabric), typeof attributes.vid === "number" ? `${attributes.vid}` : undefined),
  subnet: ({ attributes }) => Cidr.tryParse(text(attributes.cidr) ?? "")?.toString(),
  vlan_dhcp: ({ references }) => identity(references.vlan),
  rack_controller: ({ attributes }) => text(attributes.hostname),
  rack_interface: ({ attributes, references }) =>
    joined("/", identity(references.rack_controller), text(attributes.name)),
  network_interface_link: ({ attributes, references }) =>
    joined(
      ":",
      joined("/", identity(references.machine), text(attributes.network_interface)),
      attributes.ip_address === null ? identity(references.subnet) : address(attributes.ip_address),
    ),
  machine: ({ attributes }) => text(attributes.hostname),
};

/** What MAAS knows the object by, as far as literals tell; undefined when a token is part of it. */
export function naturalKey(object: DeclaredObject): string | undefined {
  return KEYS[object.kind.name]?.(object);
}
