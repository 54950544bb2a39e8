import { invalidFields, onInvalid } from "../../model/errors";
import type { Region, Store } from "../../model/store";
import { removeFabric } from "../fabric";
import { AllocType, linkMode } from "../ip-address/addresses";
import { newAddress } from "../ip-address/allocation";
import { isController } from "../node/kinds";
import type { SubnetRow } from "../subnet/subnet";
import type { VlanRow } from "../vlan";
import type { InterfaceRow } from "./interface";
import { childrenOf, clearLinks, linksOf, parentsOf } from "./rows";
import { INTERFACE_TYPES, isEnabled } from "./types";

/**
 * Stores the interface with the changes, and lets MAAS's effects of a save follow: links go with a change of VLAN or with
 * disabling, MTUs of parents and children are brought in line, children are saved too, and bonds and bridges clear the
 * links of their parents. Those happen even when nothing has changed.
 *
 * @throws MaasError for an interface that MAAS's model refuses
 */
export function saveInterface(region: Region, nic: InterfaceRow, changes: Partial<InterfaceRow> = {}): void {
  save(region, nic, changes, new Set());
}

/** @param visiting the parents that are being moved right now, which are not moved again */
function save(region: Region, nic: InterfaceRow, changes: Partial<InterfaceRow>, visiting: Set<number>): void {
  const { store } = region;
  const before = { ...nic };
  store.interfaces.update(nic, changes);
  store.interfaces.update(nic, implied(store, nic));
  onInvalid(
    () => {
      INTERFACE_TYPES[nic.type].check(nic, parentsOf(store, nic));
    },
    ({ fields }) => {
      throw invalidFields(fields);
    },
  );
  if (nic.enabled !== before.enabled) followEnabled(region, nic);
  if (nic.params.mtu !== before.params.mtu) followMtu(region, nic, visiting);
  if (nic.vlan !== before.vlan) followVlan(region, nic, before.vlan, visiting);
  for (const child of childrenOf(store, nic)) save(region, child, {}, visiting);
  if (INTERFACE_TYPES[nic.type].ownsParents) takeParents(region, nic, visiting);
}

/** What follows from the interface's other columns and its parents. */
function implied(store: Store, nic: InterfaceRow): Partial<InterfaceRow> {
  const { isOverOthers, hasMacOfParent } = INTERFACE_TYPES[nic.type];
  const [parent] = parentsOf(store, nic);
  return {
    ...(hasMacOfParent && parent !== undefined ? { mac_address: parent.mac_address } : {}),
    ...(isOverOthers ? { enabled: isEnabled(store, nic) } : {}),
    ...(nic.link_connected ? {} : { link_speed: 0 }),
  };
}

/** An enabled physical interface has at least a `link_up` link, and so have its children; a disabled one has none. */
function followEnabled(region: Region, nic: InterfaceRow): void {
  const { store } = region;
  if (nic.type !== "physical") return;
  const children = childrenOf(store, nic);
  if (nic.enabled) {
    for (const it of [nic, ...children]) ensureLinkUp(region, it);
    return;
  }
  clearLinks(store, nic);
  for (const child of children) if (!isEnabled(store, child)) clearLinks(store, child);
}

/** No child has a larger MTU, no parent a smaller one. */
function followMtu(region: Region, nic: InterfaceRow, visiting: Set<number>): void {
  const { store } = region;
  const mtu = mtuOf(nic);
  if (mtu === undefined) return;
  const adjust = (other: InterfaceRow) => {
    save(region, other, { params: { ...other.params, mtu } }, visiting);
  };
  for (const child of childrenOf(store, nic)) if ((mtuOf(child) ?? 0) > mtu) adjust(child);
  for (const parent of parentsOf(store, nic)) if ((mtuOf(parent) ?? 0) < mtu) adjust(parent);
}

const mtuOf = ({ params: { mtu } }: InterfaceRow) => (typeof mtu === "number" ? mtu : undefined);

/** A controller takes its subnets along, and its VLAN interfaces to the new fabric; another node loses its links. */
function followVlan(region: Region, nic: InterfaceRow, previousId: number | null, visiting: Set<number>): void {
  const { store } = region;
  const node = store.nodes.get(nic.node);
  if (node === undefined) return;
  if (!isController(node)) clearLinks(store, nic);
  else if (previousId === null) return;
  else if (nic.vlan !== null) takeAlong(region, nic, store.vlans.need(nic.vlan), visiting);
  if (previousId !== null) removeAbandonedFabric(store, previousId);
}

function takeAlong(region: Region, nic: InterfaceRow, vlan: VlanRow, visiting: Set<number>): void {
  const { store } = region;
  for (const address of store.ip_addresses.by("interface", nic.id)) {
    const subnet = store.subnets.get(address.subnet);
    if (subnet !== undefined) store.subnets.update(subnet, { vlan: vlan.id });
  }
  for (const child of childrenOf(store, nic)) {
    const vid = child.type === "vlan" ? store.vlans.get(child.vlan)?.vid : undefined;
    if (vid === undefined) continue;
    const known = store.vlans.by("fabric", vlan.fabric).find((other) => other.vid === vid);
    const target = known ?? store.vlans.insert({ fabric: vlan.fabric, vid });
    save(region, child, { vlan: target.id }, visiting);
  }
}

/** The fabric that the interface left goes too, when nothing else is on any of its VLANs. */
function removeAbandonedFabric(store: Store, vlanId: number): void {
  const vlan = store.vlans.get(vlanId);
  if (vlan === undefined) return;
  const isUsed = store.vlans
    .by("fabric", vlan.fabric)
    .some((other) => store.subnets.hasBy("vlan", other.id) || store.interfaces.hasBy("vlan", other.id));
  if (!isUsed) removeFabric(store, store.fabrics.need(vlan.fabric));
}

function takeParents(region: Region, nic: InterfaceRow, visiting: Set<number>): void {
  for (const parent of parentsOf(region.store, nic)) {
    clearLinks(region.store, parent);
    if (parent.vlan === nic.vlan || visiting.has(parent.id)) continue;
    visiting.add(parent.id);
    save(region, parent, { vlan: nic.vlan }, visiting);
    visiting.delete(parent.id);
  }
}

/** A `link_up` link exists exactly when no other link does; an interface on no VLAN has none. */
export function ensureLinkUp(region: Region, nic: InterfaceRow): void {
  const { store } = region;
  const links = linksOf(store, nic);
  if (links.length === 0) {
    if (nic.vlan === null) return;
    newAddress(region, {
      alloc_type: AllocType.STICKY,
      subnet: observedSubnet(store, nic)?.id ?? null,
      interface: nic.id,
    });
    saveInterface(region, nic);
    return;
  }
  if (links.some((link) => linkMode(link) !== "link_up")) clearLinks(store, nic, (mode) => mode === "link_up");
}

function observedSubnet(store: Store, nic: InterfaceRow): SubnetRow | undefined {
  return store.ip_addresses
    .by("interface", nic.id)
    .filter((address) => address.alloc_type === AllocType.DISCOVERED)
    .map((address) => store.subnets.get(address.subnet))
    .find((subnet) => subnet?.vlan === nic.vlan);
}
