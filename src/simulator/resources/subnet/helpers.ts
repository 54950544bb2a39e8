import type { IpAddress } from "../../../../lib/model/address";
import { badRequest } from "../../model/errors";
import type { Region } from "../../model/region";
import type { Store } from "../../model/store";
import { readAddress } from "../../text/addresses";
import { AllocType, deleteAddress } from "../ip-address/addresses";
import type { RangeRow } from "../ip-range";
import { subnetLabel } from "../labels";
import type { SubnetRow } from "./subnet";

export const dynamicRanges = (store: Store, subnet: SubnetRow): RangeRow[] =>
  store.ip_ranges.by("subnet", subnet.id).filter((range) => range.type === "dynamic");

/** The dynamic range of the subnet that holds the address. */
export function dynamicRangeOf(store: Store, subnet: SubnetRow, address: IpAddress): RangeRow | undefined {
  return dynamicRanges(store, subnet).find(
    (range) => range.start.compare(address) <= 0 && address.compare(range.end) <= 0,
  );
}

/** The subnet MAAS takes for an address: one whose VLAN has DHCP on before others, then the most specific. */
export function bestSubnetFor(store: Store, ip: string): SubnetRow | undefined {
  const address = readAddress(ip.replace(/^::ffff:(?=\d+\.)/i, ""));
  if (address === undefined) return undefined;
  const subnets = store.networks.containing(address);
  return subnets.find((subnet) => store.vlans.need(subnet.vlan).dhcp_on) ?? subnets[0];
}

/** After a subnet is made or its CIDR changed: addresses that users reserved find their subnet anew. */
export function adoptAddresses(store: Store, subnet: SubnetRow): void {
  for (const row of store.ip_addresses.by("subnet", subnet.id)) {
    if (row.alloc_type === AllocType.USER_RESERVED && !holds(subnet, row.ip)) {
      store.ip_addresses.update(row, { subnet: null });
    }
  }
  for (const row of store.ip_addresses.by("subnet", null)) {
    if (holds(subnet, row.ip)) store.ip_addresses.update(row, { subnet: subnet.id });
  }
}

function holds(subnet: SubnetRow, ip: string | null): boolean {
  const address = ip === null ? undefined : readAddress(ip);
  const isOneAddress = subnet.network.size === 1n;
  return address !== undefined && !isOneAddress && subnet.network.contains(address);
}

/** Deletes the subnet and all that is on it. @throws MaasError while it serves DHCP; while nodes use it, from 3.7.3 */
export function deleteSubnet(region: Region, subnet: SubnetRow, force: boolean): void {
  const { store, version } = region;
  if (store.vlans.need(subnet.vlan).dhcp_on && dynamicRanges(store, subnet).length > 0) {
    throw badRequest(
      "Cannot delete a subnet that is actively servicing a dynamic IP range. (Delete the dynamic range or disable DHCP first.)",
    );
  }
  if (version.features.subnetDeleteNeedsForce && !force && hasAddressesInUse(store, subnet)) {
    throw badRequest(
      "Cannot delete a subnet that has IP addresses in use by nodes. (Use the 'force' parameter to override.)",
    );
  }
  store.pools.forget(subnetLabel(store, subnet));
  for (const range of store.ip_ranges.by("subnet", subnet.id)) store.ip_ranges.delete(range);
  for (const route of store.static_routes.by("source", subnet.id)) store.static_routes.delete(route);
  for (const route of store.static_routes.by("destination", subnet.id)) store.static_routes.delete(route);
  for (const reserved of store.reserved_ips.by("subnet", subnet.id)) store.reserved_ips.delete(reserved);
  for (const address of store.ip_addresses.by("subnet", subnet.id)) deleteAddress(store, address);
  store.subnets.delete(subnet);
}

function hasAddressesInUse(store: Store, subnet: SubnetRow): boolean {
  const unused: number[] = [AllocType.DISCOVERED, AllocType.DHCP];
  return store.ip_addresses
    .by("subnet", subnet.id)
    .some((row) => row.ip !== null && row.interface !== null && !unused.includes(row.alloc_type));
}
