import { crash, forbidden, invalidFields, notFound } from "../../model/errors";
import type { Region } from "../../model/store";
import { readAddress, showAddress } from "../../text/addresses";
import { subnetLabel } from "../names";
import { bestSubnetFor } from "../subnet/lookup";
import type { SubnetRow } from "../subnet/subnet";
import { nextAddresses } from "../subnet/utilization";
import { AllocType } from "./addresses";
import type { IpAddressRow } from "./ip-address";

type NewAddress = Pick<IpAddressRow, "alloc_type"> & Partial<Omit<IpAddressRow, "id" | "created" | "updated">>;

/** Stores an address. */
export function newAddress(region: Region, values: NewAddress): IpAddressRow {
  const now = region.now();
  return region.store.ip_addresses.insert({ ...values, created: now, updated: now });
}

export interface Allocation {
  readonly subnet: SubnetRow | null;
  readonly alloc_type: number;
  readonly user: number | null;
  /** The address asked for; without it, MAAS chooses. */
  readonly ip?: string | undefined;
}

/**
 * Gives out an address: the same allocator serves single reservations, static links without an address, and AUTO links.
 * @throws MaasError when the address is taken, outside the subnet or in a range, or the subnet is full
 */
export function allocate(region: Region, { subnet, alloc_type, user, ip }: Allocation): IpAddressRow {
  const { store } = region;
  const chosen = subnet ?? (ip === undefined ? undefined : bestSubnetFor(store, ip));
  if (chosen === undefined) {
    if (ip === undefined) throw forbidden("Could not find an appropriate subnet.");
    throw crash("'NoneType' object has no attribute 'validate_static_ip'");
  }
  if (ip === undefined) {
    const free = takeFree(region, chosen, alloc_type);
    return newAddress(region, { ip: free, alloc_type, user, subnet: chosen.id });
  }
  const address = readAddress(ip);
  if (address === undefined) throw crash(`failed to detect a valid IP address from '${ip}'`);
  const shown = showAddress(address);
  const isTaken = store.ip_addresses.by("ip", shown).some((row) => row.alloc_type !== AllocType.DISCOVERED);
  if (isTaken) throw notFound(`The IP address ${shown} is already in use.`);
  if (!chosen.network.contains(address)) throw forbidden(`${shown} is not within subnet CIDR: ${chosen.cidr}`);
  for (const type of ["dynamic", "reserved"]) {
    const range = store.ip_ranges
      .by("subnet", chosen.id)
      .find((row) => row.type === type && row.start.compare(address) <= 0 && address.compare(row.end) <= 0);
    if (range !== undefined) {
      throw notFound(`${shown} is within the ${type} range from ${range.start_ip} to ${range.end_ip}`);
    }
  }
  return newAddress(region, { ip: shown, alloc_type, user, subnet: chosen.id });
}

/** A free address. One that was looked up earlier may be taken by now: newer releases try again, older ones refuse. */
function takeFree({ store, version }: Region, subnet: SubnetRow, alloc_type: number): string {
  for (;;) {
    const free = store.pools.take(subnetLabel(store, subnet), (count) =>
      nextAddresses(store, version.features, subnet, [], count),
    );
    const holders = store.ip_addresses.by("ip", free).filter((row) => row.alloc_type !== AllocType.DISCOVERED);
    if (holders.length === 0) return free;
    if (!version.features.staleAddressRetried && holders.some((row) => row.alloc_type === alloc_type)) {
      throw invalidFields({ __all__: ["Static IP Address with this Alloc type and IP already exists."] });
    }
  }
}

interface Pool {
  readonly addresses: string[];
  /** Addresses asked for and not yet found: a refusal leaves its own behind, so that the next fill brings more. */
  pending: number;
}

/**
 * Addresses that MAAS has looked up for a subnet and not given out yet. As in MAAS they belong to the running server, not
 * to the database: a refused request does not put back what it took, and the next one looks for as many as are pending.
 */
export class AddressPools {
  private readonly pools = new Map<string, Pool>();

  /** The next address for the subnet of this label. @throws whatever `find` throws when there is none */
  take(label: string, find: (count: number) => readonly string[]): string {
    let pool = this.pools.get(label);
    if (pool === undefined) this.pools.set(label, (pool = { addresses: [], pending: 0 }));
    const queued = pool.addresses.shift();
    if (queued !== undefined) return queued;
    pool.pending += 1;
    const found = find(pool.pending);
    pool.pending -= found.length;
    const [first = "", ...rest] = found;
    pool.addresses.push(...rest);
    return first;
  }

  /** Forgets a subnet that is gone. */
  forget(label: string): void {
    this.pools.delete(label);
  }
}
