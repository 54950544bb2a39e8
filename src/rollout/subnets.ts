import { IpAddress } from "../../lib/model/address";
import { AddressBlock } from "../../lib/model/address-block";
import type { Cidr } from "../../lib/model/cidr";
import type { DocumentObject } from "../../lib/model/document";
import { isKnown } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetworkSubnet, NetworkVlan } from "../../lib/model/network/objects";
import { AddressRange } from "../../lib/model/address-range";
import { tryText } from "../../lib/model/text";
import { freeOf, proposePool, proposeStaticRange } from "../../lib/rules/ipv6/suggestion";
import { dynamicRangeId, madeBy, staticRangeId, vlanId } from "./ids";
import type { RolloutIpv6, RolloutOtherRange, RolloutRange } from "./rollout";

/** What this package writes into the comments of the reserved ranges that a static range comes to. */
const STATIC_COMMENT = /static range (\S+) \((\S+)-(\S+)\)$/;

const planned = ({ startIp, endIp }: Pick<RolloutRange, "startIp" | "endIp">): RolloutRange => ({
  ...{ startIp, endIp },
  standing: "planned",
});

const plannedRange = (range: AddressRange | undefined): RolloutRange | undefined =>
  range && planned({ startIp: range.start.toString(), endIp: range.end.toString() });

/** The static range that a range object stands for, or belongs to. */
function staticRangeOf({ path, attributes }: DocumentObject): RolloutRange | undefined {
  const { type, start_ip: start, end_ip: end, comment } = attributes;
  if (type === "static" && typeof start === "string" && typeof end === "string")
    return { startIp: start, endIp: end, standing: "exists", madeBy: path.split("/").at(-1) ?? path };
  const [, maker = "", startIp = "", endIp = ""] = STATIC_COMMENT.exec(tryText(comment) ?? "") ?? [];
  const ends = [startIp, endIp].map((text) => IpAddress.tryParse(text));
  if (type !== "reserved" || ends.includes(undefined)) return undefined;
  return { startIp, endIp, standing: "exists", madeBy: maker };
}

/** Whether a range object is a part of the static range that a run of the stack has made on the VLAN. */
export const isOwnStaticPart = (object: DocumentObject, place: Ipv6Choice["place"]): boolean =>
  staticRangeOf(object)?.madeBy === staticRangeId(place);

function dynamicRangeOf({ key, attributes }: DocumentObject): RolloutRange | undefined {
  const { type, comment } = attributes;
  const [startIp, endIp] = [tryText(attributes.start_ip), tryText(attributes.end_ip)];
  if (type !== "dynamic" || startIp === undefined || endIp === undefined) return undefined;
  const maker = madeBy(tryText(comment) ?? "")
    ?.split("/")
    .at(-1);
  return { ...{ startIp, endIp, standing: "exists", key }, ...(maker !== undefined && { madeBy: maker }) };
}

/** The addresses of a range. */
export const spanOf = ({ startIp, endIp }: Pick<RolloutRange, "startIp" | "endIp">): AddressRange =>
  new AddressRange(IpAddress.parse(startIp), IpAddress.parse(endIp));

/** The addresses of a range object; none where its ends make no range. */
function spansOf({ attributes: { start_ip: start, end_ip: end } }: DocumentObject): AddressRange[] {
  const [first, last] = [start, end].map((text) => IpAddress.tryParse(tryText(text) ?? ""));
  if (first === undefined || last === undefined) return [];
  return first.family !== last.family || first.compare(last) > 0 ? [] : [new AddressRange(first, last)];
}

/** The ranges of an IPv6 subnet that the region has. */
class PresentRanges {
  readonly staticRange: RolloutRange | undefined;
  readonly dynamicRange: RolloutRange | undefined;
  /** Whether reserved ranges narrow what MAAS gives to machines. */
  readonly isNarrowed: boolean;
  /** What is taken for good. The reserved ranges of the stack's own static range give way to what the stack gets. */
  readonly fixed: readonly AddressRange[];
  /** The ranges of others. */
  readonly others: readonly RolloutOtherRange[];

  constructor({ key }: Pick<NetworkSubnet, "key">, ranges: readonly DocumentObject[], place: Ipv6Choice["place"]) {
    const all = ranges.filter(({ attributes }) => attributes.subnet === key);
    const statics = all.map((object) => ({ object, range: staticRangeOf(object) }));
    this.staticRange = statics.find(({ range }) => range !== undefined)?.range;
    this.isNarrowed = all.some(({ attributes }) => attributes.type === "reserved");
    this.dynamicRange = all.map(dynamicRangeOf).find((range) => range !== undefined);
    const isOwn = (range: RolloutRange | undefined): boolean => range?.madeBy === staticRangeId(place);
    this.fixed = [
      ...statics.filter(({ range }) => !isOwn(range)).flatMap(({ object }) => spansOf(object)),
      ...(isOwn(this.staticRange)
        ? statics.flatMap(({ range }) => (isOwn(range) && range ? [spanOf(range)] : []))
        : []),
    ];
    this.others = all.flatMap((object): RolloutOtherRange[] => {
      const { type } = object.attributes;
      const [span] = spansOf(object);
      if (span === undefined || (type !== "dynamic" && type !== "reserved") || isOwn(staticRangeOf(object))) return [];
      const ends = { startIp: span.start.toString(), endIp: span.end.toString() };
      return dynamicRangeOf(object)?.madeBy === dynamicRangeId(place) ? [] : [{ ...ends, standing: "exists", type }];
    });
  }
}

/**
 * A pool in the subnet: where {@link AddressBlock.dynamicRange} puts it, if that is free, else elsewhere. None where it would leave
 * machines less than it takes.
 */
function poolOf(
  subnet: NetworkSubnet,
  network: Network,
  { fixed, staticRange }: PresentRanges,
): RolloutRange | undefined {
  const { block } = subnet;
  const free = freeOf(subnet, network, fixed);
  if (isKnown(block) && block.prefixLength === 64) {
    const usual = AddressBlock.dynamicRange(block.toString());
    const { start, end } = spanOf(usual);
    if (free.some((gap) => gap.contains(start) && gap.contains(end))) return planned(usual);
  }
  const pool = proposePool(subnet, network, fixed);
  const left = free.reduce((sum, { size }) => sum + size, 0n);
  if (pool !== undefined && staticRange === undefined && left < 2n * pool.size) return undefined;
  return plannedRange(pool);
}

/** What is known of the choice of networks and ranges. */
export interface Ipv6Choice {
  /** The network that the plan gives the VLAN, with the address of its router; absent = there is no room. */
  readonly own?: { readonly cidr: string; readonly gateway: string };
  readonly dhcpv6: boolean;
  /** All ranges of the region. */
  readonly ranges: readonly DocumentObject[];
  /** All subnets of the region. */
  readonly subnets: readonly DocumentObject[];
  readonly place: { readonly fabric: string; readonly vid: number };
  /** See `RolloutRequest`. */
  readonly stackName?: string;
}

/** The subnet that the region has, with the ranges that it lacks. */
function presentIpv6(
  subnet: NetworkSubnet,
  block: Cidr,
  network: Network,
  { dhcpv6, ranges, isOwn, place }: Ipv6Choice & { readonly isOwn: boolean },
): RolloutIpv6 {
  const present = new PresentRanges(subnet, ranges, place);
  const isManaged = subnet.managed === true;
  const dynamicRange = present.dynamicRange ?? (isManaged && dhcpv6 ? poolOf(subnet, network, present) : undefined);
  const taken = [...present.fixed, ...(dynamicRange === undefined ? [] : [spanOf(dynamicRange)])];
  const staticRange =
    present.staticRange ??
    (isManaged && !present.isNarrowed ? plannedRange(proposeStaticRange(subnet, network, taken)) : undefined);
  return {
    ...{ cidr: block.toString(), standing: "exists", key: subnet.key, isOwn },
    gateway: typeof subnet.gatewayIp === "string" ? subnet.gatewayIp : null,
    besides:
      staticRange === undefined ? [] : present.others.filter((other) => !spanOf(other).overlaps(spanOf(staticRange))),
    ...(staticRange && { staticRange }),
    ...(dynamicRange && { dynamicRange }),
  };
}

/** Path of the construct of a VLAN's subnet. */
const subnetPath = (stackName: string | undefined, place: Ipv6Choice["place"]): string =>
  `${stackName ?? ""}/${vlanId(place)}-v6`;

/** Whether an earlier run of the stack has made the subnet, or a range of it that is known by its id. */
export function isMadeBefore(
  { key }: NetworkSubnet,
  { subnets, ranges, stackName, place }: Pick<Ipv6Choice, "subnets" | "ranges" | "stackName" | "place">,
): boolean {
  const own = subnets.find((subnet) => subnet.key === key);
  if (madeBy(tryText(own?.attributes.description) ?? "") === subnetPath(stackName, place)) return true;
  const { staticRange } = new PresentRanges({ key }, ranges, place);
  return staticRange?.madeBy === staticRangeId(place);
}

/** The IPv6 subnet of a VLAN. What exists is kept: first what an earlier rollout has made, then what lies where the plan puts it. */
export function ipv6Of(vlan: NetworkVlan, network: Network, choice: Ipv6Choice): RolloutIpv6 | undefined {
  const marks = new Map(
    choice.subnets.map(({ key, attributes }) => [key, madeBy(tryText(attributes.description) ?? "")]),
  );
  const isOwn = ({ key }: NetworkSubnet): boolean => marks.get(key) === subnetPath(choice.stackName, choice.place);
  const present = network
    .subnetsOf(vlan)
    .items.flatMap((subnet) =>
      isKnown(subnet.block) && subnet.block.family === 6 ? [[subnet, subnet.block] as const] : [],
    )
    .sort(([, a], [, b]) => a.first.compare(b.first));
  const kept =
    present.find(([subnet]) => isOwn(subnet)) ??
    present.find(([, block]) => block.toString() === choice.own?.cidr) ??
    present[0];
  if (kept !== undefined) return presentIpv6(...kept, network, { ...choice, isOwn: isOwn(kept[0]) });
  if (choice.own === undefined) return undefined;
  const { cidr, gateway } = choice.own;
  return {
    ...{ cidr, standing: "planned", isOwn: true, gateway },
    besides: [],
    staticRange: planned(AddressBlock.staticRange(cidr)),
    ...(choice.dhcpv6 && { dynamicRange: planned(AddressBlock.dynamicRange(cidr)) }),
  };
}
