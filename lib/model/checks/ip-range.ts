import { IpAddress } from "../address";
import type { Cidr } from "../cidr";
import { AddressRange, RangeOrderError } from "../address-range";
import type { Value } from "../known";
import { attr, fault, type Problem, text, type Text } from "../problem";
import { tryText } from "../text";

/** The smallest IPv6 dynamic range that MAAS takes, in addresses (MAAS models/iprange.py, 3.6.4). */
export const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

/** Whether the two ends make a range: of one family, and in order. */
export function checkRangeEnds(start: IpAddress, end: IpAddress): Problem[] {
  try {
    new AddressRange(start, end);
    return [];
  } catch (error) {
    if (!(error instanceof RangeOrderError)) throw error;
    const fix: Text =
      start.family === end.family
        ? text`Swap them: ${attr("start_ip")} ${end.toString()}, ${attr("end_ip")} ${start.toString()}.`
        : "Make one range per family.";
    return [fault("MAAS-OBJ-04", "end_ip", { what: `the range is not one: ${error.message}`, fix })];
  }
}

/** Whether a dynamic range is large enough for MAAS. */
export function checkDynamicSize(range: AddressRange): Problem[] {
  if (range.family === 4 || range.size >= SMALLEST_IPV6_DYNAMIC_RANGE) return [];
  const end = range.start.value + SMALLEST_IPV6_DYNAMIC_RANGE - 1n;
  const fix =
    end < 1n << 128n
      ? `End it at ${IpAddress.of(6, end).toString()} or later.`
      : `Start it ${SMALLEST_IPV6_DYNAMIC_RANGE - range.size} addresses earlier.`;
  return [
    fault("MAAS-OBJ-05", "end_ip", {
      what: `the IPv6 dynamic range ${range.toString()} holds ${range.size} addresses`,
      why: `MAAS needs at least ${SMALLEST_IPV6_DYNAMIC_RANGE}.`,
      fix,
    }),
  ];
}

/** Whether the ends of a range make one that MAAS takes. */
export function checkIpRange(
  startText: Value | undefined,
  endText: Value | undefined,
  type: Value | undefined,
): Problem[] {
  const start = IpAddress.tryParse(tryText(startText) ?? "");
  const end = IpAddress.tryParse(tryText(endText) ?? "");
  if (start === undefined || end === undefined) return [];
  const wrong = checkRangeEnds(start, end);
  if (wrong.length > 0 || type !== "dynamic") return wrong;
  return checkDynamicSize(new AddressRange(start, end));
}

/** Size of the zone at the start of each IPv6 /64 that MAAS keeps for itself, `::1` to `::ffff:ffff`. */
const IMPLICIT_ZONE = 0xffffffffn;

/**
 * The addresses of a subnet that MAAS counts as used without any range object: on a /64 the network address and
 * `::1`-`::ffff:ffff`, on other IPv6 networks up to /126 the network address, nothing elsewhere.
 *
 * @see MAAS models/subnet.py `get_ipranges_in_use` (3.6.4); a live region refused ranges there (3.4.10, 3.6.5)
 */
export function implicitlyUsed(subnet: Cidr): AddressRange | undefined {
  if (subnet.family === 4 || subnet.prefixLength > 126) return undefined;
  return new AddressRange(subnet.first, subnet.prefixLength === 64 ? subnet.first.plus(IMPLICIT_ZONE) : subnet.first);
}

/** Whether both ends are in the subnet. */
export function checkInside(range: AddressRange, subnet: Cidr): Problem[] {
  const misplaced: [string, IpAddress][] = (
    [
      ["start_ip", range.start],
      ["end_ip", range.end],
    ] as [string, IpAddress][]
  ).filter(([, address]) => !subnet.contains(address));
  // On networks of one or two addresses no range is possible, and their ends are all that can be named.
  const first = implicitlyUsed(subnet)?.end.plus(1) ?? subnet.nth(1);
  const last = subnet.family === 4 && subnet.prefixLength < 31 ? subnet.last.plus(-1) : subnet.last;
  return misplaced.map(([attribute, address]) =>
    fault("MAAS-OBJ-06", attribute, {
      what: `${address.toString()} is outside the subnet ${subnet.toString()}`,
      fix: `Both ends of a range must be in its subnet: use addresses from ${first.toString()} to ${last.toString()}.`,
    }),
  );
}

/** Whether the range is clear of the subnet's network address, and of the broadcast address of IPv4. */
export function checkEdges(range: AddressRange, subnet: Cidr): Problem[] {
  if (range.start.equals(subnet.first)) {
    return [
      fault("MAAS-OBJ-07", "start_ip", {
        what: `${range.start.toString()} is the network address of ${subnet.toString()}`,
        why: "MAAS refuses a range that starts there.",
        fix: `Start at ${(implicitlyUsed(subnet)?.end.plus(1) ?? subnet.nth(1)).toString()} or later.`,
      }),
    ];
  }
  if (subnet.family === 4 && range.end.equals(subnet.last)) {
    return [
      fault("MAAS-OBJ-07", "end_ip", {
        what: `${range.end.toString()} is the broadcast address of ${subnet.toString()}`,
        why: "MAAS refuses a range that ends there.",
        fix: `End at ${subnet.last.plus(-1).toString()} or earlier.`,
      }),
    ];
  }
  return [];
}

/** Whether the range is clear of the addresses that MAAS keeps for itself on the subnet. */
export function checkKeptAddresses(range: AddressRange, subnet: Cidr): Problem[] {
  const kept = implicitlyUsed(subnet);
  if (kept?.overlaps(range) !== true) return [];
  return [
    fault("MAAS-OBJ-08", "start_ip", {
      what: `${range.toString()} touches the addresses that MAAS keeps for itself on ${subnet.toString()}`,
      why: `MAAS refuses ranges that touch ${kept.toString()} on an IPv6 /64.`,
      fix: `Start at ${kept.end.plus(1).toString()} or later.`,
    }),
  ];
}

/**
 * Whether MAAS would take the range on that subnet, as far as the two alone can tell: inside, clear of the network and
 * broadcast address, and clear of the zone that MAAS keeps on an IPv6 /64. The first of these that fails is reported.
 *
 * @see MAAS models/iprange.py `IPRange.clean` (3.6.4)
 */
export function checkRangeInSubnet(range: AddressRange, subnet: Cidr): Problem[] {
  for (const check of [checkInside, checkEdges, checkKeptAddresses]) {
    const problems = check(range, subnet);
    if (problems.length > 0) return problems;
  }
  return [];
}
