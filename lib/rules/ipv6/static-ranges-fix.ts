import type { Network } from "../../model/network";
import type { NetworkVlan } from "../../model/network/objects";
import { hasRange, titleOf } from "./subnet-facts";
import { proposeStaticRange } from "./suggestion";
import { ipv6SubnetsOf, perVlan } from "./vlan-facts";

/** How many subnets a fix names at most. */
const SUBNETS_SHOWN = 20;

/**
 * The static ranges that a rack interface asks for when it comes to the VLAN (MAAS6-RNG-05): of the IPv6 subnets there and
 * of those on VLANs that are relayed to it. Text to go on with, or none.
 */
export const staticRangesFix = perVlan((vlan: NetworkVlan, network: Network): string => {
  const relayed = network.relaysTo(vlan).items.flatMap((relay) => network.tryFind("vlan", relay.vlan) ?? []);
  const subnets = [...new Set([vlan, ...relayed].flatMap((each) => ipv6SubnetsOf(each, network).items))];
  const lacking = subnets.filter((subnet) => hasRange(subnet, network, "static") === false);
  const others = lacking.length - SUBNETS_SHOWN;
  const named = lacking.slice(0, SUBNETS_SHOWN).flatMap((subnet) => {
    const range = proposeStaticRange(subnet, network);
    return range === undefined
      ? []
      : [`; and a StaticRange to ${titleOf(subnet)}, such as ${range.start.toString()} to ${range.end.toString()}`];
  });
  const rest = others > 0 ? `; and one to each of ${others} more IPv6 subnets of the VLAN, in the same way` : "";
  return `${named.join("")}${rest}`;
});
