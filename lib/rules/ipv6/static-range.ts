import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet, NetworkVlan } from "../../model/network/objects";
import {
  all,
  type Answer,
  any,
  COMPLIANT,
  defineRule,
  isMissing,
  not,
  requireThat,
  some,
  violations,
  when,
} from "../verdict";
import {
  hasRange,
  ipv6SubnetsOf,
  isIpv6InUse,
  isManaged,
  LIVE,
  maas,
  managingInterfaces,
  MANUAL,
  perVlan,
  titleOf,
  vlanOf,
} from "./facts";
import { fitsManaged } from "./range-conflicts";
import { proposeStaticRange } from "./suggestion";

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

/** Whether reserved ranges leave MAAS some part of the subnet, and not all, to give to machines. */
function isNarrowed(subnet: NetworkSubnet, network: Network): Answer {
  const reserved = hasRange(subnet, network, "reserved");
  if (reserved !== true) return reserved;
  return any([not(isManaged(subnet)), proposeStaticRange(subnet, network) !== undefined]);
}

export const ipv6SubnetHasStaticRange = defineRule({
  id: "MAAS6-RNG-05",
  name: "Ipv6SubnetHasStaticRange",
  level: "error",
  kind: "documented",
  scope: "subnet",
  info: "An IPv6 subnet that a rack interface manages has a static range. On a live region, which knows no static range, reserved ranges that leave room do.",
  explanation:
    "The manual asks for a static address range on a rack's IPv6 interface: deployed machines get their addresses from it, and without one from anywhere in the subnet.",
  remediation: "Add a StaticRange to the subnet; be generous, an IPv6 subnet has room.",
  sources: [MANUAL],
  check: (subnet, network) => {
    const vlan = vlanOf(subnet, network);
    const racks = isMissing(vlan) ? vlan : some(managingInterfaces(vlan, network), () => true);
    return when(all([isIpv6InUse(subnet, network), racks]), () =>
      requireThat(any([hasRange(subnet, network, "static"), isNarrowed(subnet, network)]), () => {
        const proposal = proposeStaticRange(subnet, network);
        return {
          what: `${titleOf(subnet)} has no static range, though a rack interface manages it`,
          fix:
            proposal === undefined
              ? "Shorten the other ranges of the subnet, and add a StaticRange in their place."
              : `Add a StaticRange with startIp "${proposal.start.toString()}" and endIp "${proposal.end.toString()}".`,
        };
      }),
    );
  },
});

export const unmanagedIsDeliberate = defineRule({
  id: "MAAS6-RNG-06",
  name: "UnmanagedIsDeliberate",
  level: "warning",
  kind: "silent",
  scope: "subnet",
  info: "A subnet that MAAS does not manage is meant to be so: a StaticRange, or a suppression, says it.",
  explanation:
    "On an unmanaged subnet `reserved` means the reverse: MAAS assigns addresses from reserved ranges only, and serves no DHCP.",
  remediation: "Set managed to true, or say with a StaticRange which addresses MAAS may assign.",
  sources: [maas("api/subnets.py update"), LIVE],
  check: (subnet, network) =>
    when(not(isManaged(subnet)), () => {
      const declared = hasRange(subnet, network, "static");
      if (declared === true) return COMPLIANT;
      const { items } = network.rangesOf(subnet);
      const reserved = items.find(({ type }) => type === "reserved");
      const effect =
        reserved === undefined
          ? "MAAS serves no DHCP on it, and assigns none of its addresses"
          : `MAAS assigns addresses from its reserved ranges only, such as ${isKnown(reserved.span) ? reserved.span.toString() : reserved.at.path}`;
      return violations([
        {
          what: `${titleOf(subnet)} is unmanaged: ${effect}`,
          fix: `${fitsManaged(subnet, network) ? "Set managed to true" : "Set managed to true, and take the ranges that overlap out of each other"}; or add a StaticRange over the addresses that MAAS may assign; or suppress this with the reason.`,
          attribute: "managed",
        },
      ]);
    }),
});
