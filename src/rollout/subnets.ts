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
  const [, madeBy = "", startIp = "", endIp = ""] = STATIC_COMMENT.exec(tryText(comment) ?? "") ?? [];
  const ends = [startIp, endIp].map((text) => IpAddress.tryParse(text));
  if (type !== "reserved" || ends.includes(undefined)) return undefined;
  return { startIp, endIp, standing: "exists", madeBy };
}

/** The ranges of an IPv6 subnet that the region has. */
class PresentRanges {
  readonly staticRange: RolloutRange | undefined;
  readonly dynamicRange: RolloutRange | undefined;
  /** Whether reserved ranges narrow what MAAS gives to machines. */
  readonly isNarrowed: boolean;

  constructor({ key }: NetworkSubnet, ranges: readonly DocumentObject[]) {
    const own = ranges.filter(({ attributes }) => attributes.subnet === key);
    this.staticRange = own.map(staticRangeOf).find((range) => range !== undefined);
    this.isNarrowed = own.some(({ attributes }) => attributes.type === "reserved");
    const pool = own.find(({ attributes }) => attributes.type === "dynamic")?.attributes;
    const [startIp, endIp] = [tryText(pool?.start_ip), tryText(pool?.end_ip)];
    this.dynamicRange =
      startIp === undefined || endIp === undefined ? undefined : { startIp, endIp, standing: "exists" };
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
}

/** The subnet that the region has, with the ranges that it lacks. */
function presentIpv6(
  subnet: NetworkSubnet,
  block: Cidr,
  network: Network,
  { own, dhcpv6, ranges }: Ipv6Choice,
): RolloutIpv6 {
  const present = new PresentRanges(subnet, ranges);
  const isManaged = subnet.managed === true;
  const added = isManaged && !present.isNarrowed ? plannedRange(proposeStaticRange(subnet, network)) : undefined;
  const staticRange = present.staticRange ?? added;
  const pool = isManaged && dhcpv6 ? poolOf(subnet, network) : undefined;
  const dynamicRange = present.dynamicRange ?? pool;
  return {
    ...{ cidr: block.toString(), standing: "exists", key: subnet.key, isOwn: own?.cidr === block.toString() },
    gateway: typeof subnet.gatewayIp === "string" ? subnet.gatewayIp : null,
    ...(staticRange && { staticRange }),
    ...(dynamicRange && { dynamicRange }),
  };
}

/** The IPv6 subnet of a VLAN: what exists is kept, the plan's own network first. */
export function ipv6Of(vlan: NetworkVlan, network: Network, choice: Ipv6Choice): RolloutIpv6 | undefined {
  const present = network
    .subnetsOf(vlan)
    .items.flatMap((subnet) =>
      isKnown(subnet.block) && subnet.block.family === 6 ? [[subnet, subnet.block] as const] : [],
    )
    .sort(([, a], [, b]) => a.first.compare(b.first));
  const kept = present.find(([, block]) => block.toString() === choice.own?.cidr) ?? present[0];
  if (kept !== undefined) return presentIpv6(...kept, network, choice);
  if (choice.own === undefined) return undefined;
  const { cidr, gateway } = choice.own;
  return {
    ...{ cidr, standing: "planned", isOwn: true, gateway },
    staticRange: planned(AddressBlock.staticRange(cidr)),
    ...(choice.dhcpv6 && { dynamicRange: planned(AddressBlock.dynamicRange(cidr)) }),
  };
}
