import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { inNaturalOrder } from "../../lib/model/lists";
import { isKnown } from "../../lib/model/known";
import { interfaceByName } from "../../lib/model/netplan";
import type { Network } from "../../lib/model/network";
import type { InterfaceLink, NetworkRackInterface, NetworkVlan } from "../../lib/model/network/objects";
import { managingInterfaces, single, takenAddresses } from "../../lib/rules/ipv6/facts";
import { AddressRange } from "../../lib/model/address-range";
import { oncePer } from "../../lib/model/once-per";
import type { RolloutRegion } from "./region";
import type { RolloutIpv6, RolloutRack } from "./rollout";
import { spanOf } from "./subnets";

/** The IPv6 subnet that racks get addresses of. */
type RackSubnet = Pick<RolloutIpv6, "cidr" | "key" | "gateway" | "staticRange" | "dynamicRange">;

/** Number of the first address that a rack may have: 1 is the router's. */
const FIRST_HOST = 2n;

const addressOf = ({ ip }: InterfaceLink): IpAddress | undefined =>
  typeof ip === "string" ? IpAddress.tryParse(ip) : undefined;

/** The addresses that machines and racks have on each subnet, by the subnet's key. */
const usedOn = oncePer((network: Network): ReadonlyMap<string, readonly AddressRange[]> => {
  const used = new Map<string, AddressRange[]>();
  const nics = [...network.all("machine_interface"), ...network.all("rack_interface")];
  for (const { links } of nics)
    for (const link of isKnown(links) ? links : []) {
      const address = addressOf(link);
      if (address === undefined || typeof link.subnet !== "string") continue;
      const list = used.get(link.subnet);
      if (list === undefined) used.set(link.subnet, [single(address)]);
      else list.push(single(address));
    }
  return used;
});

/** The number that the rack has in its IPv4 network: 10 for `10.20.0.10/24`. */
function hostNumber({ links }: NetworkRackInterface, network: Network): bigint | undefined {
  if (!isKnown(links)) return undefined;
  for (const link of links) {
    const address = addressOf(link);
    const block = network.tryFind("subnet", link.subnet)?.block;
    if (address?.family !== 4 || block === undefined || !isKnown(block) || !block.contains(address)) continue;
    return address.value - block.first.value;
  }
  return undefined;
}

/** The rack's address on the subnet that it has already. */
function presentOn(subnet: Cidr, { links }: NetworkRackInterface): IpAddress | undefined {
  if (!isKnown(links)) return undefined;
  return links.map(addressOf).find((address) => address !== undefined && subnet.contains(address));
}

const withLength = (address: IpAddress, { prefixLength }: Cidr): string => `${address.toString()}/${prefixLength}`;

/** What is taken on an IPv6 subnet: what machines get, what DHCPv6 gives out, and what somebody has already. */
function takenOn(
  ipv6: RackSubnet,
  network: Network,
  present: readonly IpAddress[],
): Record<"all" | "addresses", AddressRange[]> {
  const subnet = network.tryFind("subnet", ipv6.key ?? "");
  const ranges = subnet === undefined ? [] : network.rangesOf(subnet).items;
  const gateway = IpAddress.tryParse(ipv6.gateway ?? "");
  const addresses = [
    ...(gateway === undefined ? [] : [single(gateway)]),
    ...present.map(single),
    ...(subnet === undefined ? [] : takenAddresses(subnet, network).map(({ address }) => single(address))),
    ...(usedOn(network).get(ipv6.key ?? "") ?? []),
  ];
  const given = [ipv6.staticRange, ipv6.dynamicRange].flatMap((range) => (range === undefined ? [] : [spanOf(range)]));
  const served = ranges.flatMap(({ type, span }) => (type === "reserved" || !isKnown(span) ? [] : [span]));
  return { all: [...addresses, ...given, ...served], addresses };
}

/** The first free address from that one on, else any; undefined where there is none. */
function freeFrom(within: AddressRange, wanted: IpAddress, taken: readonly AddressRange[]): IpAddress | undefined {
  const gaps = AddressRange.gaps(within, taken);
  const next = gaps.find(({ end }) => end.compare(wanted) >= 0);
  if (next === undefined) return gaps[0]?.start;
  return next.start.compare(wanted) >= 0 ? next.start : wanted;
}

/**
 * The rack interfaces on a VLAN. Each gets an address on the IPv6 subnet: the one that it has, else the one with the number that
 * the rack has in its IPv4 network, else the next free one. All lie where MAAS itself gives out nothing (`::1` to
 * `::ffff:ffff` of a /64), as far as there is room. One whose addresses are not known gets none: it may have one.
 */
export function racksOn(
  vlan: NetworkVlan,
  network: Network,
  ipv6: RackSubnet | undefined,
  kinds: RolloutRegion["interfaces"],
): RolloutRack[] {
  const nics = inNaturalOrder(network.interfacesOn(vlan).items, ({ at }) => at.path);
  const serving = new Set(managingInterfaces(vlan, network).items.map(({ key }) => key));
  const subnet = ipv6 && Cidr.parse(ipv6.cidr);
  const present = new Map(nics.map((nic) => [nic.key, subnet && presentOn(subnet, nic)]));
  const taken =
    ipv6 &&
    takenOn(
      ipv6,
      network,
      [...present.values()].filter((address) => address !== undefined),
    );

  const free = (block: Cidr, number: bigint): IpAddress | undefined => {
    if (taken === undefined || block.last.value - block.first.value < FIRST_HOST) return undefined;
    const within = new AddressRange(block.first.plus(FIRST_HOST), block.last);
    const wanted = block.first.plus(number > FIRST_HOST ? number : FIRST_HOST);
    const address = freeFrom(within, wanted, taken.all) ?? freeFrom(within, wanted, taken.addresses);
    if (address !== undefined) for (const list of Object.values(taken)) list.push(single(address));
    return address;
  };
  return nics.map((nic): RolloutRack => {
    const { rack, name, key, links } = nic;
    const hostname = network.tryFind("rack_controller", rack)?.hostname ?? rack;
    const own = present.get(key);
    const added =
      own !== undefined || subnet === undefined || !isKnown(links)
        ? undefined
        : free(subnet, hostNumber(nic, network) ?? FIRST_HOST);
    return {
      rack: isKnown(hostname) ? hostname : nic.at.path,
      interfaceName: isKnown(name) ? name : nic.at.path,
      kind: kinds.get(key) ?? interfaceByName(isKnown(name) ? name : nic.at.path),
      ...{ key, serves: serving.has(key) },
      ...(isKnown(links) && { addresses: links.flatMap((link) => addressOf(link)?.toString() ?? []) }),
      ...(subnet !== undefined &&
        own !== undefined && { ipv6: { address: withLength(own, subnet), standing: "exists" } }),
      ...(subnet !== undefined &&
        added !== undefined && { ipv6: { address: withLength(added, subnet), standing: "planned" } }),
    };
  });
}
