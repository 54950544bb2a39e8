import { Cidr } from "../../model/cidr";
import { type Family, IpAddress } from "../../model/address";
import { AddressRange } from "../../model/address-range";
import { oncePer } from "../../model/once-per";
import { coverable } from "../../model/static-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";
import { routersOf, single, type TakenAddress, takenAddresses } from "./facts";
import { specialNetwork } from "./special-networks";

/** Addresses in a pool that messages propose: what many sites give a rack to deploy machines in parallel. */
const POOL = { 4: 100n, 6: 0x10000n } as const;

/** The smallest pool that is worth proposing; for IPv6 the smallest that MAAS takes. */
const SMALLEST_POOL = { 4: 1n, 6: 256n } as const;

const largest = (ranges: readonly AddressRange[]): AddressRange | undefined =>
  ranges.reduce<AddressRange | undefined>((best, range) => (best && best.size >= range.size ? best : range), undefined);

const spansOf = (subnet: NetworkSubnet, network: Network): AddressRange[] =>
  network.rangesOf(subnet).items.flatMap(({ span }) => (isKnown(span) ? [span] : []));

/** What is left of a subnet beside its routers, its DNS servers and the ranges, ascending. */
export function freeOf(
  subnet: NetworkSubnet,
  network: Network,
  ranges: readonly AddressRange[] = spansOf(subnet, network),
): AddressRange[] {
  const within = isKnown(subnet.block) ? coverable(subnet.block) : undefined;
  if (within === undefined) return [];
  const taken = takenAddresses(subnet, network).map(({ address }) => single(address));
  return AddressRange.gaps(within, [...ranges, ...taken]);
}

/**
 * A free range of the subnet that can be a static range: generous, as the manual advises; undefined when it is full.
 *
 * @param ranges what is taken; by default the ranges of the subnet
 */
export function proposeStaticRange(
  subnet: NetworkSubnet,
  network: Network,
  ranges?: readonly AddressRange[],
): AddressRange | undefined {
  const gaps = freeOf(subnet, network, ranges);
  const { block } = subnet;
  if (isKnown(block) && block.family === 6 && block.prefixLength === 64) {
    const aligned = Cidr.of(block.first.plus(1n << 48n), 80);
    const range = new AddressRange(aligned.first, aligned.last);
    if (gaps.some((gap) => gap.contains(range.start) && gap.contains(range.end))) return range;
  }
  return largest(gaps);
}

/**
 * A free range of the subnet that can be a dynamic range: the end of the largest gap; undefined when there is none.
 *
 * @param ranges what is taken; by default the ranges of the subnet
 */
export function proposePool(
  subnet: NetworkSubnet,
  network: Network,
  ranges?: readonly AddressRange[],
): AddressRange | undefined {
  const gap = subnet.managed === false ? undefined : largest(freeOf(subnet, network, ranges));
  if (gap === undefined || gap.size < SMALLEST_POOL[gap.family]) return undefined;
  const size = gap.size < POOL[gap.family] ? gap.size : POOL[gap.family];
  return new AddressRange(gap.end.plus(1n - size), gap.end);
}

/** The first address of the subnet from `index` on that is in no range and not among `taken`. */
function freeAddress(
  subnet: NetworkSubnet,
  network: Network,
  index: number,
  taken: readonly TakenAddress[],
): IpAddress | undefined {
  const { block } = subnet;
  if (!isKnown(block)) return undefined;
  const start = block.nth(index);
  const end = block.family === 4 && block.prefixLength < 31 ? block.last.plus(-1) : block.last;
  if (start.compare(end) > 0) return undefined;
  const used = taken.map(({ address }) => single(address));
  return AddressRange.gaps(new AddressRange(start, end), [...spansOf(subnet, network), ...used])[0]?.start;
}

/** An address of the subnet that its router may have; undefined when none is free. */
export function proposeGateway(subnet: NetworkSubnet, network: Network): IpAddress | undefined {
  return freeAddress(subnet, network, 1, takenAddresses(subnet, network));
}

/** An address of the subnet that a rack may have, which may be its DNS server; undefined when none is free. */
export function proposeRackAddress(subnet: NetworkSubnet, network: Network): IpAddress | undefined {
  return freeAddress(subnet, network, 2, routersOf(subnet, network));
}

/** An address of the subnet that can be reserved for a host; undefined when none is free. */
export function proposeLease(subnet: NetworkSubnet, network: Network): IpAddress | undefined {
  return freeAddress(subnet, network, 2, takenAddresses(subnet, network));
}

/** The blocks that proposals stay in, with where they start when the network has nothing there. */
const HOMES = {
  4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => Cidr.parse(text)),
  6: ["fd5a:7c01:9b3e::/48"].map((text) => Cidr.parse(text)),
} as const;
const FIRST = { 4: IpAddress.parse("10.20.0.0"), 6: IpAddress.parse("fd5a:7c01:9b3e:20::") } as const;
const LENGTH = { 4: 24, 6: 64 } as const;

/** What the neighbourhood of a subnet is: its /48, or the private block that it is in. */
function homeOf(block: Cidr): Cidr | undefined {
  if (specialNetwork(block) !== undefined && specialNetwork(block)?.documentation !== true) return undefined;
  if (block.family === 6) return block.prefixLength >= 48 ? Cidr.of(block.first, 48) : undefined;
  return HOMES[4].find((home) => home.prefixLength <= block.prefixLength && home.overlaps(block));
}

/** The blocks of one family that subnets of a network take. */
interface Taken {
  /** Ascending; none lies in another. */
  readonly blocks: readonly Cidr[];
  /** The first network after each block that no block overlaps; undefined at the end of all addresses. */
  readonly freeAfter: readonly (Cidr | undefined)[];
}

/** Index of the last block that starts at the address or before; -1 when all start after it. */
function lastUpTo(blocks: readonly Cidr[], address: IpAddress): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle];
    if (block !== undefined && block.first.compare(address) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The block that overlaps the network and starts last; undefined when none overlaps it. */
function takenAt({ blocks }: Pick<Taken, "blocks">, next: Cidr): number | undefined {
  const at = lastUpTo(blocks, next.last);
  return blocks[at]?.overlaps(next) === true ? at : undefined;
}

/** The network of that length after the one of that length that the block ends in. */
function after(block: Cidr, length: number): Cidr | undefined {
  const end = Cidr.of(block.last, Math.min(length, block.prefixLength)).last;
  return end.compare(Cidr.of(end, 0).last) < 0 ? Cidr.of(end.plus(1), length) : undefined;
}

function takenIn(network: Network, family: Family): Taken {
  const sorted = network
    .all("subnet")
    .flatMap(({ block }) => (isKnown(block) && block.family === family ? [block] : []))
    .sort((a, b) => a.first.compare(b.first) || b.last.compare(a.last));
  const blocks: Cidr[] = [];
  for (const block of sorted) if (blocks.at(-1)?.overlaps(block) !== true) blocks.push(block);
  const freeAfter: (Cidr | undefined)[] = Array.from({ length: blocks.length });
  // From the end, so that what is free after a later block is known.
  for (const [at, block] of [...blocks.entries()].reverse()) {
    const next = after(block, LENGTH[family]);
    const inTheWay = next && takenAt({ blocks }, next);
    freeAfter[at] = inTheWay === undefined ? next : freeAfter[inTheWay];
  }
  return { blocks, freeAfter };
}

const perFamily = <T>(compute: (network: Network, family: Family) => T): ((network: Network, family: Family) => T) => {
  const found = {
    4: oncePer((network: Network) => compute(network, 4)),
    6: oncePer((network: Network) => compute(network, 6)),
  };
  return (network, family) => found[family](network);
};

const takenOf = perFamily(takenIn);

/** The first free network from that address on, as long as it is in `home`. */
function freeFrom(from: IpAddress, home: Cidr, family: Family, network: Network): Cidr | undefined {
  const taken = takenOf(network, family);
  const first = Cidr.of(from, LENGTH[family]);
  const inTheWay = takenAt(taken, first);
  const next = inTheWay === undefined ? first : taken.freeAfter[inTheWay];
  return next !== undefined && home.contains(next.first) ? next : undefined;
}

/** The first free network after the last subnets of the network, in the block that those are in. */
const freeNear = perFamily((network, family): Cidr => {
  for (const block of [...takenOf(network, family).blocks].reverse()) {
    const home = homeOf(block);
    const free = home && freeFrom(block.first, home, family, network);
    if (free !== undefined) return free;
  }
  for (const home of HOMES[family]) {
    const from = home.contains(FIRST[family]) ? FIRST[family] : home.first;
    const free = freeFrom(from, home, family, network);
    if (free !== undefined) return free;
  }
  return Cidr.of(FIRST[family], LENGTH[family]);
});

/**
 * A network of that family, /24 or /64, that no subnet overlaps: the first free one after the subnets that are near `by`,
 * or after all of them.
 */
export function proposeNetwork(family: Family, network: Network, by?: Cidr): Cidr {
  const home = by?.family === family ? homeOf(by) : undefined;
  const near = by && home && freeFrom(by.first, home, family, network);
  return near ?? freeNear(network, family);
}

/** How many subnets start in each /64. */
const startingIn = oncePer((network: Network): ReadonlyMap<bigint, number> => {
  const counts = new Map<bigint, number>();
  for (const { block } of network.all("subnet")) {
    if (!isKnown(block) || block.family !== 6) continue;
    const { value } = Cidr.of(block.first, LENGTH[6]).first;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
});

/** Whether other subnets overlap the /64 that this IPv6 subnet starts in. */
export function isTakenBeside({ block }: NetworkSubnet, own: Cidr, network: Network): boolean {
  const taken = takenOf(network, 6);
  const at = takenAt(taken, own);
  return (startingIn(network).get(own.first.value) ?? 0) > 1 || (at !== undefined && taken.blocks[at] !== block);
}
