import type { Network } from "../../model/network";
import type { Members } from "../../model/network/members";
import type { NetworkSubnet, NetworkVlan } from "../../model/network/objects";
import { oncePer } from "../memo";
import { all, type Answer, isMissing, some } from "../verdict";
import { hasRange, isIpv4, isIpv6InUse, isManaged } from "./subnet-facts";

/** A question about a VLAN whose answer all its subnets share. */
export const perVlan = <T>(
  answer: (vlan: NetworkVlan, network: Network) => T,
): ((vlan: NetworkVlan, network: Network) => T) => {
  const answers = oncePer((network: Network) => oncePer((vlan: NetworkVlan) => answer(vlan, network)));
  return (vlan, network) => answers(network)(vlan);
};

export const hasManagedIpv4Subnet = perVlan((vlan, network): Answer =>
  some(network.subnetsOf(vlan), (subnet) => all([isIpv4(subnet), isManaged(subnet)])),
);

/** Whether MAAS can hand out IPv4 leases on the VLAN. */
export const hasManagedIpv4Pool = perVlan((vlan, network): Answer =>
  some(network.subnetsOf(vlan), (subnet) =>
    all([isIpv4(subnet), isManaged(subnet), hasRange(subnet, network, "dynamic")]),
  ),
);

/** The IPv6 subnets of the VLAN that MAAS gives out addresses of. */
export const ipv6SubnetsOf = perVlan((vlan, network): Members<NetworkSubnet> => {
  const { items, missing: rest } = network.subnetsOf(vlan);
  const answers = items.map((subnet) => ({ subnet, answer: isIpv6InUse(subnet, network) }));
  const lacking = rest ?? answers.flatMap(({ answer }) => (isMissing(answer) ? answer.missing : []))[0];
  const known = answers.filter(({ answer }) => answer === true).map(({ subnet }) => subnet);
  return lacking === undefined ? { items: known } : { items: known, missing: lacking };
});

/** Whether MAAS gives out IPv6 addresses on the VLAN. */
export const usesIpv6 = (vlan: NetworkVlan, network: Network): Answer => some(ipv6SubnetsOf(vlan, network), () => true);
