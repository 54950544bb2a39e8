import { crash, forbidden, invalidFields, notFound } from "../errors";
import type { Region } from "../region";
import { AllocType, type IpAddressRow, type SubnetRow } from "../store/rows";
import { readAddress, showAddress } from "../text/addresses";
import { nextAddresses } from "../utilization";
import { bestSubnetFor, subnetLabel } from "./subnet";

type NewAddress = Pick<IpAddressRow, "allocType"> & Partial<Omit<IpAddressRow, "id" | "created" | "updated">>;

/** Stores an address. */
export function newAddress(region: Region, values: NewAddress): IpAddressRow {
  const now = region.now();
  return region.store.addresses.insert({
    ip: null,
    subnetId: null,
    userId: null,
    interfaceId: null,
    ...values,
    created: now,
    updated: now,
  });
}

export interface Allocation {
  readonly subnet: SubnetRow | null;
  readonly allocType: number;
  readonly userId: number | null;
  /** The address asked for; without it, MAAS chooses. */
  readonly ip?: string | undefined;
}

/**
 * Gives out an address: the same allocator serves single reservations, static links without an address, and AUTO links.
 * @throws MaasError when the address is taken, outside the subnet or in a range, or the subnet is full
 */
export function allocate(region: Region, { subnet, allocType, userId, ip }: Allocation): IpAddressRow {
  const { store } = region;
  const chosen = subnet ?? (ip === undefined ? undefined : bestSubnetFor(store, ip));
  if (chosen === undefined) {
    if (ip === undefined) throw forbidden("Could not find an appropriate subnet.");
    throw crash("'NoneType' object has no attribute 'validate_static_ip'");
  }
  if (ip === undefined) {
    const free = takeFree(region, chosen, allocType);
    return newAddress(region, { ip: free, allocType, userId, subnetId: chosen.id });
  }
  const address = readAddress(ip);
  if (address === undefined) throw crash(`failed to detect a valid IP address from '${ip}'`);
  const shown = showAddress(address);
  const isTaken = store.addresses.by("ip", shown).some((row) => row.allocType !== AllocType.DISCOVERED);
  if (isTaken) throw notFound(`The IP address ${shown} is already in use.`);
  if (!chosen.network.contains(address)) throw forbidden(`${shown} is not within subnet CIDR: ${chosen.cidr}`);
  for (const type of ["dynamic", "reserved"]) {
    const range = store.ranges
      .by("subnet", chosen.id)
      .find((row) => row.type === type && row.start.compare(address) <= 0 && address.compare(row.end) <= 0);
    if (range !== undefined) {
      throw notFound(`${shown} is within the ${type} range from ${range.startIp} to ${range.endIp}`);
    }
  }
  return newAddress(region, { ip: shown, allocType, userId, subnetId: chosen.id });
}

/** A free address. One that was looked up earlier may be taken by now: newer releases try again, older ones refuse. */
function takeFree({ store, version }: Region, subnet: SubnetRow, allocType: number): string {
  for (;;) {
    const free = store.pools.take(subnetLabel(store, subnet), (count) =>
      nextAddresses(store, version.features, subnet, [], count),
    );
    const holders = store.addresses.by("ip", free).filter((row) => row.allocType !== AllocType.DISCOVERED);
    if (holders.length === 0) return free;
    if (!version.features.staleAddressRetried && holders.some((row) => row.allocType === allocType)) {
      throw invalidFields({ __all__: ["Static IP Address with this Alloc type and IP already exists."] });
    }
  }
}
