import { IpAddress } from "./address";
import type { Cidr } from "./cidr";
import { implicitlyUsed } from "./checks/range-in-subnet";
import { AddressRange } from "./ip-range";

/** The addresses of a subnet that a range object may cover: without the network, the broadcast and MAAS's own addresses. */
export function coverable(subnet: Cidr): AddressRange | undefined {
  const { family, first, last } = subnet;
  const start = (implicitlyUsed(subnet)?.end ?? first).value + 1n;
  const end = last.value - (family === 4 ? 1n : 0n);
  return start > end ? undefined : new AddressRange(IpAddress.of(family, start), IpAddress.of(family, end));
}

/**
 * The `reserved` ranges that make MAAS assign addresses of a managed subnet from `wanted` only: everything outside it
 * that no other range takes. Ascending, disjoint, none empty.
 *
 * MAAS has no static range since 2.0; its own upgrade turned each one into this complement.
 *
 * @see MAAS migration 0027 (2.0); two live regions assigned the first address of `wanted` (3.4.10, 3.6.5)
 */
export function complementOfStaticRange(
  subnet: Cidr,
  wanted: AddressRange,
  taken: readonly AddressRange[],
): AddressRange[] {
  const within = coverable(subnet);
  return within === undefined ? [] : AddressRange.gaps(within, [wanted, ...taken]);
}
