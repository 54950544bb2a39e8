import { unavailable } from "../../model/errors";
import type { Store } from "../../model/store";
import { readAddress } from "../../text/addresses";
import { showPercent } from "../../text/python";
import type { Features } from "../../versions";
import { AllocType } from "../ip-address/addresses";
import type { RangeRow } from "../ip-range";
import {
  familyOf,
  IpSet,
  type PurposeRange,
  purposeSet,
  rangeSize,
  showNumber,
  showRange,
  UNUSED,
  usable,
} from "./ip-set";
import type { SubnetRow } from "./subnet";

interface Counted {
  /** Only ranges count, not gateways, DNS servers, routes and addresses. */
  readonly rangesOnly?: boolean;
  /** Addresses merely seen by MAAS do not count. */
  readonly ignoreDiscovered?: boolean;
  /** A range that is being changed. */
  readonly except?: RangeRow | undefined;
  /** Ranges of this type do not count. */
  readonly without?: RangeRow["type"];
  /** Further addresses not to be given out. */
  readonly exclude?: readonly string[];
}

/** What a free address is asked for: to be given out, or to lie in a range of this type. */
export interface Purpose {
  readonly range?: RangeRow["type"];
  /** The range that is being changed. */
  readonly except?: RangeRow | undefined;
  /** Addresses not to be given out. */
  readonly exclude?: readonly string[];
}

/** What is in use on the subnet. */
export function inUse(store: Store, features: Features, subnet: SubnetRow, counted: Counted = {}): IpSet {
  const used = implicit(subnet);
  if (counted.rangesOnly !== true) used.push(...singles(store, features, subnet, counted));
  for (const { id, type, start, end } of store.ip_ranges.by("subnet", subnet.id)) {
    if (id === counted.except?.id || type === counted.without) continue;
    used.push({ family: start.family, first: start.value, last: end.value, purposes: purposeSet(type) });
  }
  return IpSet.of(used);
}

/**
 * What is free on the subnet. Where MAAS does not manage the subnet, that is what is free inside reserved ranges,
 * except for new reserved ranges themselves.
 */
export function free(store: Store, features: Features, subnet: SubnetRow, purpose: Purpose = {}): IpSet {
  const { range, except, exclude = [] } = purpose;
  const rangesOnly = range === "reserved";
  const counted = { rangesOnly, ignoreDiscovered: range !== undefined, except, exclude };
  const used = (without?: RangeRow["type"]) =>
    inUse(store, features, subnet, without === undefined ? counted : { ...counted, without });
  if (features.freeBySubtraction) {
    if (subnet.managed) return used().takenFrom([usable(subnet.network)]);
    if (rangesOnly) return used("dynamic").takenFrom([usable(subnet.network)]);
    return used("reserved").takenFrom(reservedRanges(store, subnet));
  }
  if (subnet.managed || rangesOnly) return used().gaps(subnet.network);
  return used("reserved").union(used().gaps(subnet.network, "unmanaged").ranges).gaps(subnet.network);
}

/** What is in use together with what is free of the network: the set that statistics are made from. */
export function fullSet(store: Store, features: Features, subnet: SubnetRow): IpSet {
  const used = inUse(store, features, subnet);
  const rest = features.freeBySubtraction ? used.takenFrom([usable(subnet.network)]) : used.gaps(subnet.network);
  return used.union(rest.ranges);
}

const reservedRanges = (store: Store, subnet: SubnetRow) =>
  store.ip_ranges
    .by("subnet", subnet.id)
    .filter(({ type }) => type === "reserved")
    .map(({ start, end }) => ({ family: start.family, first: start.value, last: end.value }));

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
  const stretches = [...free(store, features, subnet, { exclude }).ranges];
  if (stretches.length === 0) throw unavailable(`No more IPs available in subnet: ${subnet.cidr}.`);
  stretches.sort((a, b) => {
    const difference = rangeSize(a) - rangeSize(b);
    return difference === 0n ? (a.first < b.first ? -1 : 1) : difference < 0n ? -1 : 1;
  });
  const addresses: string[] = [];
  for (const range of stretches) {
    for (let value = range.first; value <= range.last && addresses.length < count; value++) {
      addresses.push(showNumber(value));
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
    ranges.push({ family, first: first.value + 1n, last: first.value + 0xffffffffn, purposes: purposeSet("reserved") });
  }
  if (prefixLength < 127) ranges.push(IpSet.single(first, "rfc-4291-2.6.1"));
  return ranges;
}

function singles(store: Store, features: Features, subnet: SubnetRow, counted: Counted): PurposeRange[] {
  const routes = store.static_routes.by("source", subnet.id).map((route) => route.gateway_ip);
  const addresses = store.ip_addresses
    .by("subnet", subnet.id)
    .filter((row) => counted.ignoreDiscovered !== true || row.alloc_type !== AllocType.DISCOVERED)
    .map((row) => row.ip);
  const within = (texts: readonly (string | null)[], purpose: string) => inNetwork(subnet, texts, purpose);
  const gateway = subnet.gateway_ip ?? "";
  return [
    ...(features.freeBySubtraction ? anywhere([gateway], "gateway-ip") : within([gateway], "gateway-ip")),
    ...within(subnet.dns_servers, "dns-server"),
    ...(features.freeBySubtraction ? within(routes, "gateway-ip") : anywhere(routes, "gateway-ip")),
    ...(features.freeBySubtraction ? anywhere(addresses, "assigned-ip") : within(addresses, "assigned-ip")),
    ...within(counted.exclude ?? [], "excluded"),
  ];
}

function anywhere(texts: readonly (string | null)[], purpose: string): PurposeRange[] {
  return texts
    .map((text) => (text ? readAddress(text) : undefined))
    .filter((address) => address !== undefined)
    .map((address) => IpSet.single(address, purpose));
}

function inNetwork(subnet: SubnetRow, texts: readonly (string | null)[], purpose: string): PurposeRange[] {
  const { family, first, last } = subnet.network;
  return anywhere(texts, purpose).filter(
    (it) => it.family === family && first.value <= it.first && it.last <= last.value,
  );
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
    first_address: showNumber(full.ranges[0]?.first ?? 0n),
    last_address: showNumber(full.ranges.at(-1)?.last ?? 0n),
    ip_version: familyOf(full.ranges.at(-1)?.last ?? 0n),
  };
}

/** The gateway and the dynamic range that MAAS proposes for a subnet, from its full set. */
export function suggestions(full: IpSet): Record<string, unknown> {
  const gateway = full.includes("gateway-ip") ? null : suggestGateway(full);
  const range = full.includes("dynamic") ? null : suggestRange(full, gateway);
  return {
    suggested_gateway: gateway === null ? null : showNumber(gateway),
    suggested_dynamic_range:
      range === null ? null : showRange({ ...range, purposes: purposeSet("proposed-dynamic") }, true),
  };
}

const unusedOf = (full: IpSet) => full.ranges.filter((range) => range.purposes.has(UNUSED));

const totalOf = (ranges: readonly PurposeRange[]) => ranges.reduce((sum, range) => sum + rangeSize(range), 0n);

function suggestGateway(full: IpSet): bigint | null {
  const first = full.ranges[0]?.first ?? 0n;
  const last = full.ranges.at(-1)?.last ?? 0n;
  if (familyOf(last) === 6) return totalOf(full.ranges) <= 2n ? null : first - 1n;
  const isUnused = (value: bigint) => full.find(value)?.purposes.has(UNUSED) === true;
  if (isUnused(first)) return first;
  if (isUnused(last)) return last;
  return unusedOf(full)[0]?.first ?? null;
}

function suggestRange(full: IpSet, gateway: bigint | null): Omit<PurposeRange, "purposes"> | null {
  const unused = unusedOf(full);
  const largest = unused.reduce<PurposeRange | undefined>(
    (best, range) => (best !== undefined && rangeSize(best) > rangeSize(range) ? best : range),
    undefined,
  );
  if (largest === undefined || (gateway !== null && rangeSize(largest) === 1n)) return null;
  let { first, last } = largest;
  if (gateway !== null && gateway === first) first += 1n;
  else if (gateway !== null && gateway > first && gateway <= last) last -= 1n;
  const size = last - first + 1n;
  const quarter = totalOf(full.ranges) >> 2n;
  const half = totalOf(unused) >> 1n;
  if (size > quarter) first = last - quarter;
  else if (size >= half) first = last - half + 1n;
  return first >= last ? null : { family: familyOf(first), first, last };
}
