import type { Store } from "../../model/store";
import type { DnsResourceRow } from "../dns/dns-resource";
import type { IpAddressRow } from "./ip-address";

/** How MAAS numbers the ways an address came to be. */
export const AllocType = { AUTO: 0, STICKY: 1, USER_RESERVED: 4, DHCP: 5, DISCOVERED: 6 } as const;

/** The words for links of interfaces. */
export type LinkMode = "auto" | "dhcp" | "static" | "link_up";

export function linkMode({ alloc_type, ip }: IpAddressRow): LinkMode {
  switch (alloc_type) {
    case AllocType.AUTO:
      return "auto";
    case AllocType.DHCP:
    case AllocType.DISCOVERED:
      return "dhcp";
    case AllocType.USER_RESERVED:
      return "static";
    default:
      return ip === null ? "link_up" : "static";
  }
}

/** Removes the address from wherever it is used: gateway links, and DNS resources that are left with no address. */
export function deleteAddress(store: Store, address: IpAddressRow): void {
  for (const node of store.nodes.all()) {
    if (node.gateway_link_ipv4 === address.id) store.nodes.update(node, { gateway_link_ipv4: null });
    if (node.gateway_link_ipv6 === address.id) store.nodes.update(node, { gateway_link_ipv6: null });
  }
  for (const resource of store.dns_resources.all()) {
    if (!resource.ip_addresses.includes(address.id)) continue;
    store.dns_resources.update(resource, { ip_addresses: resource.ip_addresses.filter((id) => id !== address.id) });
    if (resource.ip_addresses.length === 0) removeDnsResource(store, resource);
  }
  store.ip_addresses.delete(address);
}

/** Removes the DNS resource and its records. */
export function removeDnsResource({ dns_resources, dns_records }: Store, resource: DnsResourceRow): void {
  for (const record of dns_records.by("dnsresource", resource.id)) dns_records.delete(record);
  dns_resources.delete(resource);
}
