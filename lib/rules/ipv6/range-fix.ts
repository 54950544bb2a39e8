import { coverable } from "../../model/static-range";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import { oncePer } from "../memo";
import { single, takenAddresses } from "./facts";
import { merged, Room } from "./room";

/** What a message proposes, and the range that it comes to. */
export interface RangeFix {
  readonly text: string;
  readonly span: AddressRange | undefined;
}

/** The most addresses that a proposal which lies elsewhere has. */
const MOST = 0x10000n;

const smallest = ({ type }: NetworkIpRange, family: 4 | 6): bigint => (type === "dynamic" && family === 6 ? 256n : 1n);

/** What the ranges of a subnet, and the addresses in use, leave for a range of that sort. */
function roomIn(subnet: NetworkSubnet, isDynamic: boolean, network: Network): Room | undefined {
  const within = isKnown(subnet.block) ? coverable(subnet.block) : undefined;
  if (within === undefined) return undefined;
  const placed = network
    .rangesOf(subnet)
    .items.flatMap((range) => (isKnown(range.span) ? [{ range, span: range.span }] : []));
  const isSameSort = ({ range: { type } }: (typeof placed)[number]): boolean => (type === "dynamic") === isDynamic;
  const inTheWay = placed.filter((one) => subnet.managed !== false || isSameSort(one));
  const taken = isDynamic ? takenAddresses(subnet, network).map(({ address }) => ({ span: single(address) })) : [];
  const isInReserved = subnet.managed === false && isDynamic;
  const reserved = placed.filter((one) => !isSameSort(one)).map(({ span }) => span);
  return new Room(within, [...inTheWay, ...taken], isInReserved ? merged(reserved) : undefined);
}

/** The rooms of a network's subnets, each worked out once for all its ranges. */
const roomsOf = oncePer((network: Network) => ({
  dynamic: oncePer((subnet: NetworkSubnet) => ({ room: roomIn(subnet, true, network) })),
  other: oncePer((subnet: NetworkSubnet) => ({ room: roomIn(subnet, false, network) })),
}));

/** A range that the subnet has room for: what is free of the wanted one, else as many addresses elsewhere. */
function proposal(
  range: NetworkIpRange,
  wanted: AddressRange,
  room: Room | undefined,
  least: bigint,
): AddressRange | undefined {
  const kept = room?.largestAmong(wanted, range);
  if (kept !== undefined && kept.size >= least) return kept;
  const gap = room?.largest(range);
  if (gap === undefined || gap.size < least) return undefined;
  const size = [wanted.size < least ? least : wanted.size, gap.size, MOST].reduce((a, b) => (a < b ? a : b));
  return new AddressRange(gap.end.plus(1n - size), gap.end);
}

/**
 * How to mend a range, in view of all that its subnet has: the first of the ways that leads to a range without a conflict,
 * else a free range of the subnet.
 */
export function fixRange(
  range: NetworkIpRange,
  wanted: AddressRange,
  subnet: NetworkSubnet,
  network: Network,
  ways: readonly RangeFix[] = [],
): string {
  const { room } = roomsOf(network)[range.type === "dynamic" ? "dynamic" : "other"](subnet);
  const least = smallest(range, wanted.family);
  const fits = ({ span }: RangeFix): boolean =>
    span !== undefined && span.size >= least && room?.holds(span, range) === true;
  const way = ways.find(fits);
  if (way !== undefined) return way.text;
  const free = proposal(range, wanted, room, least);
  return free === undefined
    ? `Drop it, or shorten other ranges: ${isKnown(subnet.block) ? subnet.block.toString() : subnet.at.path} has no room left for it.`
    : `Use ${free.start.toString()} to ${free.end.toString()} instead, which is free.`;
}
