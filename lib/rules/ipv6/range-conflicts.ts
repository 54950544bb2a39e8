import type { IpAddress } from "../../model/address";
import { Cidr } from "../../model/cidr";
import { isAtLeast } from "../../model/api-place";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import { AddressRange } from "../../model/address-range";
import { oncePer } from "../../model/once-per";
import { type Answer, missing, type Violation } from "../verdict";
import { type TakenAddress, takenAddresses, titleOf } from "./facts";
import { among, fixRange, lowerBound, merged, type RangeFix } from "./room";
import { proposeNetwork } from "./suggestion";

/**
 * Each subnet that another one contains, with the smallest such. Networks nest or are disjoint, so one pass over them
 * in order of their first address, with the ones that are still open on a stack, finds all.
 */
const overlapsOf = oncePer((network: Network): ReadonlyMap<NetworkSubnet, NetworkSubnet> => {
  const placed = network
    .all("subnet")
    .flatMap((subnet) =>
      isKnown(subnet.block) ? [{ subnet, first: subnet.block.first, last: subnet.block.last }] : [],
    )
    .sort((a, b) => a.first.compare(b.first) || b.last.compare(a.last));
  const overlaps = new Map<NetworkSubnet, NetworkSubnet>();
  const open: typeof placed = [];
  for (const next of placed) {
    while (open.length > 0 && (open.at(-1)?.last.compare(next.first) ?? 0) < 0) open.pop();
    const around = open.at(-1);
    if (around !== undefined) overlaps.set(next.subnet, around.subnet);
    open.push(next);
  }
  return overlaps;
});

/** How an overlap of two CIDRs that are not equal counts: MAAS took them up to 3.6. */
function severity({ info: { maasVersion } }: Network): Pick<Violation, "level" | "kind"> {
  const refused = maasVersion === undefined || !isKnown(maasVersion) ? undefined : isAtLeast(maasVersion, [3, 7]);
  if (refused === true) return {};
  return refused === false ? { kind: "silent", level: "warning" } : { kind: "silent" };
}

/** A network near the block that no subnet overlaps, no larger than the block where that is smaller. */
function elsewhere(block: Cidr, network: Network): Cidr {
  const free = proposeNetwork(block.family, network, block);
  return block.prefixLength > free.prefixLength ? Cidr.of(free.first, block.prefixLength) : free;
}

/** What is wrong between the subnet and the one that contains it, if there is one. */
export function overlapOf(subnet: NetworkSubnet, network: Network): Violation | undefined {
  const around = overlapsOf(network).get(subnet);
  if (around === undefined || !isKnown(subnet.block) || !isKnown(around.block)) return undefined;
  const shared = { attribute: "cidr", related: [around.at] };
  if (subnet.block.equals(around.block)) {
    return {
      ...shared,
      what: `${titleOf(subnet)} is declared twice, here and at ${around.at.path}`,
      fix: `Drop one of them: a region has one subnet ${subnet.block.toString()}.`,
    };
  }
  return {
    ...shared,
    ...severity(network),
    what: `${titleOf(subnet)} lies inside ${around.block.toString()} of ${around.at.path}`,
    fix: `Give ${subnet.at.path} a CIDR outside ${around.block.toString()}, such as ${elsewhere(subnet.block, network).toString()}, or drop one of the two.`,
  };
}

/** A range whose ends are known. */
interface Placed {
  readonly object: NetworkIpRange;
  readonly span: AddressRange;
}

/** All that is wrong between the ranges of one subnet. */
export interface RangeConflicts {
  readonly of: ReadonlyMap<NetworkIpRange, readonly Violation[]>;
  /** What is not known, so that ranges without a conflict may have one. */
  readonly missing: readonly string[];
}

/** How the range that starts later could make room, or the earlier one for it. */
function overlapFix(below: Placed, above: Placed, subnet: NetworkSubnet, network: Network): string {
  const { object, span } = above;
  const reaches = span.end.compare(below.span.end) > 0 && span.start.compare(below.span.start) > 0;
  if (!reaches) {
    const elsewhere = fixRange(object, span, subnet, network);
    return `Keep one of them, or take ${span.toString()} out of ${below.object.at.path}. ${elsewhere}`;
  }
  const start = below.span.end.plus(1);
  const way = {
    text: `Start ${object.at.path} at ${start.toString()}, or end ${below.object.at.path} at ${span.start.plus(-1).toString()}.`,
    span: new AddressRange(start, span.end),
  };
  return fixRange(object, span, subnet, network, [way]);
}

function overlap(below: Placed, above: Placed, subnet: NetworkSubnet, network: Network): Violation {
  const { object, span } = above;
  return {
    what: `${String(object.type)} range ${span.toString()} overlaps the ${String(below.object.type)} range ${below.span.toString()} of ${below.object.at.path}`,
    fix: overlapFix(below, above, subnet, network),
    attribute: "start_ip",
    related: [below.object.at],
  };
}

const byStart = (a: Placed, b: Placed): number =>
  a.span.start.compare(b.span.start) || a.span.end.compare(b.span.end) || (a.object.key < b.object.key ? -1 : 1);

/** The ranges of the subnet whose ends are known, ascending. */
const placedIn = (subnet: NetworkSubnet, network: Network): Placed[] =>
  network
    .rangesOf(subnet)
    .items.flatMap((object): Placed[] => (isKnown(object.span) ? [{ object, span: object.span }] : []))
    .sort(byStart);

/** Each range that starts inside an earlier one, in one pass. */
function* overlaps(sorted: readonly Placed[]): Generator<[below: Placed, above: Placed]> {
  let widest: Placed | undefined;
  for (const next of sorted) {
    if (widest?.span.overlaps(next.span) === true) yield [widest, next];
    if (widest === undefined || next.span.end.compare(widest.span.end) > 0) widest = next;
  }
}

/** The range without the address, from the side that loses less. */
function without(address: IpAddress, { start, end }: AddressRange): RangeFix[] {
  const above = address.compare(end) < 0 && {
    text: `Start the range at ${address.plus(1).toString()} or later.`,
    span: new AddressRange(address.plus(1), end),
  };
  const below = address.compare(start) > 0 && {
    text: `End the range at ${address.plus(-1).toString()}.`,
    span: new AddressRange(start, address.plus(-1)),
  };
  return [above, below].filter((way) => way !== false);
}

function* takenInside(
  ranges: readonly Placed[],
  taken: readonly TakenAddress[],
  subnet: NetworkSubnet,
  network: Network,
): Generator<[NetworkIpRange, Violation]> {
  for (const { object, span } of ranges) {
    const first = taken[lowerBound(taken, ({ address }) => address, span.start)];
    if (first === undefined || !span.contains(first.address)) continue;
    const leaveOut = span.size === 1n ? `Leave ${first.address.toString()} out: it is the whole range. ` : "";
    yield [
      object,
      {
        what: `dynamic range ${span.toString()} holds ${first.address.toString()}, ${first.use} of its subnet`,
        fix: `${leaveOut}${fixRange(object, span, subnet, network, without(first.address, span))}`,
        attribute: "start_ip",
        related: [subnet.at],
      },
    ];
  }
}

function lackingFor(subnet: NetworkSubnet, network: Network, placed: number): string[] {
  const { items, missing: rest } = network.rangesOf(subnet);
  const { missing: taken } = network.takenIn(subnet);
  const unplaced = items.find(({ span }) => !isKnown(span));
  return [
    ...(isKnown(subnet.managed) ? [] : [`managed of ${subnet.at.path}`]),
    ...(placed < items.length && unplaced !== undefined ? [`ends of ${unplaced.at.path}`] : []),
    ...[rest, taken].filter((missing) => missing !== undefined),
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
  const placed = placedIn(subnet, network);
  const dynamic = placed.filter(({ object }) => object.type === "dynamic");
  const others = placed.filter(({ object }) => object.type !== "dynamic");
  const found = new Map<NetworkIpRange, Violation[]>();
  const overlapping = subnet.managed === true ? overlaps(placed) : [...overlaps(dynamic), ...overlaps(others)];
  const conflicts = [
    ...[...overlapping].map(([below, above]) => [above.object, overlap(below, above, subnet, network)] as const),
    ...takenInside(dynamic, takenAddresses(subnet, network), subnet, network),
  ];
  for (const [range, violation] of conflicts) found.set(range, [...(found.get(range) ?? []), violation]);
  return { of: found, missing: lackingFor(subnet, network, placed.length) };
}

/** The conflicts of a network's subnets, each worked out once for all its ranges. */
export const conflictsOf = oncePer((network: Network) =>
  oncePer((subnet: NetworkSubnet) => findConflicts(subnet, network)),
);

/** Whether the subnet's ranges could stay as they are if MAAS managed it. */
export const fitsManaged = (subnet: NetworkSubnet, network: Network): boolean => fitting(network)(subnet);

const fitting = oncePer((network: Network) =>
  oncePer((subnet: NetworkSubnet) => overlaps(placedIn(subnet, network)).next().done === true),
);

/** The reserved ranges of a subnet. */
interface Reserved {
  /** Ascending; those that touch are one. */
  readonly spans: readonly AddressRange[];
  /** A range whose ends are not known. */
  readonly unplaced?: NetworkIpRange;
}

const reservedOf = oncePer((network: Network) =>
  oncePer((subnet: NetworkSubnet): Reserved => {
    const reserved = network.rangesOf(subnet).items.filter(({ type }) => type !== "dynamic");
    const unplaced = reserved.find(({ type, span }) => !isKnown(type) || !isKnown(span));
    const spans = merged(reserved.flatMap(({ type, span }) => (isKnown(type) && isKnown(span) ? [span] : [])));
    return unplaced === undefined ? { spans } : { spans, unplaced };
  }),
);

/** The parts of the span that no reserved range of the subnet covers. */
export function notReserved(span: AddressRange, subnet: NetworkSubnet, network: Network): AddressRange[] {
  return AddressRange.gaps(span, [...among(reservedOf(network)(subnet).spans, span)]);
}

/** Whether the reserved ranges of the subnet cover the span, where they touch also together. */
export function isReserved(span: AddressRange, subnet: NetworkSubnet, network: Network): Answer {
  const { spans, unplaced } = reservedOf(network)(subnet);
  const around = spans[lowerBound(spans, ({ end }) => end, span.start)];
  if (around?.contains(span.start) === true && around.contains(span.end)) return true;
  if (unplaced !== undefined) return missing(`ends of ${unplaced.at.path}`);
  const { missing: rest } = network.rangesOf(subnet);
  return rest === undefined ? false : missing(rest);
}
