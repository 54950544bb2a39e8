import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import type { Attributes, Value } from "../known";
import { fault, type Problem } from "../problem";
import { tryText } from "../text";

/** Whether machines of the subnet can reach the gateway. @param free an address to propose in its place. */
export function checkGateway(cidr: Cidr, gatewayText: string | undefined, free: IpAddress = cidr.nth(1)): Problem[] {
  const gateway = gatewayText === undefined ? undefined : IpAddress.tryParse(gatewayText);
  if (gateway === undefined || cidr.contains(gateway)) return [];
  if (cidr.family === 6 && gateway.isLinkLocal()) return [];
  const alternative = cidr.family === 6 ? ", or a link-local address such as fe80::1" : "";
  return [
    fault("MAAS-OBJ-09", "gateway_ip", {
      what: `the gateway ${gateway.toString()} is outside ${cidr.toString()}`,
      why: "Machines could not reach it.",
      fix: `Use an address of the subnet, such as ${free.toString()}${alternative}.`,
    }),
  ];
}

/** Whether all DNS servers are of the subnet's family. */
export function checkDnsServers(cidr: Cidr, servers: Value | undefined): Problem[] {
  return (Array.isArray(servers) ? servers : []).flatMap((server) => {
    const address = typeof server === "string" ? IpAddress.tryParse(server) : undefined;
    if (address === undefined || address.family === cidr.family) return [];
    return [
      fault("MAAS-OBJ-10", "dns_servers", {
        what: `the DNS server ${address.toString()} is not an IPv${cidr.family} address`,
        why: `MAAS writes it into the IPv${cidr.family} DHCP configuration of ${cidr.toString()} unchecked, which then does not load.`,
        fix: `Give an IPv${cidr.family} address, or set the server on the IPv${address.family} subnet.`,
      }),
    ];
  });
}

/** Whether the gateway and the DNS servers of a subnet fit its CIDR. */
export function checkSubnet(subnet: Attributes): Problem[] {
  const cidr = Cidr.tryParse(tryText(subnet.cidr) ?? "");
  if (cidr === undefined) return [];
  return [...checkGateway(cidr, tryText(subnet.gateway_ip)), ...checkDnsServers(cidr, subnet.dns_servers)];
}
