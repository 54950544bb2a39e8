import type { Network } from "../../model/network";
import type { NetworkVlan } from "../../model/network/objects";
import { hasRange, titleOf } from "./subnet-facts";
import { proposeStaticRange } from "./suggestion";
import { ipv6SubnetsOf } from "./vlan-facts";

/**
 * The static ranges that a rack interface asks for when it comes to the VLAN (MAAS6-RNG-05): of the IPv6 subnets there and
 * of those on VLANs that are relayed to it. Text to go on with, or none.
 */
export function staticRangesFix(vlan: NetworkVlan, network: Network): string {
  const relayed = network.relaysTo(vlan).items.flatMap((relay) => network.tryFind("vlan", relay.vlan) ?? []);
  const subnets = [...new Set([vlan, ...relayed].flatMap((each) => ipv6SubnetsOf(each, network).items))];
  return subnets
    .filter((subnet) => hasRange(subnet, network, "static") === false)
    .flatMap((subnet) => {
      const range = proposeStaticRange(subnet, network);
      return range === undefined
        ? []
        : [`; and a StaticRange to ${titleOf(subnet)}, such as ${range.start.toString()} to ${range.end.toString()}`];
    })
    .join("");
}
