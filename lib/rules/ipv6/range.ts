import { checkFormat } from "../../model/checks/field";
import {
  checkDynamicSize,
  checkEdges,
  checkInside,
  checkKeptAddresses,
  checkRangeEnds,
  checkRangeInSubnet,
  SMALLEST_IPV6_DYNAMIC_RANGE,
} from "../../model/checks/ip-range";
import { IpAddress } from "../../model/address";
import type { Cidr } from "../../model/cidr";
import { AddressRange } from "../../model/address-range";
import { coverable } from "../../model/static-range";
import { isKnown } from "../../model/known";
import { type Problem, text } from "../../model/problem";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet } from "../../model/network/objects";
import {
  all,
  type Answer,
  ask,
  COMPLIANT,
  defineRule,
  fromProblems,
  given,
  isMissing,
  missing,
  type Missing,
  not,
  NOT_APPLICABLE,
  requireThat,
  unknown,
  type Verdict,
  violations,
  when,
} from "../verdict";
import { conflictsOf, fitsManaged, isReserved, notReserved } from "./range-conflicts";
import { fixRange, type RangeFix } from "./room";
import { isIpv6, isManaged, LIVE, maas, MANUAL } from "./facts";

const IP_RANGE = maas("models/iprange.py IPRange.clean");

const subnetOf = (range: NetworkIpRange, network: Network): NetworkSubnet | Missing =>
  network.tryFind("subnet", range.subnet) ?? missing(`subnet of ${range.at.path}`);

/** The verdict on a range that is one, in a subnet that is one; what is neither is the matter of RNG-01 and NET-04. */
function inSubnet(
  range: NetworkIpRange,
  network: Network,
  check: (span: AddressRange, block: Cidr, subnet: NetworkSubnet) => Verdict,
): Verdict {
  const subnet = subnetOf(range, network);
  if (isMissing(subnet)) return unknown(...subnet.missing);
  return given(range.span, "ends", range.at, (span) =>
    given(subnet.block, "cidr", subnet.at, (block) => check(span, block, subnet)),
  );
}

/** What a check found, with a range that is free in place of the wanted one where the check's own advice leads to no such. */
function mended(
  problems: readonly Problem[],
  range: NetworkIpRange,
  wanted: AddressRange,
  subnet: NetworkSubnet | Missing,
  network: Network,
  ways: readonly RangeFix[],
): Verdict {
  if (problems.length === 0 || isMissing(subnet) || !isKnown(subnet.block)) return fromProblems(problems);
  const advice = fixRange(range, wanted, subnet, network, ways);
  const more = ways.some((way) => way.text === advice) ? "" : ` ${advice}`;
  return fromProblems(problems.map((problem) => ({ ...problem, fix: text`${problem.fix ?? ""}${more}` })));
}

/** The span from another start or to another end; nothing where that makes none. */
function rangeOf(start: IpAddress, end: IpAddress): AddressRange | undefined {
  return start.family === end.family && start.compare(end) <= 0 ? new AddressRange(start, end) : undefined;
}

const isDynamic = ({ type, at }: NetworkIpRange): Answer => ask(type, "type", at, (known) => known === "dynamic");

function isIpv6Range(range: NetworkIpRange, network: Network): Answer {
  if (isKnown(range.startIp)) return range.startIp.includes(":");
  const subnet = subnetOf(range, network);
  return isMissing(subnet) ? subnet : isIpv6(subnet);
}

function malformedEnds({ startIp, endIp }: NetworkIpRange): Problem[] {
  const [start, end] = [startIp, endIp].map((text) => (isKnown(text) ? IpAddress.tryParse(text) : undefined));
  return [
    ...(isKnown(startIp) ? checkFormat.ip("start_ip", startIp) : []),
    ...(isKnown(endIp) ? checkFormat.ip("end_ip", endIp) : []),
    ...(start !== undefined && end !== undefined ? checkRangeEnds(start, end) : []),
  ];
}

/** The range from the end to the start, where the two are in the wrong order. */
function swappedEnds({ startIp, endIp }: NetworkIpRange): AddressRange | undefined {
  const [start, end] = [startIp, endIp].map((text) => (isKnown(text) ? IpAddress.tryParse(text) : undefined));
  return start === undefined || end === undefined ? undefined : rangeOf(end, start);
}

export const rangeLiesInSubnet = defineRule({
  id: "MAAS6-RNG-01",
  name: "RangeLiesInSubnet",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "The ends of a range are addresses of one family, in order, inside the subnet.",
  explanation: "MAAS refuses the range, for some of these with an internal error in place of a message.",
  remediation: "Swap reversed ends; use addresses of the subnet.",
  sources: [IP_RANGE, LIVE],
  check: (range, network) => {
    const malformed = isKnown(range.span) ? [] : malformedEnds(range);
    if (malformed.length > 0) {
      const swapped = swappedEnds(range);
      const ways = [{ text: "", span: swapped }];
      return swapped === undefined
        ? fromProblems(malformed)
        : mended(malformed, range, swapped, subnetOf(range, network), network, ways);
    }
    return inSubnet(range, network, (span, block, subnet) =>
      mended(checkInside(span, block), range, span, subnet, network, []),
    );
  },
});

export const rangeAvoidsSubnetEdges = defineRule({
  id: "MAAS6-RNG-02",
  name: "RangeAvoidsSubnetEdges",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "A range does not start at the network address; an IPv4 range does not end at the broadcast address. The last address of an IPv6 subnet may be in a range.",
  explanation: "MAAS refuses such a range.",
  remediation: "Start one address later, or end one address earlier.",
  sources: [IP_RANGE, LIVE],
  check: (range, network) =>
    inSubnet(range, network, (span, block, subnet) => {
      const within = coverable(block);
      const trimmed = within && [
        { text: "start", span: rangeOf(within.start, span.end) },
        { text: "end", span: rangeOf(span.start, within.end) },
      ];
      return mended(checkEdges(span, block), range, span, subnet, network, trimmed ?? []);
    }),
});

/** The last address of the smallest IPv6 dynamic range that starts there, or the last of all addresses. */
function lastOf(start: IpAddress): IpAddress {
  const last = IpAddress.of(6, (1n << 128n) - 1n);
  return start.value + SMALLEST_IPV6_DYNAMIC_RANGE - 1n > last.value
    ? last
    : start.plus(SMALLEST_IPV6_DYNAMIC_RANGE - 1n);
}

export const ipv6DynamicRangeSize = defineRule({
  id: "MAAS6-RNG-03",
  name: "Ipv6DynamicRangeHoldsAtLeast256",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "An IPv6 dynamic range holds at least 256 addresses.",
  explanation: "MAAS refuses a smaller one, so that the deployment would stop halfway.",
  remediation: "End the range 255 addresses after its start, or later.",
  sources: [IP_RANGE, LIVE],
  check: (range, network) =>
    when(all([isDynamic(range), isIpv6Range(range, network)]), () =>
      given(range.span, "ends", range.at, (span) => {
        const found = checkDynamicSize(span);
        const longer = { text: "end", span: rangeOf(span.start, lastOf(span.start)) };
        return mended(found, range, span, subnetOf(range, network), network, [longer]);
      }),
    ),
});

export const rangesAreDisjoint = defineRule({
  id: "MAAS6-RNG-04",
  name: "RangesAreDisjoint",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "Ranges of a subnet don't overlap; a dynamic range leaves out the gateway, the DNS servers and the gateways of static routes.",
  explanation: "MAAS refuses the range that comes second, so that the deployment would stop halfway.",
  remediation: "Start the later range after the end of the earlier one.",
  sources: [maas("models/iprange.py _validate_duplicates_and_overlaps"), LIVE],
  check: (range, network) => {
    const subnet = subnetOf(range, network);
    if (isMissing(subnet)) return unknown(...subnet.missing);
    const conflicts = conflictsOf(network)(subnet);
    const found = conflicts.of.get(range);
    if (found !== undefined) return violations(found);
    return conflicts.missing.length === 0 ? COMPLIANT : unknown(...conflicts.missing);
  },
});

export const ipv6LeasesAreUnknown = defineRule({
  id: "MAAS6-RNG-07",
  name: "Ipv6LeasesAreNotReliedOn",
  level: "information",
  kind: "documented",
  scope: "ip_range",
  info: "Addresses from an IPv6 dynamic range are for containers, virtual machines and foreign devices.",
  explanation: "MAAS is not aware of the addresses that DHCPv6 gives out, and does not guarantee that they stay.",
  remediation: "Nothing, as long as nobody relies on these addresses; machines get theirs from the static range.",
  sources: [MANUAL],
  check: (range, network) =>
    when(all([isDynamic(range), isIpv6Range(range, network)]), () =>
      violations([
        {
          what: `MAAS does not know the addresses that DHCPv6 gives out from ${isKnown(range.span) ? range.span.toString() : "this range"}`,
          fix: "Nothing to do, as long as nobody relies on them: machines get their addresses from the static range.",
        },
      ]),
    ),
});

export const rangeAvoidsKeptAddresses = defineRule({
  id: "MAAS6-RNG-08",
  name: "RangeAvoidsKeptAddresses",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "No range touches the addresses ::1 to ::ffff:ffff of an IPv6 /64.",
  explanation:
    "MAAS keeps these for itself without showing a range object, and refuses ranges that conflict with them.",
  remediation: "Start at host part ::1:0:0 or later, such as 2001:db8:20::1:0:0.",
  sources: [maas("models/subnet.py get_ipranges_in_use"), LIVE],
  check: (range, network) =>
    inSubnet(range, network, (span, block, subnet) => {
      if (block.family === 4 || block.prefixLength !== 64) return NOT_APPLICABLE;
      // A range that starts at the network address is RNG-02's finding, not a second one here.
      if (checkInside(span, block).length > 0 || checkEdges(span, block).length > 0) return NOT_APPLICABLE;
      const within = coverable(block);
      const later = { text: "start", span: within && rangeOf(within.start, span.end) };
      return mended(checkKeptAddresses(span, block), range, span, subnet, network, [later]);
    }),
});

/** Managing the subnet is offered only where its ranges may stay as they are. */
function reserveFix(span: AddressRange, subnet: NetworkSubnet | Missing, path: string, network: Network): string {
  const parts = isMissing(subnet) ? [span] : notReserved(span, subnet, network);
  const reserve = parts
    .map(({ start, end }) => `Add a ReservedRange from ${start.toString()} to ${end.toString()}`)
    .join(". ");
  const isFree = !isMissing(subnet) && fitsManaged(subnet, network);
  return `${reserve}${isFree ? `, or set managed to true on ${path}` : ""}.`;
}

export const unmanagedDynamicIsReserved = defineRule({
  id: "MAAS6-RNG-09",
  name: "UnmanagedDynamicRangeIsReserved",
  level: "error",
  kind: "enforced",
  scope: "ip_range",
  info: "On an unmanaged subnet a dynamic range lies within a reserved range.",
  explanation:
    "MAAS may touch only the reserved ranges of an unmanaged subnet, and refuses a dynamic range anywhere else.",
  remediation: "Reserve the range first, or set managed to true.",
  sources: [maas("models/iprange.py _validate_duplicates_and_overlaps"), LIVE],
  check: (range, network) => {
    const subnet = subnetOf(range, network);
    const unmanaged = isMissing(subnet) ? subnet : not(isManaged(subnet));
    return when(all([isDynamic(range), unmanaged]), () =>
      inSubnet(range, network, (span, block, { at }) => {
        // A range that can't be is another rule's finding; reserving it would be refused as well.
        if (checkRangeInSubnet(span, block).length > 0) return NOT_APPLICABLE;
        return requireThat(isMissing(subnet) ? subnet : isReserved(span, subnet, network), () => ({
          what: `the dynamic range ${span.toString()} is not reserved, and ${at.path} is unmanaged`,
          fix: reserveFix(span, subnet, at.path, network),
          attribute: "start_ip",
        }));
      }),
    );
  },
});
