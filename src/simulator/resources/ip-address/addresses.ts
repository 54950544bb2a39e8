import type { Store } from "../../model/store";
import type { Json } from "../../model/view";
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

const MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A moment as MAAS's pages show it: `Sun, 22 Nov. 2026 23:08:10`. */
function showMoment(moment: string): string {
  const date = new Date(`${moment}Z`);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time}`;
}

/** One entry of a subnet's `op=ip_addresses`. */
export function showSubnetAddress(
  store: Store,
  address: IpAddressRow,
  { withUsername, withSummary }: { readonly withUsername: boolean; readonly withSummary: boolean },
): Json {
  const nic = store.interfaces.get(address.interface);
  const node = store.nodes.get(nic?.node);
  const user = withUsername ? store.users.get(address.user) : undefined;
  const json: Json = {
    ip: address.ip,
    alloc_type: address.alloc_type,
    created: showMoment(address.created),
    updated: showMoment(address.updated),
    ...(user === undefined ? {} : { user: user.username }),
  };
  if (!withSummary) return json;
  if (node !== undefined && nic !== undefined) {
    // The owner of the node counts, whoever has reserved the address.
    const owner = store.users.get(node.owner);
    const isShown = withUsername && owner !== undefined && address.alloc_type !== AllocType.DISCOVERED;
    if (isShown) json.user = owner.username;
    json.node_summary = {
      system_id: node.system_id,
      node_type: node.node_type,
      fqdn: `${node.hostname}.${store.domains.need(node.domain).name}`,
      hostname: node.hostname,
      is_container: node.parent !== null,
      via: nic.name,
    };
  }
  const resources = store.dns_resources.all().filter((resource) => resource.ip_addresses.includes(address.id));
  if (resources.length > 0) {
    json.dns_records = resources.map((resource) => ({
      id: resource.id,
      name: resource.name,
      domain: store.domains.need(resource.domain).name,
    }));
  }
  return json;
}
