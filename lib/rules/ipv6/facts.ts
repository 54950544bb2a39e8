import { IpAddress } from "../../model/address";
import type { RangeType } from "../../model/kinds/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type {
  InterfaceLink,
  Members,
  NetworkRackInterface,
  NetworkSubnet,
  NetworkVlan,
  NetworkVlanDhcp,
} from "../../model/network/objects";
import { AddressRange } from "../../model/address-range";
import { oncePer } from "../../model/once-per";
import { all, type Answer, any, ask, isMissing, missing, type Missing, not, some, type Source } from "../verdict";

const VERIFIED = "2026-11-22";

/** The manual's page on IPv6. */
export const MANUAL: Source = {
  at: "MAAS manual, page IPv6 (docs.ubuntu.com/maas/2.1/en/installconfig-network-ipv6)",
  verified: VERIFIED,
};

/** A file and function of MAAS below `src/maasserver/`. */
export const maas = (place: string, version = "3.6.4"): Source => ({
  at: `MAAS ${version} src/maasserver/${place}`,
  verified: VERIFIED,
});

/** What two live regions did. */
export const LIVE: Source = { at: "live MAAS regions 3.4.10 and 3.6.5", verified: VERIFIED };

export const rfc = (number: number, title: string): Source => ({ at: `RFC ${number}, ${title}`, verified: VERIFIED });

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
function isAssigned(subnet: NetworkSubnet, network: Network): Answer {
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

/** An address that a dynamic range must leave alone. */
export interface TakenAddress {
  readonly address: IpAddress;
  readonly use: string;
}

export const single = (address: IpAddress): AddressRange => new AddressRange(address, address);

function addressesIn(text: unknown, use: string, subnet: NetworkSubnet): TakenAddress[] {
  const address = typeof text === "string" ? IpAddress.tryParse(text) : undefined;
  if (address === undefined || !isKnown(subnet.block) || !subnet.block.contains(address)) return [];
  return [{ address, use }];
}

const ascending = (addresses: readonly TakenAddress[]): TakenAddress[] =>
  [...addresses].sort((a, b) => a.address.compare(b.address));

/** The gateways of the subnet and of its static routes, ascending. */
export function routersOf(subnet: NetworkSubnet, network: Network): TakenAddress[] {
  const taken = network.takenIn(subnet).items;
  return ascending([
    ...addressesIn(subnet.gatewayIp, "the gateway", subnet),
    ...taken.flatMap(({ address, use }) => addressesIn(address, use, subnet)),
  ]);
}

/** The addresses of the subnet that MAAS keeps out of dynamic ranges, ascending. */
export function takenAddresses(subnet: NetworkSubnet, network: Network): TakenAddress[] {
  const { dnsServers } = subnet;
  const servers = isKnown(dnsServers) ? dnsServers : [];
  return ascending([
    ...routersOf(subnet, network),
    ...servers.flatMap((server) => addressesIn(server, "a DNS server", subnet)),
  ]);
}

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

/** The IPv6 subnets among the interface's links, each once, in order of their titles. */
export function linkedIpv6(links: readonly { readonly subnet: unknown }[], network: Network): NetworkSubnet[] {
  const subnets = links.flatMap(({ subnet }) =>
    typeof subnet === "string" ? (network.tryFind("subnet", subnet) ?? []) : [],
  );
  return [...new Set(subnets)].filter((subnet) => isIpv6(subnet) === true);
}

/** The managed IPv6 subnets that the interface must serve, if they are known: its links, or what its VLAN leaves it. */
export function servedThrough(
  item: NetworkRackInterface,
  vlan: NetworkVlan,
  network: Network,
): NetworkSubnet[] | Missing {
  if (isKnown(item.links)) {
    const served = linkedIpv6(item.links, network).filter((subnet) => isManaged(subnet) === true);
    const isOpen = item.links.some(({ subnet }) => !isKnown(subnet));
    return isOpen && served.length < 2 ? missing(`subnets of ${item.at.path}`) : served;
  }
  const { items, missing: rest } = ipv6SubnetsOf(vlan, network);
  const managed = items.filter((subnet) => isManaged(subnet) === true);
  const interfaces = network.interfacesOn(vlan);
  const siblings = interfaces.items.filter(({ rack }) => rack === item.rack).length;
  // More subnets than interfaces: whatever the addresses turn out to be, one interface has two.
  if (managed.length > siblings && interfaces.missing === undefined) return managed;
  if (managed.length < 2 && rest === undefined) return managed;
  return missing(rest ?? `addresses of ${item.at.path}`);
}
