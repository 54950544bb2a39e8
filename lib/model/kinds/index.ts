import type { Field, Kind, KindName } from "../field";
import { fabric } from "./fabric";
import { ipRange } from "./ip-range";
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
};

/** The field of that name. @throws Error when the kind has none: a mistake in this package. */
export function findField(kind: Kind, name: string): Field {
  const field = kind.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`a ${kind.title} has no field "${name}"`);
  return field;
}
