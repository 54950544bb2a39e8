import { IpAddress } from "../../model/address";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import { oncePer } from "../memo";
import { type Answer, missing, type Violation } from "../verdict";

/** A range whose ends are known. */
interface Placed {
  readonly object: NetworkIpRange;
  readonly span: AddressRange;
}

/** An address that a dynamic range must leave alone. */
interface TakenAddress {
  readonly address: IpAddress;
  readonly use: string;
}

/** All that is wrong between the ranges of one subnet. */
export interface RangeConflicts {
  readonly of: ReadonlyMap<NetworkIpRange, readonly Violation[]>;
  /** What is not known, so that ranges without a conflict may have one. */
  readonly missing: readonly string[];
}

function overlap(below: Placed, above: Placed): Violation {
  const { object, span } = above;
  const reaches = span.end.compare(below.span.end) > 0 && span.start.compare(below.span.start) > 0;
  return {
    what: `${String(object.type)} range ${span.toString()} overlaps the ${String(below.object.type)} range ${below.span.toString()} of ${below.object.at.path}`,
    fix: reaches
      ? `Start ${object.at.path} at ${below.span.end.plus(1).toString()}, or end ${below.object.at.path} at ${span.start.plus(-1).toString()}.`
      : `Keep one of them, or take ${span.toString()} out of ${below.object.at.path}.`,
    attribute: "start_ip",
    related: [below.object.at],
  };
}

const byStart = (a: Placed, b: Placed): number =>
  a.span.start.compare(b.span.start) || a.span.end.compare(b.span.end) || (a.object.key < b.object.key ? -1 : 1);

/** Each range that starts inside an earlier one, in one pass. */
function* overlaps(sorted: readonly Placed[]): Generator<[NetworkIpRange, Violation]> {
  let widest: Placed | undefined;
  for (const next of sorted) {
    if (widest?.span.overlaps(next.span) === true) yield [next.object, overlap(widest, next)];
    if (widest === undefined || next.span.end.compare(widest.span.end) > 0) widest = next;
  }
}

function addressesIn(text: unknown, use: string, subnet: NetworkSubnet): TakenAddress[] {
  const address = typeof text === "string" ? IpAddress.tryParse(text) : undefined;
  if (address === undefined || !isKnown(subnet.block) || !subnet.block.contains(address)) return [];
  return [{ address, use }];
}

/** The addresses of the subnet that MAAS keeps out of dynamic ranges, ascending. */
function takenAddresses(subnet: NetworkSubnet, network: Network): TakenAddress[] {
  const { gatewayIp, dnsServers } = subnet;
  return [
    ...addressesIn(gatewayIp, "the gateway", subnet),
    ...(isKnown(dnsServers) ? dnsServers : []).flatMap((server) => addressesIn(server, "a DNS server", subnet)),
    ...network
      .routesOf(subnet)
      .items.flatMap(({ gatewayIp, at }) => addressesIn(gatewayIp, `the gateway of ${at.path}`, subnet)),
  ].sort((a, b) => a.address.compare(b.address));
}

/** Index of the first item that is not before the address. */
function lowerBound<T>(sorted: readonly T[], addressOf: (item: T) => IpAddress, address: IpAddress): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && addressOf(item).compare(address) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function leaveOut(address: IpAddress, span: AddressRange): string {
  if (address.compare(span.end) < 0) return `Start the range at ${address.plus(1).toString()} or later.`;
  if (address.compare(span.start) > 0) return `End the range at ${address.plus(-1).toString()}.`;
  return `Leave ${address.toString()} out: it is the whole range, so drop it or move it.`;
}

function* takenInside(
  ranges: readonly Placed[],
  taken: readonly TakenAddress[],
): Generator<[NetworkIpRange, Violation]> {
  for (const { object, span } of ranges) {
    const first = taken[lowerBound(taken, ({ address }) => address, span.start)];
    if (first === undefined || !span.contains(first.address)) continue;
    yield [
      object,
      {
        what: `dynamic range ${span.toString()} holds ${first.address.toString()}, ${first.use} of its subnet`,
        fix: leaveOut(first.address, span),
        attribute: "start_ip",
      },
    ];
  }
}

function lackingFor(subnet: NetworkSubnet, network: Network, placed: number): string[] {
  const { items, missing: rest } = network.rangesOf(subnet);
  const unplaced = items.find(({ span }) => !isKnown(span));
  return [
    ...(isKnown(subnet.managed) ? [] : [`managed of ${subnet.at.path}`]),
    ...(placed < items.length && unplaced !== undefined ? [`ends of ${unplaced.at.path}`] : []),
    ...(rest === undefined ? [] : [rest]),
  ];
}

/**
 * Which ranges of the subnet are in each other's way, or in the way of its gateway, DNS servers and routes.
 *
 * On an unmanaged subnet dynamic ranges lie inside reserved ones, so that only ranges of the same sort must not overlap.
 *
 * @see MAAS models/iprange.py `_validate_duplicates_and_overlaps`, models/subnet.py `get_ipranges_in_use` (3.6.4)
 */
function findConflicts(subnet: NetworkSubnet, network: Network): RangeConflicts {
  const placed = network
    .rangesOf(subnet)
    .items.flatMap((object): Placed[] => (isKnown(object.span) ? [{ object, span: object.span }] : []))
    .sort(byStart);
  const dynamic = placed.filter(({ object }) => object.type === "dynamic");
  const others = placed.filter(({ object }) => object.type !== "dynamic");
  const found = new Map<NetworkIpRange, Violation[]>();
  const conflicts = [
    ...(subnet.managed === true ? overlaps(placed) : [...overlaps(dynamic), ...overlaps(others)]),
    ...takenInside(dynamic, takenAddresses(subnet, network)),
  ];
  for (const [range, violation] of conflicts) found.set(range, [...(found.get(range) ?? []), violation]);
  return { of: found, missing: lackingFor(subnet, network, placed.length) };
}

/** The conflicts of a network's subnets, each worked out once for all its ranges. */
export const conflictsOf = oncePer((network: Network) =>
  oncePer((subnet: NetworkSubnet) => findConflicts(subnet, network)),
);

/** The reserved ranges of a subnet. */
interface Reserved {
  /** Ascending; those that touch are one. */
  readonly spans: readonly AddressRange[];
  /** A range whose ends are not known. */
  readonly unplaced?: NetworkIpRange;
}

function merged(ranges: readonly AddressRange[]): AddressRange[] {
  const spans: AddressRange[] = [];
  for (const next of [...ranges].sort((a, b) => a.start.compare(b.start))) {
    const last = spans.at(-1);
    const touches = last?.family === next.family && next.start.value <= last.end.value + 1n;
    if (!touches) spans.push(next);
    else if (next.end.value > last.end.value) spans[spans.length - 1] = new AddressRange(last.start, next.end);
  }
  return spans;
}

const reservedOf = oncePer((network: Network) =>
  oncePer((subnet: NetworkSubnet): Reserved => {
    const reserved = network.rangesOf(subnet).items.filter(({ type }) => type !== "dynamic");
    const unplaced = reserved.find(({ type, span }) => !isKnown(type) || !isKnown(span));
    const spans = merged(reserved.flatMap(({ type, span }) => (isKnown(type) && isKnown(span) ? [span] : [])));
    return unplaced === undefined ? { spans } : { spans, unplaced };
  }),
);

/** Whether the reserved ranges of the subnet cover the span, where they touch also together. */
export function isReserved(span: AddressRange, subnet: NetworkSubnet, network: Network): Answer {
  const { spans, unplaced } = reservedOf(network)(subnet);
  const around = spans[lowerBound(spans, ({ end }) => end, span.start)];
  if (around?.contains(span.start) === true && around.contains(span.end)) return true;
  if (unplaced !== undefined) return missing(`ends of ${unplaced.at.path}`);
  const { missing: rest } = network.rangesOf(subnet);
  return rest === undefined ? false : missing(rest);
}
