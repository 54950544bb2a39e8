import { Cidr } from "../../model/cidr";
import { IpAddress } from "../../model/address";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";
import { coverable } from "../../model/static-range";

/** Addresses in a pool that messages propose: what many sites give a rack to deploy machines in parallel. */
const POOL = { 4: 100n, 6: 0x10000n } as const;

const largest = (ranges: readonly AddressRange[]): AddressRange | undefined =>
  ranges.reduce<AddressRange | undefined>((best, range) => (best && best.size >= range.size ? best : range), undefined);

function freeOf(subnet: NetworkSubnet, network: Network): AddressRange[] {
  if (!isKnown(subnet.block)) return [];
  const within = coverable(subnet.block);
  if (within === undefined) return [];
  const ranges = network.rangesOf(subnet).items.flatMap(({ span }) => (isKnown(span) ? [span] : []));
  const { gatewayIp } = subnet;
  const gateway = isKnown(gatewayIp) && gatewayIp !== null ? IpAddress.tryParse(gatewayIp) : undefined;
  return AddressRange.gaps(within, gateway === undefined ? ranges : [...ranges, new AddressRange(gateway, gateway)]);
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

/** A free range of the subnet that can be a dynamic range: the end of the largest gap; undefined when it is full. */
export function proposePool(subnet: NetworkSubnet, network: Network): AddressRange | undefined {
  const gap = largest(freeOf(subnet, network));
  if (gap === undefined) return undefined;
  const size = gap.size < POOL[gap.family] ? gap.size : POOL[gap.family];
  return new AddressRange(gap.end.plus(1n - size), gap.end);
}
