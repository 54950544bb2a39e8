import type { Store } from "../../model/store";
import { AllocType, deleteAddress, type LinkMode, linkMode } from "../ip-address/addresses";
import type { IpAddressRow } from "../ip-address/ip-address";
import type { NodeRow } from "../node/node";
import type { InterfaceRow } from "./interface";

/** The interface's links: its addresses but for those MAAS only observed. */
export const linksOf = (store: Store, nic: InterfaceRow): IpAddressRow[] =>
  store.ip_addresses.by("interface", nic.id).filter((address) => address.alloc_type !== AllocType.DISCOVERED);

/** Deletes the links, all of them by default. No link takes their place. */
export function clearLinks(
  store: Store,
  nic: InterfaceRow,
  isMeant: (mode: LinkMode, link: IpAddressRow) => boolean = () => true,
): void {
  for (const link of linksOf(store, nic)) if (isMeant(linkMode(link), link)) deleteAddress(store, link);
}

export const onlyHasLinkUp = (store: Store, nic: InterfaceRow): boolean => {
  const links = linksOf(store, nic);
  return links.length > 0 && links.every((link) => linkMode(link) === "link_up");
};

/** The interfaces of the node, oldest first. */
export const interfacesOf = ({ interfaces }: Store, node: NodeRow): InterfaceRow[] =>
  interfaces.by("node", node.id).sort((a, b) => a.id - b.id);

/** The interfaces that the interface is made over, oldest first. */
export const parentsOf = (store: Store, nic: InterfaceRow): InterfaceRow[] =>
  [...nic.parents].sort((a, b) => a - b).map((id) => store.interfaces.need(id));

/** The interfaces that are made over the interface. */
export const childrenOf = (store: Store, nic: InterfaceRow): InterfaceRow[] =>
  store.interfaces.by("node", nic.node).filter((other) => other.parents.includes(nic.id));

/** The MTU in effect: its own, else its VLAN's, and never less than a child's. */
export function effectiveMtu(store: Store, nic: InterfaceRow): number {
  const own = nic.params.mtu;
  const base = typeof own === "number" ? own : (store.vlans.get(nic.vlan)?.mtu ?? 1500);
  return Math.max(base, ...childrenOf(store, nic).map((child) => effectiveMtu(store, child)));
}

/** The name that MAAS gives an interface of the node: one more than the highest `eth<number>` that any name begins with. */
export function nextInterfaceName(store: Store, node: NodeRow): string {
  const numbers = store.interfaces.by("node", node.id).map(({ name }) => Number(/^eth(\d+)/.exec(name)?.[1] ?? -1));
  return `eth${Math.max(-1, ...numbers) + 1}`;
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
