import { IpAddress } from "../../model/address";
import { AddressRange } from "../../model/ip-range";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";

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
  const routes = network.routesOf(subnet).items;
  return ascending([
    ...addressesIn(subnet.gatewayIp, "the gateway", subnet),
    ...routes.flatMap(({ gatewayIp, at }) => addressesIn(gatewayIp, `the gateway of ${at.path}`, subnet)),
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
