import { AddressBlock } from "../../lib/model/address-block";
import { IpAddress } from "../../lib/model/address";
import type { Cidr } from "../../lib/model/cidr";
import type { DocumentObject } from "../../lib/model/document";
import { isKnown } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetworkSubnet, NetworkVlan } from "../../lib/model/network/objects";
import { AddressRange } from "../../lib/model/static-range";
import { tryText } from "../../lib/model/text";
import { proposePool, proposeStaticRange } from "../../lib/rules/ipv6/suggestion";
import { vlanId } from "./ids";
import { madeBy } from "./marks";
import type { RolloutIpv6, RolloutRange } from "./rollout";

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

function dynamicRangeOf({ key, attributes }: DocumentObject): RolloutRange | undefined {
  const { type, comment } = attributes;
  const [startIp, endIp] = [tryText(attributes.start_ip), tryText(attributes.end_ip)];
  if (type !== "dynamic" || startIp === undefined || endIp === undefined) return undefined;
  const maker = madeBy(tryText(comment) ?? "")
    ?.split("/")
    .at(-1);
  return { ...{ startIp, endIp, standing: "exists", key }, ...(maker !== undefined && { madeBy: maker }) };
}

/** The ranges of an IPv6 subnet that the region has. */
class PresentRanges {
  readonly staticRange: RolloutRange | undefined;
  readonly dynamicRange: RolloutRange | undefined;
  /** Whether reserved ranges narrow what MAAS gives to machines. */
  readonly isNarrowed: boolean;

  constructor({ key }: Pick<NetworkSubnet, "key">, ranges: readonly DocumentObject[]) {
    const own = ranges.filter(({ attributes }) => attributes.subnet === key);
    this.staticRange = own.map(staticRangeOf).find((range) => range !== undefined);
    this.isNarrowed = own.some(({ attributes }) => attributes.type === "reserved");
    this.dynamicRange = own.map(dynamicRangeOf).find((range) => range !== undefined);
  }
}

/** A pool in the subnet: where {@link AddressBlock.dynamicRange} puts it, if that is free. */
function poolOf(subnet: NetworkSubnet, network: Network): RolloutRange | undefined {
  const { block } = subnet;
  if (isKnown(block) && block.prefixLength === 64) {
    const usual = AddressBlock.dynamicRange(block.toString());
    const range = new AddressRange(IpAddress.parse(usual.startIp), IpAddress.parse(usual.endIp));
    const others = network.rangesOf(subnet).items.flatMap(({ span }) => (isKnown(span) ? [span] : []));
    if (!others.some((other) => other.overlaps(range))) return planned(usual);
  }
  return plannedRange(proposePool(subnet, network));
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
  { dhcpv6, ranges, isOwn }: Ipv6Choice & { readonly isOwn: boolean },
): RolloutIpv6 {
  const present = new PresentRanges(subnet, ranges);
  const isManaged = subnet.managed === true;
  const added = isManaged && !present.isNarrowed ? plannedRange(proposeStaticRange(subnet, network)) : undefined;
  const staticRange = present.staticRange ?? added;
  const pool = isManaged && dhcpv6 ? poolOf(subnet, network) : undefined;
  const dynamicRange = present.dynamicRange ?? pool;
  return {
    ...{ cidr: block.toString(), standing: "exists", key: subnet.key, isOwn },
    gateway: typeof subnet.gatewayIp === "string" ? subnet.gatewayIp : null,
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
  const { staticRange } = new PresentRanges({ key }, ranges);
  return staticRange?.madeBy === `${vlanId(place)}-nodes`;
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
    staticRange: planned(AddressBlock.staticRange(cidr)),
    ...(choice.dhcpv6 && { dynamicRange: planned(AddressBlock.dynamicRange(cidr)) }),
  };
}
