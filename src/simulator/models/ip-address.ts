import type { IpAddressRow } from "../store/rows";
import { AllocType } from "../store/rows";
import type { Store } from "../store/store";

/** The words for links of interfaces. */
export type LinkMode = "auto" | "dhcp" | "static" | "link_up";

export function linkMode(address: IpAddressRow): LinkMode {
  switch (address.allocType) {
    case AllocType.AUTO:
      return "auto";
    case AllocType.DHCP:
    case AllocType.DISCOVERED:
      return "dhcp";
    case AllocType.USER_RESERVED:
      return "static";
    default:
      return address.ip === null ? "link_up" : "static";
  }
}

/** Removes the address from wherever it is used: gateway links, and DNS resources that are left with no address. */
export function deleteAddress(store: Store, address: IpAddressRow): void {
  for (const node of store.nodes.all()) {
    if (node.gatewayLinkIpv4Id === address.id) store.nodes.update(node, { gatewayLinkIpv4Id: null });
    if (node.gatewayLinkIpv6Id === address.id) store.nodes.update(node, { gatewayLinkIpv6Id: null });
  }
  for (const resource of store.dnsResources.all()) {
    if (!resource.ipAddressIds.includes(address.id)) continue;
    store.dnsResources.update(resource, { ipAddressIds: resource.ipAddressIds.filter((id) => id !== address.id) });
    if (resource.ipAddressIds.length === 0) removeDnsResource(store, resource.id);
  }
  store.addresses.delete(address);
}

/** Removes the DNS resource and its records. */
export function removeDnsResource(store: Store, id: number): void {
  for (const data of store.dnsData.by("resource", id)) store.dnsData.delete(data);
  store.dnsResources.delete(store.dnsResources.need(id));
}
