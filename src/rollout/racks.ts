import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { inNaturalOrder } from "../../lib/model/lists";
import { isKnown } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { InterfaceLink, NetworkRackInterface, NetworkVlan } from "../../lib/model/network/objects";
import { managingInterfaces } from "../../lib/rules/ipv6/facts";
import type { RolloutRack } from "./rollout";

/** Number of the first address that a rack may have: 1 is the router's. */
const FIRST_HOST = 2n;

const addressOf = ({ ip }: InterfaceLink): IpAddress | undefined =>
  typeof ip === "string" ? IpAddress.tryParse(ip) : undefined;

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

/**
 * The rack interfaces on a VLAN. Each gets an address on the IPv6 subnet: the one that it has, else the one with the number that
 * the rack has in its IPv4 network, else the next free one. All lie where MAAS itself gives out nothing (`::1` to
 * `::ffff:ffff` of a /64).
 */
export function racksOn(
  vlan: NetworkVlan,
  network: Network,
  ipv6: { readonly cidr: string; readonly gateway: string | null } | undefined,
): RolloutRack[] {
  const nics = inNaturalOrder(network.interfacesOn(vlan).items, ({ at }) => at.path);
  const serving = new Set(managingInterfaces(vlan, network).items.map(({ key }) => key));
  const subnet = ipv6 && Cidr.parse(ipv6.cidr);
  const taken = new Set<bigint>();
  const gateway = IpAddress.tryParse(ipv6?.gateway ?? "");
  if (gateway !== undefined) taken.add(gateway.value);
  const present = new Map(nics.map((nic) => [nic.key, subnet && presentOn(subnet, nic)]));
  for (const address of present.values()) if (address !== undefined) taken.add(address.value);

  const free = (within: Cidr, number: bigint): IpAddress => {
    let next = number >= FIRST_HOST ? number : FIRST_HOST;
    while (taken.has(within.first.value + next)) next += 1n;
    const address = within.first.plus(next);
    taken.add(address.value);
    return address;
  };
  return nics.map((nic): RolloutRack => {
    const { rack, name, key, links } = nic;
    const hostname = network.tryFind("rack_controller", rack)?.hostname ?? rack;
    const own = present.get(key);
    return {
      rack: isKnown(hostname) ? hostname : nic.at.path,
      interfaceName: isKnown(name) ? name : nic.at.path,
      ...{ key, serves: serving.has(key) },
      ...(isKnown(links) && { addresses: links.flatMap((link) => addressOf(link)?.toString() ?? []) }),
      ...(subnet !== undefined && {
        ipv6:
          own === undefined
            ? { address: withLength(free(subnet, hostNumber(nic, network) ?? FIRST_HOST), subnet), standing: "planned" }
            : { address: withLength(own, subnet), standing: "exists" },
      }),
    };
  });
}
