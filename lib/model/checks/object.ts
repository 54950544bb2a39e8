import { textOf } from "../text";
import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { type Diagnostic, fault } from "../diagnostic";
import type { Kind, KindName } from "../field";
import { AddressRange, RangeOrderError } from "../ip-range";
import { type Attributes, type Value } from "../known";
import { withoutEmptyText } from "../spelling";
import { checkField } from "./field";
import { checkInterfaceLink } from "./interface-link";

/** The smallest IPv6 dynamic range that MAAS takes, in addresses (MAAS models/iprange.py, 3.6.4). */
export const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

const text = (value: Value | undefined): string | undefined => (typeof value === "string" ? value : undefined);

const given = (value: Value | undefined): boolean => value !== undefined && value !== null;

function checkVlan(vlan: Attributes): Diagnostic[] {
  const name = text(vlan.name);
  if (name === undefined) return [];
  if (typeof vlan.vid === "number" && name === textOf(vlan.vid)) {
    return [
      fault(
        "name",
        `the VLAN's name "${name}" is its own VID`,
        "That is what MAAS up to 3.4 shows for a VLAN without a name. Leave name out, or use another one.",
      ),
    ];
  }
  if (vlan.vid !== 0) return [];
  return [
    fault(
      "name",
      "the untagged VLAN takes no name",
      'VID 0 is the default VLAN of a new fabric, which MAAS shows as "untagged" whatever name is set. Leave name out, or describe the VLAN with description.',
    ),
  ];
}

/** Whether machines of the subnet can reach the gateway. @param free an address to propose in its place. */
export function checkGateway(cidr: Cidr, gatewayText: string | undefined, free: IpAddress = cidr.nth(1)): Diagnostic[] {
  const gateway = gatewayText === undefined ? undefined : IpAddress.tryParse(gatewayText);
  if (gateway === undefined || cidr.contains(gateway)) return [];
  if (cidr.family === 6 && gateway.isLinkLocal()) return [];
  const alternative = cidr.family === 6 ? ", or a link-local address such as fe80::1" : "";
  return [
    fault(
      "gateway_ip",
      `the gateway ${gateway.toString()} is outside ${cidr.toString()}`,
      `Machines could not reach it. Use an address of the subnet, such as ${free.toString()}${alternative}.`,
    ),
  ];
}

/** Whether all DNS servers are of the subnet's family. */
export function checkDnsServers(cidr: Cidr, servers: Value | undefined): Diagnostic[] {
  return (Array.isArray(servers) ? servers : []).flatMap((server) => {
    const address = typeof server === "string" ? IpAddress.tryParse(server) : undefined;
    if (address === undefined || address.family === cidr.family) return [];
    return [
      fault(
        "dns_servers",
        `the DNS server ${address.toString()} is not an IPv${cidr.family} address`,
        `MAAS writes it into the IPv${cidr.family} DHCP configuration of ${cidr.toString()} unchecked, which then does not load. ` +
          `Give an IPv${cidr.family} address, or set the server on the IPv${address.family} subnet.`,
      ),
    ];
  });
}

function checkSubnet(subnet: Attributes): Diagnostic[] {
  const cidr = Cidr.tryParse(text(subnet.cidr) ?? "");
  if (cidr === undefined) return [];
  return [...checkGateway(cidr, text(subnet.gateway_ip)), ...checkDnsServers(cidr, subnet.dns_servers)];
}

/** Whether the two ends make a range: of one family, and in order. */
export function checkRangeEnds(start: IpAddress, end: IpAddress): Diagnostic[] {
  try {
    new AddressRange(start, end);
    return [];
  } catch (error) {
    if (!(error instanceof RangeOrderError)) throw error;
    const fix =
      start.family === end.family
        ? `Swap them: start_ip ${end.toString()}, end_ip ${start.toString()}.`
        : "Make one range per family.";
    return [fault("end_ip", `the range is not one: ${error.message}`, fix)];
  }
}

/** Whether a dynamic range is large enough for MAAS. */
export function checkDynamicSize(range: AddressRange): Diagnostic[] {
  if (range.family === 4 || range.size >= SMALLEST_IPV6_DYNAMIC_RANGE) return [];
  const end = range.start.value + SMALLEST_IPV6_DYNAMIC_RANGE - 1n;
  const fix =
    end < 1n << 128n
      ? `End it at ${IpAddress.of(6, end).toString()} or later.`
      : `Start it ${SMALLEST_IPV6_DYNAMIC_RANGE - range.size} addresses earlier.`;
  return [
    fault(
      "end_ip",
      `the IPv6 dynamic range ${range.toString()} holds ${range.size} addresses`,
      `MAAS needs at least ${SMALLEST_IPV6_DYNAMIC_RANGE}. ${fix}`,
    ),
  ];
}

function checkIpRange(attributes: Attributes): Diagnostic[] {
  const start = IpAddress.tryParse(text(attributes.start_ip) ?? "");
  const end = IpAddress.tryParse(text(attributes.end_ip) ?? "");
  if (start === undefined || end === undefined) return [];
  const wrong = checkRangeEnds(start, end);
  if (wrong.length > 0 || attributes.type !== "dynamic") return wrong;
  return checkDynamicSize(new AddressRange(start, end));
}

function checkVlanDhcp(dhcp: Attributes): Diagnostic[] {
  const { primary_rack_controller: primary, secondary_rack_controller: secondary, relay_vlan: relay } = dhcp;
  if (text(relay) !== undefined && (text(primary) ?? text(secondary)) !== undefined) {
    return [
      fault(
        "relay_vlan",
        "a relayed VLAN has no rack controllers of its own",
        "MAAS drops the relay silently when both are set. Leave out relay_vlan, or both rack controllers.",
      ),
    ];
  }
  if (!given(relay) && !given(primary)) {
    return [
      fault(
        "primary_rack_controller",
        "DHCP needs a primary rack controller",
        "Give primary_rack_controller (a rack controller with an interface on this VLAN), or relay_vlan.",
      ),
    ];
  }
  if (text(primary) !== undefined && primary === secondary) {
    return [
      fault(
        "secondary_rack_controller",
        "the primary and the secondary rack controller are the same",
        "MAAS refuses that. Name another rack controller, or leave the secondary out.",
      ),
    ];
  }
  return [];
}

/** What several attributes of one object must hold together, by kind. */
const TOGETHER: Readonly<Partial<Record<KindName, (attributes: Attributes) => Diagnostic[]>>> = {
  vlan: checkVlan,
  subnet: checkSubnet,
  ip_range: checkIpRange,
  vlan_dhcp: checkVlanDhcp,
  network_interface_link: checkInterfaceLink,
};

/**
 * Everything that is wrong with one object as far as its own attributes tell, each error at its attribute.
 * Unknown values pass and are to be checked again once they are known. Never throws.
 */
export function checkObject(kind: Kind, attributes: Attributes): Diagnostic[] {
  const alone = kind.fields.flatMap((field) => checkField(field, attributes[field.name] ?? null));
  return alone.length > 0 ? alone : (TOGETHER[kind.name]?.(withoutEmptyText(kind, attributes)) ?? []);
}
