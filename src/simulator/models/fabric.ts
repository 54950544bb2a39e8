import { badRequest } from "../errors";
import type { FabricRow, InterfaceRow, SubnetRow, VlanRow } from "../store/rows";
import type { Store } from "../store/store";
import { interfaceLabel } from "./interface-label";

/** The fabric that always exists. */
export const DEFAULT_FABRIC_ID = 0;

export const fabricName = (fabric: FabricRow): string => fabric.name ?? `fabric-${fabric.id}`;

export const fabricLabel = (fabric: FabricRow): string => `name=${fabricName(fabric)}`;

/** The fabric's VLAN of the lowest id, whatever its VID is by now. */
export function defaultVlan(store: Store, fabricId: number): VlanRow {
  const [first, ...others] = store.vlans.by("fabric", fabricId);
  if (first === undefined) throw new Error(`fabric ${fabricId} has no VLAN`);
  return others.reduce((lowest, vlan) => (vlan.id < lowest.id ? vlan : lowest), first);
}

/** A new fabric with its untagged VLAN; without a name it is named after its id. */
export function createFabric(store: Store, values: Omit<FabricRow, "id">, id?: number): FabricRow {
  const fabric = store.fabrics.insert(id === undefined ? values : { ...values, id });
  if (!fabric.name) store.fabrics.update(fabric, { name: `fabric-${fabric.id}` });
  store.vlans.insert({ ...NEW_VLAN, name: "Default VLAN", vid: 0, fabricId: fabric.id });
  return fabric;
}

/** The default VLAN of the default fabric. MAAS makes both anew when they went with the last interface on them. */
export function regionVlan(store: Store): VlanRow {
  if (store.fabrics.get(DEFAULT_FABRIC_ID) === undefined) {
    createFabric(store, { name: `fabric-${DEFAULT_FABRIC_ID}`, description: "", classType: null }, DEFAULT_FABRIC_ID);
  }
  return defaultVlan(store, DEFAULT_FABRIC_ID);
}

/** What a VLAN is when nothing is said. */
export const NEW_VLAN = {
  name: null,
  description: "",
  mtu: 1500,
  dhcpOn: false,
  externalDhcp: null,
  primaryRackId: null,
  secondaryRackId: null,
  relayVlanId: null,
  spaceId: null,
} as const;

/** @throws MaasError while the fabric is the default one, or has subnets or interfaces. */
export function deleteFabric(store: Store, fabric: FabricRow): void {
  if (fabric.id === DEFAULT_FABRIC_ID) {
    throw badRequest("This fabric is the default fabric, it cannot be deleted.");
  }
  const vlans = store.vlans.by("fabric", fabric.id);
  const subnets = vlans.flatMap((vlan) => store.subnets.by("vlan", vlan.id)).sort(byNetwork);
  if (subnets.length > 0) {
    const list = subnets.map((subnet) => subnet.cidr).join(", ");
    throw badRequest(`Can't delete fabric; the following subnets are still present: ${list}`);
  }
  const interfaces = vlans.flatMap((vlan) => store.interfaces.by("vlan", vlan.id)).sort(byNodeAndName);
  if (interfaces.length > 0) {
    const list = interfaces.map((nic) => interfaceLabel(store, nic)).join(", ");
    throw badRequest(`Can't delete fabric; the following interfaces are still connected: ${list}`);
  }
  removeFabric(store, fabric);
}

/** Removes the fabric and its VLANs, unasked. */
export function removeFabric(store: Store, fabric: FabricRow): void {
  for (const vlan of store.vlans.by("fabric", fabric.id)) removeVlan(store, vlan);
  store.fabrics.delete(fabric);
}

/** Removes the VLAN; VLANs relayed to it are relayed no more. */
export function removeVlan(store: Store, vlan: VlanRow): void {
  for (const relayed of store.vlans.by("relay", vlan.id)) store.vlans.update(relayed, { relayVlanId: null });
  store.vlans.delete(vlan);
}

/** MAAS does this whenever any VLAN is saved: a fabric that lost its last VLAN goes. */
export function removeEmptyFabrics(store: Store): void {
  for (const fabric of store.fabrics.all()) {
    if (!store.vlans.hasBy("fabric", fabric.id)) store.fabrics.delete(fabric);
  }
}

function byNetwork(a: SubnetRow, b: SubnetRow): number {
  return a.network.network.compare(b.network.network) || a.network.prefixLength - b.network.prefixLength;
}

function byNodeAndName(a: InterfaceRow, b: InterfaceRow): number {
  return (a.nodeId ?? 0) - (b.nodeId ?? 0) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
