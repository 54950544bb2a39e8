import { Cidr } from "../../model/cidr";
import { type Family, IpAddress } from "../../model/address";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";
import { coverable } from "../../model/static-range";
import { oncePer } from "../memo";
import { routersOf, single, type TakenAddress, takenAddresses } from "./taken-addresses";
import { specialNetwork } from "./special-networks";

/** Addresses in a pool that messages propose: what many sites give a rack to deploy machines in parallel. */
const POOL = { 4: 100n, 6: 0x10000n } as const;

/** The smallest pool that is worth proposing; for IPv6 the smallest that MAAS takes. */
const SMALLEST_POOL = { 4: 1n, 6: 256n } as const;

const largest = (ranges: readonly AddressRange[]): AddressRange | undefined =>
  ranges.reduce<AddressRange | undefined>((best, range) => (best && best.size >= range.size ? best : range), undefined);

const spansOf = (subnet: NetworkSubnet, network: Network): AddressRange[] =>
  network.rangesOf(subnet).items.flatMap(({ span }) => (isKnown(span) ? [span] : []));

function freeOf(subnet: NetworkSubnet, network: Network): AddressRange[] {
  const within = isKnown(subnet.block) ? coverable(subnet.block) : undefined;
  if (within === undefined) return [];
  const taken = takenAddresses(subnet, network).map(({ address }) => single(address));
  return AddressRange.gaps(within, [...spansOf(subnet, network), ...taken]);
}

/** A free range of the subnet that can be a static range: generous, as the manual advises; undefined when it is full. */
export function proposeStaticRange(subnet: NetworkSubnet, network: Network): AddressRange | undefined {
  const gaps = freeOf(subnet, network);
  const { block } = subnet;
  if (isKnown(block) && block.family === 6 && block.prefixLength === 64) {
    const aligned = Cidr.of(block.first.plus(1n << 48n), 80);
    const range = new AddressRange(aligned.first, aligned.last);
    if (gaps.some((gap) => gap.contains(range.start) && gap.contains(range.end))) return range;
  }
  return largest(gaps);
}

/** A free range of the subnet that can be a dynamic range: the end of the largest gap; undefined when there is none. */
export function proposePool(subnet: NetworkSubnet, network: Network): AddressRange | undefined {
  const gap = subnet.managed === false ? undefined : largest(freeOf(subnet, network));
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

/** The blocks that proposals stay in, with where they start when the network has nothing there. */
const HOMES = {
  4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => Cidr.parse(text)),
  6: ["fd5a:7c01:9b3e::/48"].map((text) => Cidr.parse(text)),
} as const;
const FIRST = { 4: IpAddress.parse("10.20.0.0"), 6: IpAddress.parse("fd5a:7c01:9b3e:20::") } as const;
const LENGTH = { 4: 24, 6: 64 } as const;

const blocksOf = oncePer((network: Network): readonly Cidr[] =>
  network
    .all("subnet")
    .flatMap(({ block }) => (isKnown(block) ? [block] : []))
    .sort((a, b) => a.first.compare(b.first)),
);

/** What the neighbourhood of a subnet is: its /48, or the private block that it is in. */
function homeOf(block: Cidr): Cidr | undefined {
  if (specialNetwork(block) !== undefined && specialNetwork(block)?.documentation !== true) return undefined;
  if (block.family === 6) return block.prefixLength >= 48 ? Cidr.of(block.first, 48) : undefined;
  return HOMES[4].find((home) => home.prefixLength <= block.prefixLength && home.overlaps(block));
}

/**
 * A network of that family, /24 or /64, that no subnet overlaps: the first free one after the subnets that are near `by`,
 * or after all of them.
 */
export function proposeNetwork(family: Family, network: Network, by?: Cidr): Cidr {
  const blocks = blocksOf(network).filter((block) => block.family === family);
  const homes = [...(by?.family === family ? [by] : []), ...[...blocks].reverse()].flatMap((block) => {
    const home = homeOf(block);
    return home === undefined ? [] : [{ home, from: block.first }];
  });
  const others = HOMES[family].map((home) => ({
    home,
    from: home.contains(FIRST[family]) ? FIRST[family] : home.first,
  }));
  for (const { home, from } of [...homes, ...others]) {
    let next: Cidr | undefined = Cidr.of(from, LENGTH[family]);
    for (const block of blocks)
      if (next !== undefined && block.overlaps(next)) next = after(block, LENGTH[family], home);
    if (next !== undefined) return next;
  }
  return Cidr.of(FIRST[family], LENGTH[family]);
}

/** The network of that length after the block, as long as it is in `home`. */
function after(block: Cidr, length: number, home: Cidr): Cidr | undefined {
  const end = Cidr.of(block.last, Math.min(length, block.prefixLength)).last;
  return home.contains(end) && end.compare(home.last) < 0 ? Cidr.of(end.plus(1), length) : undefined;
}
