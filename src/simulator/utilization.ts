import { unavailable } from "./errors";
import { IpSet, type PurposeRange, purposeSet, rangeSize, UNUSED } from "./ip-set";
import { AllocType, type RangeRow, type SubnetRow } from "./store/rows";
import type { Store } from "./store/store";
import { readAddress, showValue } from "./text/addresses";
import { showPercent } from "./text/python";
import type { Features } from "./versions";

export interface UseOptions {
  /** Only ranges count, not gateways, DNS servers, routes and addresses. */
  readonly rangesOnly?: boolean;
  /** Addresses merely seen by MAAS do not count. */
  readonly ignoreDiscovered?: boolean;
  /** A range that is being changed. */
  readonly except?: RangeRow;
  /** Reserved ranges do not count. */
  readonly withoutReserved?: boolean;
  /** Further addresses not to be given out. */
  readonly exclude?: readonly string[];
}

/** What is in use on the subnet. */
export function inUse(store: Store, features: Features, subnet: SubnetRow, options: UseOptions = {}): IpSet {
  const used = implicit(subnet);
  if (options.rangesOnly !== true) used.push(...singles(store, features, subnet, options));
  for (const range of store.ranges.by("subnet", subnet.id)) {
    if (range.id === options.except?.id) continue;
    if (options.withoutReserved === true && range.type === "reserved") continue;
    used.push({ first: range.start.value, last: range.end.value, purposes: purposeSet(range.type) });
  }
  return IpSet.of(subnet.network.family, used);
}

/**
 * What is free on the subnet. Where MAAS does not manage the subnet, that is what is free inside reserved ranges,
 * except for new reserved ranges themselves.
 */
export function notInUse(store: Store, features: Features, subnet: SubnetRow, options: UseOptions = {}): IpSet {
  const used = inUse(store, features, subnet, options);
  if (subnet.managed || options.rangesOnly === true) return used.unused(subnet.network);
  const outside = used.unused(subnet.network, "unmanaged");
  const usedInside = inUse(store, features, subnet, { ...options, withoutReserved: true });
  return usedInside.union(outside.ranges).unused(subnet.network);
}

/**
 * The addresses MAAS gives out next: from the smallest free stretch, ties to the lowest, lowest address first.
 * @throws MaasError 503 when the subnet is full
 */
export function nextAddresses(
  store: Store,
  features: Features,
  subnet: SubnetRow,
  exclude: readonly string[],
  count: number,
): string[] {
  const free = [...notInUse(store, features, subnet, { exclude }).ranges];
  if (free.length === 0) throw unavailable(`No more IPs available in subnet: ${subnet.cidr}.`);
  free.sort((a, b) => {
    const difference = rangeSize(a) - rangeSize(b);
    return difference === 0n ? (a.first < b.first ? -1 : 1) : difference < 0n ? -1 : 1;
  });
  const addresses: string[] = [];
  for (const range of free) {
    for (let value = range.first; value <= range.last && addresses.length < count; value++) {
      addresses.push(showValue(subnet.network.family, value));
    }
  }
  return addresses;
}

/** IPv6 stretches that MAAS keeps for itself: the low half of a /64's host words, and the subnet-router anycast address. */
function implicit(subnet: SubnetRow): PurposeRange[] {
  const { family, prefixLength, first } = subnet.network;
  if (family === 4) return [];
  const ranges: PurposeRange[] = [];
  if (prefixLength === 64) {
    ranges.push({ first: first.value + 1n, last: first.value + 0xffffffffn, purposes: purposeSet("reserved") });
  }
  if (prefixLength < 127) ranges.push(IpSet.single(first, "rfc-4291-2.6.1"));
  return ranges;
}

function singles(store: Store, features: Features, subnet: SubnetRow, options: UseOptions): PurposeRange[] {
  const routes = store.routes.by("source", subnet.id).map((route) => route.gatewayIp);
  const addresses = store.addresses
    .by("subnet", subnet.id)
    .filter((row) => options.ignoreDiscovered !== true || row.allocType !== AllocType.DISCOVERED)
    .map((row) => row.ip);
  const within = (texts: readonly (string | null)[], purpose: string) => inNetwork(subnet, texts, purpose);
  const gateway = subnet.gatewayIp ?? "";
  return [
    ...(features.linkLocalGatewayInUse ? anywhere(gateway, "gateway-ip") : within([gateway], "gateway-ip")),
    ...within(subnet.dnsServers, "dns-server"),
    ...routes.flatMap((gateway) => anywhere(gateway, "gateway-ip")),
    ...within(addresses, "assigned-ip"),
    ...within(options.exclude ?? [], "excluded"),
  ];
}

function inNetwork(subnet: SubnetRow, texts: readonly (string | null)[], purpose: string): PurposeRange[] {
  return texts
    .map((text) => (text ? readAddress(text) : undefined))
    .filter((address) => address !== undefined && subnet.network.contains(address))
    .map((address) => IpSet.single(address!, purpose));
}

function anywhere(text: string, purpose: string): PurposeRange[] {
  const address = readAddress(text);
  return address === undefined ? [] : [IpSet.single(address, purpose)];
}

/** The numbers of `op=statistics`, from the subnet's full set. */
export function statistics(full: IpSet): Record<string, unknown> {
  let available = 0n;
  let unavailable = 0n;
  let largest = 0n;
  for (const range of full.ranges) {
    const size = rangeSize(range);
    if (range.purposes.has(UNUSED)) {
      available += size;
      if (size > largest) largest = size;
    } else {
      unavailable += size;
    }
  }
  const total = available + unavailable;
  const usage = Number(unavailable) / Number(total);
  return {
    num_available: available,
    largest_available: largest,
    num_unavailable: unavailable,
    total_addresses: total,
    usage,
    usage_string: showPercent(usage),
    available_string: showPercent(Number(available) / Number(total)),
    first_address: showValue(full.family, full.ranges[0]?.first ?? 0n),
    last_address: showValue(full.family, full.ranges.at(-1)?.last ?? 0n),
    ip_version: full.family,
  };
}
