import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { Members } from "../../model/network/members";
import type {
  InterfaceLink,
  NetworkRackInterface,
  NetworkSubnet,
  NetworkVlan,
  NetworkVlanDhcp,
} from "../../model/network/objects";
import { all, type Answer, any, ask, isMissing, type Missing, missing, some } from "../verdict";
import { hasRange, isAssigned, isIpv6, vlanOf } from "./subnet-facts";

/** The DHCP settings that racks serve the VLAN by: its own, or those of the VLAN it is relayed to. */
export function serverOf(vlan: NetworkVlan, network: Network): NetworkVlanDhcp | Missing | undefined {
  const { items, missing: lacking } = network.dhcpOf(vlan);
  const [dhcp] = items;
  if (dhcp === undefined) return lacking === undefined ? undefined : missing(lacking);
  if (!isKnown(dhcp.on)) return missing(`whether DHCP is on at ${dhcp.at.path}`);
  if (dhcp.on) return dhcp;
  if (dhcp.relayTo === null) return undefined;
  const target = network.tryFind("vlan", dhcp.relayTo);
  if (target === undefined) return missing(`the VLAN that ${dhcp.at.path} relays to`);
  const [served] = network.dhcpOf(target).items;
  if (served === undefined) {
    const reason = network.dhcpOf(target).missing;
    return reason === undefined ? undefined : missing(reason);
  }
  if (!isKnown(served.on)) return missing(`whether DHCP is on at ${served.at.path}`);
  return served.on ? served : undefined;
}

/** Whether racks serve DHCP on the VLAN, themselves or through a relay. */
export function isServed(vlan: NetworkVlan, network: Network): Answer {
  const server = serverOf(vlan, network);
  return isMissing(server) ? server : server !== undefined;
}

/** The VLAN that racks serve this one from: itself, or the one it is relayed to. */
export function servingVlan(vlan: NetworkVlan, network: Network): NetworkVlan {
  const server = serverOf(vlan, network);
  if (server === undefined || isMissing(server)) return vlan;
  return network.tryFind("vlan", server.vlan) ?? vlan;
}

/**
 * Whether the rack interface manages the subnets of the VLAN that it is on: its rack serves DHCP there, or nobody does yet,
 * so that the interface is there for that. The one meaning of "manages" for all rules.
 */
export function manages({ rack, at }: NetworkRackInterface, vlan: NetworkVlan, network: Network): Answer {
  const { items, missing: lacking } = network.dhcpOf(vlan);
  const [dhcp] = items;
  if (dhcp === undefined) return lacking === undefined ? true : missing(lacking);
  const isNamed = ({ primary, secondary }: NetworkVlanDhcp): Answer =>
    any(
      [primary, secondary].map((named) =>
        ask(named, "racks", dhcp.at, (key) => ask(rack, "rack", at, (own) => own === key)),
      ),
    );
  return ask(dhcp.on, "dhcp_on", dhcp.at, (on) =>
    on
      ? any([dhcp.primary === null && dhcp.secondary === null, isNamed(dhcp)])
      : ask(dhcp.relayTo, "relay_vlan", dhcp.at, (relay) => relay === null),
  );
}

/** The rack interfaces that manage the subnets of the VLAN, itself or as the one that it is relayed to. */
export function managingInterfaces(vlan: NetworkVlan, network: Network): Members<NetworkRackInterface> {
  const server = servingVlan(vlan, network);
  const { items, missing: rest } = network.interfacesOn(server);
  const answers = items.map((item) => ({ item, answer: manages(item, server, network) }));
  const lacking = rest ?? answers.flatMap(({ answer }) => (isMissing(answer) ? answer.missing : []))[0];
  const known = answers.filter(({ answer }) => answer === true).map(({ item }) => item);
  return lacking === undefined ? { items: known } : { items: known, missing: lacking };
}

/** Whether MAAS puts machines on the subnet: it gives out its addresses, and there are ranges, DHCP or a rack to do so. */
export function isForNodes(subnet: NetworkSubnet, network: Network): Answer {
  const assigned = isAssigned(subnet, network);
  if (assigned === false) return false;
  const ranged = hasRange(subnet, network, "static", "dynamic");
  if (ranged === true) return assigned;
  const vlan = vlanOf(subnet, network);
  const placed = isMissing(vlan)
    ? [vlan]
    : [isServed(vlan, network), some(managingInterfaces(vlan, network), () => true)];
  return all([assigned, any([ranged, ...placed])]);
}

/** Whether one of the interface's links fits, as far as the rack has reported them. */
export function someLink({ links, at }: NetworkRackInterface, test: (link: InterfaceLink) => Answer): Answer {
  return ask(links, "addresses", at, (known) => any(known.map(test)));
}

/** Whether the link is an address of the IPv6 family. */
export function isIpv6Link({ ip, subnet: key }: InterfaceLink, network: Network, { at }: NetworkRackInterface): Answer {
  if (ip === null || ip === undefined) return false;
  if (isKnown(ip)) return ip.includes(":");
  const subnet = network.tryFind("subnet", key);
  return subnet === undefined ? missing(`addresses of ${at.path}`) : isIpv6(subnet);
}
