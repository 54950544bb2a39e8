import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet, NetworkVlan, RangeType } from "../../model/network/objects";
import { all, type Answer, any, ask, type Missing, missing, not, some } from "../verdict";

/** The subnet as messages call it: `IPv6 subnet 2001:db8:20::/64`. */
export function titleOf({ block, family, at }: NetworkSubnet): string {
  const kind = isKnown(family) ? `IPv${family} subnet` : "subnet";
  return `${kind} ${isKnown(block) ? block.toString() : at.path}`;
}

export const isIpv6 = ({ family, at }: NetworkSubnet): Answer => ask(family, "cidr", at, (known) => known === 6);

export const isIpv4 = (subnet: NetworkSubnet): Answer => not(isIpv6(subnet));

export const isManaged = ({ managed, at }: NetworkSubnet): Answer => ask(managed, "managed", at, (known) => known);

export function hasRange(subnet: NetworkSubnet, network: Network, ...types: readonly RangeType[]): Answer {
  return some(network.rangesOf(subnet), ({ type, at }) => ask(type, "type", at, (known) => types.includes(known)));
}

/** Whether MAAS gives out addresses of the subnet: always while it manages it, else only from reserved ranges. */
export function isAssigned(subnet: NetworkSubnet, network: Network): Answer {
  const managed = isManaged(subnet);
  return managed === true ? true : any([managed, hasRange(subnet, network, "reserved", "static")]);
}

/** Whether it is an IPv6 subnet that MAAS gives out addresses of. */
export function isIpv6InUse(subnet: NetworkSubnet, network: Network): Answer {
  const ipv6 = isIpv6(subnet);
  return ipv6 === false ? false : all([ipv6, isAssigned(subnet, network)]);
}

/** The VLAN that the subnet is on. */
export function vlanOf({ vlan, at }: NetworkSubnet, network: Network): NetworkVlan | Missing {
  return network.tryFind("vlan", vlan) ?? missing(`VLAN of ${at.path}`);
}
