import { badRequest } from "../errors";
import type { Features } from "../versions";
import { type NodeRow, NodeType, type VlanRow } from "../store/rows";
import type { Store } from "../store/store";
import { defaultVlan, fabricName, removeVlan } from "./fabric";
import { deleteInterface, setInterfaceVlan } from "./interface";

export const isDefaultVlan = (store: Store, vlan: VlanRow): boolean => defaultVlan(store, vlan.fabricId) === vlan;

/** The name that MAAS shows; `untagged` for the fabric's default VLAN whatever it is called. */
export function vlanName(store: Store, features: Features, vlan: VlanRow): string | null {
  if (isDefaultVlan(store, vlan)) return "untagged";
  return vlan.name ?? (features.unnamedVlanIsNull ? null : String(vlan.vid));
}

/** `fabric.vlan`, as MAAS's messages name a VLAN. An unset name reads `None`. */
export function vlanLabel(store: Store, features: Features, vlan: VlanRow): string {
  return `${fabricName(store.fabrics.need(vlan.fabricId))}.${vlanName(store, features, vlan) ?? "None"}`;
}

export const spaceNameOf = (store: Store, vlan: VlanRow): string => {
  const space = store.spaces.get(vlan.spaceId);
  return space === undefined ? "undefined" : (space.name ?? `space-${space.id}`);
};

/** Rack controllers with a NIC on some VLAN of this VID, in any fabric: MAAS offers no others. */
export function racksForVid(store: Store, vid: number): NodeRow[] {
  const nodes = store.vlans
    .by("vid", vid)
    .flatMap((vlan) => store.interfaces.by("vlan", vlan.id))
    .map((nic) => store.nodes.get(nic.nodeId))
    .filter((node) => node !== undefined && isRack(node));
  return [...new Set(nodes)] as NodeRow[];
}

export const isRack = (node: NodeRow): boolean =>
  node.nodeType === NodeType.RACK_CONTROLLER || node.nodeType === NodeType.REGION_AND_RACK;

/** Deletes the VLAN; its subnets and interfaces move to the fabric's default VLAN. @throws MaasError on the default VLAN */
export function deleteVlan(store: Store, vlan: VlanRow): void {
  const target = defaultVlan(store, vlan.fabricId);
  if (target === vlan) {
    throw badRequest("This VLAN is the default VLAN in the fabric, it cannot be deleted.");
  }
  for (const nic of store.interfaces.by("vlan", vlan.id)) {
    if (nic.type === "vlan") deleteInterface(store, nic);
    else setInterfaceVlan(store, nic, target.id);
  }
  for (const subnet of store.subnets.by("vlan", vlan.id)) store.subnets.update(subnet, { vlanId: target.id });
  removeVlan(store, vlan);
}
