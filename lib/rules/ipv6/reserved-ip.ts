import { checkFormat } from "../../model/checks/field";
import { IpAddress } from "../../model/address";
import type { Cidr } from "../../model/cidr";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import { narrowestAround, type NetworkSubnet, type ObjectsByKind } from "../../model/network/objects";
import { oncePer } from "../../model/once-per";
import { canonical } from "../../model/spelling";
import { reservedIp } from "../../model/kinds/reserved-ip";
import { textOf } from "../../model/text";
import {
  COMPLIANT,
  defineRule,
  fromProblems,
  given,
  isMissing,
  missing,
  type Missing,
  requireThat,
  unknown,
  type Verdict,
  type Violation,
  violations,
} from "../verdict";
import { LIVE, maas, titleOf } from "./facts";
import { proposeLease } from "./suggestion";

type Lease = ObjectsByKind["reserved_ip"];

const MODEL = maas("models/reservedip.py ReservedIP.clean, forms/reservedip.py");

/** The subnet of a reserved IP: the one that it names, or the smallest one that holds its address. */
function subnetOf({ subnet, ip, at }: Lease, network: Network): NetworkSubnet | Missing | undefined {
  if (subnet !== null) return network.tryFind("subnet", subnet) ?? missing(`subnet of ${at.path}`);
  const address = isKnown(ip) ? IpAddress.tryParse(ip) : undefined;
  return (address && narrowestAround(address, network.all("subnet"))) ?? undefined;
}

/** The verdict on an address that is one, in a subnet that is one. */
function inSubnet(
  lease: Lease,
  network: Network,
  check: (address: IpAddress, block: Cidr, subnet: NetworkSubnet) => Verdict,
): Verdict {
  const { ip, at } = lease;
  return given(ip, "ip", at, (text) => {
    const address = IpAddress.tryParse(text);
    const subnet = subnetOf(lease, network);
    if (address === undefined || subnet === undefined) return unknown(`subnet of ${at.path}`);
    if (isMissing(subnet)) return unknown(...subnet.missing);
    return given(subnet.block, "cidr", subnet.at, (block) => check(address, block, subnet));
  });
}

/** An address that can be reserved in place of the one that can't, as a sentence. */
function instead(subnet: NetworkSubnet, network: Network): string {
  const free = proposeLease(subnet, network);
  return free === undefined
    ? `Give an address of ${titleOf(subnet)} that is in no dynamic range; it has none that is free.`
    : `Give an address of ${titleOf(subnet)} that nothing has, such as ${free.toString()}.`;
}

export const reservedIpLiesInSubnet = defineRule({
  id: "MAAS6-RSV-01",
  name: "ReservedIpLiesInSubnet",
  level: "error",
  kind: "enforced",
  scope: "reserved_ip",
  info: "A reserved IP is an address of its subnet, and of the subnet's family.",
  explanation: "DHCP leases addresses of the subnet alone. MAAS refuses any other one.",
  remediation: "Give an address of the subnet, or the subnet that the address is of.",
  sources: [MODEL, LIVE],
  check: (lease, network) =>
    given(lease.ip, "ip", lease.at, (ip) => {
      const malformed = checkFormat.ip("ip", ip);
      if (malformed.length > 0) return fromProblems(malformed);
      return inSubnet(lease, network, (address, block, subnet) =>
        requireThat(block.contains(address), () => {
          const other = narrowestAround(address, network.all("subnet"));
          const move =
            other === undefined || other === null ? "" : ` Or give ${titleOf(other)}, which holds it, as the subnet.`;
          return {
            what: `the reserved IP ${ip} is ${address.family === block.family ? "outside" : `an IPv${address.family} address, and not one of`} ${block.toString()}`,
            fix: `${instead(subnet, network)}${move}`,
            attribute: "ip",
            related: [subnet.at],
          };
        }),
      );
    }),
});

export const reservedIpAvoidsSubnetEdges = defineRule({
  id: "MAAS6-RSV-02",
  name: "ReservedIpAvoidsSubnetEdges",
  level: "error",
  kind: "enforced",
  scope: "reserved_ip",
  info: "A reserved IP is neither the first nor the last address of its subnet.",
  explanation: "MAAS refuses both, in IPv6 as well, which has no broadcast address.",
  remediation: "Give another address of the subnet.",
  sources: [MODEL, LIVE],
  check: (lease, network) =>
    inSubnet(lease, network, (address, block, subnet) => {
      const edge =
        address.compare(block.first) === 0 ? "first" : address.compare(block.last) === 0 ? "last" : undefined;
      return requireThat(edge === undefined, () => ({
        what: `the reserved IP ${address.toString()} is the ${edge ?? ""} address of ${block.toString()}`,
        fix: instead(subnet, network),
        attribute: "ip",
        related: [subnet.at],
      }));
    }),
});

export const reservedIpIsInNoDynamicRange = defineRule({
  id: "MAAS6-RSV-03",
  name: "ReservedIpIsInNoDynamicRange",
  level: "error",
  kind: "enforced",
  scope: "reserved_ip",
  info: "A reserved IP is in no dynamic range of its subnet.",
  explanation: "DHCP hands out addresses of a dynamic range to any host. MAAS refuses a reserved IP in one.",
  remediation: "Give an address outside the dynamic ranges, or shorten the range.",
  sources: [MODEL, LIVE],
  check: (lease, network) =>
    inSubnet(lease, network, (address, _block, subnet) => {
      const { items, missing: rest } = network.rangesOf(subnet);
      const around = items.find(
        ({ type, span }) => isKnown(type) && type === "dynamic" && isKnown(span) && span.contains(address),
      );
      if (around !== undefined && isKnown(around.span))
        return violations([
          {
            what: `the reserved IP ${address.toString()} is inside the dynamic range ${around.span.toString()} of ${around.at.path}`,
            fix: instead(subnet, network),
            attribute: "ip",
            related: [around.at, subnet.at],
          },
        ]);
      const open = items.find(({ type, span }) => !isKnown(type) || (type === "dynamic" && !isKnown(span)));
      if (open !== undefined) return unknown(`addresses of ${open.at.path}`);
      return rest === undefined ? COMPLIANT : unknown(rest);
    }),
});

const macOf = ({ macAddress }: Lease): string | undefined =>
  isKnown(macAddress) ? textOf(canonical(reservedIp.field.mac_address, macAddress)) : undefined;

/** The first reserved IP of each MAC address on each subnet. */
const firstOf = oncePer((network: Network): ReadonlyMap<string, Lease> => {
  const first = new Map<string, Lease>();
  for (const lease of network.all("reserved_ip")) {
    const name = nameOf(lease, network);
    if (name !== undefined && !first.has(name)) first.set(name, lease);
  }
  return first;
});

function nameOf(lease: Lease, network: Network): string | undefined {
  const [mac, subnet] = [macOf(lease), subnetOf(lease, network)];
  return mac === undefined || subnet === undefined || isMissing(subnet) ? undefined : `${mac} ${subnet.key}`;
}

export const macHasOneReservedIp = defineRule({
  id: "MAAS6-RSV-04",
  name: "MacHasOneReservedIp",
  level: "error",
  kind: "enforced",
  scope: "reserved_ip",
  info: "A MAC address has one reserved IP on a subnet.",
  explanation: "MAAS refuses a second one. An interface may have one on a subnet of each family.",
  remediation: "Drop one of the two, or give the MAC address of the other interface.",
  sources: [MODEL, LIVE],
  check: (lease, network) => {
    const name = nameOf(lease, network);
    if (name === undefined) return unknown(`MAC address or subnet of ${lease.at.path}`);
    const first = firstOf(network).get(name);
    return requireThat(first === lease || first === undefined, (): Violation => ({
      what: `the MAC address ${macOf(lease) ?? ""} has the reserved IP ${textOf(first?.ip ?? "")} on the same subnet`,
      fix: `Drop this one or ${first?.at.path ?? ""}, or give the MAC address of another interface.`,
      attribute: "mac_address",
      related: first === undefined ? [] : [first.at],
    }));
  },
});
