// How MAAS names objects in its replies and messages.
import type { Store } from "../model/store";
import type { Features } from "../versions";
import type { FabricRow } from "./fabric";
import type { InterfaceRow } from "./interface/interface";
import type { SubnetRow } from "./subnet/subnet";
import type { VlanRow } from "./vlan";

export const fabricName = (fabric: FabricRow): string => fabric.name ?? `fabric-${fabric.id}`;

export const fabricLabel = (fabric: FabricRow): string => `name=${fabricName(fabric)}`;

/** The fabric's VLAN of the lowest id, whatever its VID is by now. */
export function defaultVlan(store: Store, fabricId: number): VlanRow {
  const [first, ...others] = store.vlans.by("fabric", fabricId);
  if (first === undefined) throw new Error(`fabric ${fabricId} has no VLAN`);
  return others.reduce((lowest, vlan) => (vlan.id < lowest.id ? vlan : lowest), first);
}

/** The name that MAAS shows; `untagged` for the fabric's default VLAN whatever it is called. */
export function vlanName(store: Store, features: Features, vlan: VlanRow): string | null {
  if (defaultVlan(store, vlan.fabric) === vlan) return "untagged";
  return vlan.name ?? (features.unnamedVlanIsNull ? null : String(vlan.vid));
}

/** `fabric.vlan`. An unset name reads `None`. */
export function vlanLabel(store: Store, features: Features, vlan: VlanRow): string {
  return `${fabricName(store.fabrics.need(vlan.fabric))}.${vlanName(store, features, vlan) ?? "None"}`;
}

export function spaceNameOf(store: Store, vlan: VlanRow): string {
  const space = store.spaces.get(vlan.space);
  return space === undefined ? "undefined" : (space.name ?? `space-${space.id}`);
}

/** `name:cidr(vid=0)` */
export function subnetLabel(store: Store, subnet: SubnetRow): string {
  return `${subnet.name}:${subnet.cidr}(vid=${store.vlans.need(subnet.vlan).vid})`;
}

/** `eth0 (physical) on rack1` */
export function interfaceLabel(store: Store, nic: InterfaceRow): string {
  return `${nic.name} (${nic.type}) on ${store.nodes.get(nic.node)?.hostname ?? "<unknown-node>"}`;
}
