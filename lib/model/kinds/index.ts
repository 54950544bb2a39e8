import type { AdvertisementAttribute } from "../advertisement";
import type { ApiPlace } from "../api-place";
import type { Field } from "../field";
import type { AttributesOf, Kind, Setting, TypedKind } from "../kind";
import type { Value } from "../known";
import { withArticle } from "../text";
import { configuration } from "./configuration";
import { device } from "./device";
import { dhcpSnippet } from "./dhcp-snippet";
import { dnsDomain } from "./dns-domain";
import { dnsRecord } from "./dns-record";
import { fabric } from "./fabric";
import { ipRange } from "./ip-range";
import { machine } from "./machine";
import { networkInterfacePhysical, networkInterfaceVlan } from "./network-interface";
import { networkInterfaceBond, networkInterfaceBridge } from "./network-interface-bond";
import { networkInterfaceLink } from "./network-interface-link";
import { networkInterfaceTag } from "./network-interface-tag";
import { rackController } from "./rack-controller";
import { rackInterface } from "./rack-interface";
import { reservedIp } from "./reserved-ip";
import { space } from "./space";
import { staticRoute } from "./static-route";
import { subnet } from "./subnet";
import { vlan } from "./vlan";
import { vlanDhcp } from "./vlan-dhcp";

/** Every kind of object, by name: the one list that all layers read. What others refer to comes first. */
const TABLE = {
  space,
  fabric,
  vlan,
  subnet,
  ip_range: ipRange,
  static_route: staticRoute,
  rack_controller: rackController,
  rack_interface: rackInterface,
  vlan_dhcp: vlanDhcp,
  machine,
  network_interface_link: networkInterfaceLink,
  network_interface_physical: networkInterfacePhysical,
  network_interface_bond: networkInterfaceBond,
  network_interface_bridge: networkInterfaceBridge,
  network_interface_vlan: networkInterfaceVlan,
  dns_domain: dnsDomain,
  dns_record: dnsRecord,
  device,
  reserved_ip: reservedIp,
  configuration,
  dhcp_snippet: dhcpSnippet,
  network_interface_tag: networkInterfaceTag,
} as const;

export type KindTable = typeof TABLE;

/** The kinds of MAAS object that the package manages. */
export type KindName = keyof KindTable;

type Row = Readonly<Record<string, unknown>>;

/** The collections of MAAS's API that are read. VLANs come inside fabrics, interfaces inside rack controllers. */
export type Collection = KindTable[KindName]["api"]["collection"];

type ReferencesOf<K> =
  K extends TypedKind<string, infer F, ApiPlace>
    ? { [Name in keyof F]: F[Name] extends { readonly references: infer R } ? R : never }[keyof F]
    : never;

/** Every kind under its own name, referring to kinds that there are. */
type Checked = {
  readonly [N in KindName]: ReferencesOf<KindTable[N]> extends KindName ? Kind & { readonly name: N } : never;
};

export const KINDS: Checked & KindTable = TABLE;

/** The attributes of the objects of a kind: `AttributesOfKind<"subnet">`. */
export type AttributesOfKind<N extends KindName> = AttributesOf<KindTable[N]>;

/** The names of the attributes of all kinds, with those that only documents have, and the settings of a resource. */
export type AttributeName =
  { [N in KindName]: keyof AttributesOf<KindTable[N]> }[KindName] | AdvertisementAttribute | Setting;

/** The attributes of an object of any kind: what is read or written of it by name is an attribute of some kind. */
export type Attributes = Partial<Record<AttributeName, Value>>;

/** An object of a kind, its attributes as that kind has them. */
export type OfKind<T, N extends KindName> = {
  [P in keyof T]: P extends "kind"
    ? N
    : T[P] extends Attributes
      ? AttributesOfKind<N>
      : T[P] extends Attributes | undefined
        ? AttributesOfKind<N> | undefined
        : T[P];
};

/** The objects of that kind, with typed attributes. */
export function ofKind<T extends { readonly kind: string }, N extends KindName>(
  objects: readonly T[],
  kind: N,
): readonly OfKind<T, N>[] {
  return objects.filter((object) => object.kind === kind) as unknown as readonly OfKind<T, N>[];
}

/** The kinds that can be managed. The others register themselves with the region and are only looked up. */
export type ManagedKindName = Exclude<KindName, "rack_controller" | "machine">;

/** Whether objects of the kind can be managed. */
export function isManaged(kind: Kind): kind is Kind & { readonly name: ManagedKindName } {
  return kind.lifecycle !== "registered";
}

/** The kinds whose objects are interfaces of nodes: one of each of MAAS's types. */
export const INTERFACE_KINDS: readonly (Kind & { readonly name: ManagedKindName })[] = Object.values<Kind>(KINDS)
  .filter(isManaged)
  .filter(({ api }) => api.interfaceType !== undefined);

/** The kind of an interface in MAAS's JSON; undefined for a type that none stands for. */
export const kindOfInterface = ({ type }: Row): (Kind & { readonly name: ManagedKindName }) | undefined =>
  INTERFACE_KINDS.find(({ api }) => api.interfaceType === type);

/** Whether a node reports the objects of the kind, so that they are adopted and released, and never created or deleted. */
export const isReported = (kind: KindName): boolean => KINDS[kind].lifecycle === "reported";

/** The field of that name. @throws Error when the kind has none: a mistake in this package. */
export function findField(kind: Kind, name: string): Field {
  const field = kind.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${withArticle(kind.title)} has no field "${name}"`);
  return field;
}
