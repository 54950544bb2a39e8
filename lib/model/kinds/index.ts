import { withArticle } from "../article";
import type { Field, Kind, KindName } from "../field";
import { fabric } from "./fabric";
import { ipRange } from "./ip-range";
import { machine } from "./machine";
import { networkInterfaceLink } from "./network-interface-link";
import { rackController } from "./rack-controller";
import { rackInterface } from "./rack-interface";
import { space } from "./space";
import { subnet } from "./subnet";
import { vlan } from "./vlan";
import { vlanDhcp } from "./vlan-dhcp";

/** Every kind of object, by name: the one table that all layers read. */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  fabric,
  space,
  vlan,
  subnet,
  ip_range: ipRange,
  vlan_dhcp: vlanDhcp,
  rack_interface: rackInterface,
  rack_controller: rackController,
  network_interface_link: networkInterfaceLink,
  machine,
};

/** The kinds that can be managed. The others register themselves with the region and are only looked up. */
export type ManagedKindName = Exclude<KindName, "rack_controller" | "machine">;

/** Whether objects of the kind can be managed. */
export function isManaged(kind: Kind): kind is Kind & { readonly name: ManagedKindName } {
  return kind.name !== "rack_controller" && kind.name !== "machine";
}

/** The field of that name. @throws Error when the kind has none: a mistake in this package. */
export function findField(kind: Kind, name: string): Field {
  const field = kind.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${withArticle(kind.title)} has no field "${name}"`);
  return field;
}
