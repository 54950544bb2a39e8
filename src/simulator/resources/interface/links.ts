import { conflict, forbidden, notFound } from "../../model/errors";
import type { Region, Store } from "../../model/store";
import { readAddress, showAddress } from "../../text/addresses";
import { removeFabric } from "../fabric";
import { AllocType, deleteAddress, type LinkMode, linkMode } from "../ip-address/addresses";
import { allocate, newAddress } from "../ip-address/allocation";
import type { IpAddressRow } from "../ip-address/ip-address";
import { subnetLabel } from "../names";
import { isController } from "../node/kinds";
import { dynamicRangeOf } from "../subnet/lookup";
import type { SubnetRow } from "../subnet/subnet";
import type { InterfaceRow } from "./interface";

/** The interface's links: its addresses but for those MAAS only observed. */
export const linksOf = (store: Store, nic: InterfaceRow): IpAddressRow[] =>
  store.ip_addresses.by("interface", nic.id).filter((address) => address.alloc_type !== AllocType.DISCOVERED);

/** Moves the interface. A controller takes its subnets along; another node loses its links. */
export function setInterfaceVlan(store: Store, nic: InterfaceRow, vlan: number | null): void {
  const previousId = nic.vlan;
  if (previousId === vlan) return;
  store.interfaces.update(nic, { vlan });
  if (nic.node === null) return;
  const node = store.nodes.get(nic.node);
  if (node !== undefined && isController(node)) {
    if (previousId === null) return;
    if (vlan !== null) moveSubnets(store, nic, vlan);
  } else {
    for (const link of linksOf(store, nic)) deleteAddress(store, link);
  }
  if (previousId !== null) removeAbandonedFabric(store, previousId);
}

function moveSubnets(store: Store, nic: InterfaceRow, vlan: number): void {
  for (const address of store.ip_addresses.by("interface", nic.id)) {
    const subnet = store.subnets.get(address.subnet);
    if (subnet !== undefined) store.subnets.update(subnet, { vlan });
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

/** Enables or disables the interface: enabled means at least a `link_up` link, disabled means none. */
export function setInterfaceEnabled(region: Region, nic: InterfaceRow, enabled: boolean): void {
  if (nic.enabled === enabled) return;
  region.store.interfaces.update(nic, { enabled });
  if (nic.type !== "physical") return;
  if (enabled) ensureLinkUp(region, nic);
  else clearLinks(region.store, nic);
}

/** A `link_up` link exists exactly when no other link does; an interface on no VLAN has none. */
export function ensureLinkUp(region: Region, nic: InterfaceRow): void {
  const { store } = region;
  const links = linksOf(store, nic);
  if (links.length === 0) {
    if (nic.vlan !== null) linkSubnet(region, nic, "link_up", observedSubnet(store, nic));
    return;
  }
  const linkUps = links.filter((link) => linkMode(link) === "link_up");
  if (linkUps.length < links.length) for (const link of linkUps) deleteAddress(store, link);
}

function observedSubnet(store: Store, nic: InterfaceRow): SubnetRow | null {
  const subnets = store.ip_addresses
    .by("interface", nic.id)
    .filter((address) => address.alloc_type === AllocType.DISCOVERED)
    .map((address) => store.subnets.get(address.subnet));
  return subnets.find((subnet) => subnet?.vlan === nic.vlan) ?? null;
}

export function clearLinks(store: Store, nic: InterfaceRow): void {
  for (const link of linksOf(store, nic)) deleteAddress(store, link);
}

/** Removes one link; an enabled interface without links gets a `link_up`. */
export function unlink(region: Region, nic: InterfaceRow, link: IpAddressRow): void {
  deleteAddress(region.store, link);
  if (nic.enabled) ensureLinkUp(region, nic);
}

export interface LinkOptions {
  readonly ip?: string | undefined;
  readonly alloc_type?: number;
  readonly user?: number;
}

/** Links the interface to the subnet. @throws MaasError when the address cannot be had */
export function linkSubnet(
  region: Region,
  nic: InterfaceRow,
  mode: LinkMode,
  subnet: SubnetRow | null,
  options: LinkOptions = {},
): IpAddressRow {
  const { store } = region;
  if (nic.vlan === null && subnet !== null) setInterfaceVlan(store, nic, subnet.vlan);
  const family = subnet?.network.family;
  const add = (alloc_type: number) => newAddress(region, { alloc_type, subnet: subnet?.id ?? null, interface: nic.id });
  switch (mode) {
    case "auto": {
      const link = add(AllocType.AUTO);
      removeDhcpLinks(store, nic, family);
      removeLinkUps(store, nic);
      return link;
    }
    case "dhcp": {
      removeDhcpLinks(store, nic, family);
      const link = add(AllocType.DHCP);
      removeLinkUps(store, nic);
      return link;
    }
    case "static": {
      const link = linkStatic(region, nic, subnet, options);
      removeDhcpLinks(store, nic, family);
      removeLinkUps(store, nic);
      return link;
    }
    case "link_up": {
      removeLinkUps(store, nic);
      const link = add(AllocType.STICKY);
      removeDhcpLinks(store, nic, family);
      return link;
    }
  }
}

function removeDhcpLinks(store: Store, nic: InterfaceRow, family: number | undefined): void {
  for (const link of linksOf(store, nic)) {
    if (linkMode(link) !== "dhcp") continue;
    const linked = store.subnets.get(link.subnet)?.network.family;
    if (family === undefined || linked === undefined || linked === family) deleteAddress(store, link);
  }
}

function removeLinkUps(store: Store, nic: InterfaceRow): void {
  for (const link of linksOf(store, nic)) if (linkMode(link) === "link_up") deleteAddress(store, link);
}

function linkStatic(region: Region, nic: InterfaceRow, subnet: SubnetRow | null, options: LinkOptions): IpAddressRow {
  const { store } = region;
  const alloc_type = options.alloc_type ?? AllocType.STICKY;
  const user = alloc_type === AllocType.STICKY ? null : (options.user ?? null);
  if (options.ip === undefined) {
    const address = allocate(region, { subnet, alloc_type, user });
    store.ip_addresses.update(address, { interface: nic.id });
    return address;
  }
  const address = readAddress(options.ip);
  const ip = address === undefined ? options.ip : showAddress(address);
  if (subnet !== null && address !== undefined) {
    if (!subnet.network.contains(address)) {
      throw forbidden(`IP address is not in the given subnet '${subnetLabel(store, subnet)}'.`);
    }
    const range = dynamicRangeOf(store, subnet, address);
    if (range !== undefined) throw forbidden(`IP address is inside a dynamic range ${range.start_ip}-${range.end_ip}.`);
    checkReservations(region, nic, ip);
  }
  if (store.ip_addresses.hasBy("ip", ip)) throw notFound("IP address is already in use.");
  return newAddress(region, { ip, alloc_type, user, subnet: subnet?.id ?? null, interface: nic.id });
}

/** An address reserved for another MAC, and a MAC with another reserved address, are refused. */
function checkReservations(region: Region, nic: InterfaceRow, ip: string): void {
  const { store, version } = region;
  if (!version.features.reservedIps) return;
  const mac = nic.mac_address;
  const reserved = new Set([
    ...(mac === null ? [] : store.reserved_ips.by("mac_address", mac)),
    ...store.reserved_ips.by("ip", ip),
  ]);
  const [first, second] = reserved;
  if (second !== undefined) {
    throw conflict(
      `The MAC address ${mac} or the static IP ${ip} are associated with a reserved IP and cannot be used.`,
    );
  }
  if (first === undefined) return;
  if (first.ip !== ip) {
    throw conflict(`The static IP ${ip} does not match the reserved IP ${first.ip} for the MAC address ${mac}.`);
  }
  if (first.mac_address !== mac) {
    throw conflict(`The static IP ${ip} is already reserved for the MAC address ${first.mac_address}.`);
  }
}

/** Deletes the interface, its addresses, and children that are left without a parent. */
export function deleteInterface(store: Store, nic: InterfaceRow): void {
  for (const child of childrenOf(store, nic)) {
    if (child.parents.length === 1) deleteInterface(store, child);
    else store.interfaces.update(child, { parents: child.parents.filter((id) => id !== nic.id) });
  }
  for (const address of store.ip_addresses.by("interface", nic.id)) deleteAddress(store, address);
  for (const node of store.nodes.all()) {
    if (node.boot_interface === nic.id) store.nodes.update(node, { boot_interface: null });
  }
  store.interfaces.delete(nic);
}

export const childrenOf = (store: Store, nic: InterfaceRow): InterfaceRow[] =>
  store.interfaces.by("node", nic.node).filter((other) => other.parents.includes(nic.id));

export const onlyHasLinkUp = (store: Store, nic: InterfaceRow): boolean => {
  const links = linksOf(store, nic);
  return links.length > 0 && links.every((link) => linkMode(link) === "link_up");
};

/** The MTU in effect: its own, else its VLAN's, and never less than a child's. */
export function effectiveMtu(store: Store, nic: InterfaceRow): number {
  const own = nic.params.mtu;
  const base = typeof own === "number" ? own : (store.vlans.get(nic.vlan)?.mtu ?? 1500);
  return Math.max(base, ...childrenOf(store, nic).map((child) => effectiveMtu(store, child)));
}
