import { checkFormat } from "../../model/checks/field";
import { checkDnsServers, checkGateway } from "../../model/checks/object";
import { Cidr } from "../../model/cidr";
import { isKnown, UNKNOWN } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";
import {
  COMPLIANT,
  defineRule,
  fromProblems,
  given,
  isMissing,
  NOT_APPLICABLE,
  requireThat,
  together,
  unknown,
  type Verdict,
  type Violation,
  violations,
  when,
} from "../verdict";
import { isForNodes, isIpv6, LIVE, maas, MANUAL, rfc, titleOf, vlanOf } from "./facts";
import { overlapOf } from "./range-conflicts";
import { specialNetwork } from "./special-networks";
import { isTakenBeside, proposeGateway, proposeNetwork } from "./suggestion";
import { exampleRegion } from "./url";

export const subnetsAreDisjoint = defineRule({
  id: "MAAS6-NET-01",
  name: "SubnetsAreDisjoint",
  level: "error",
  kind: "enforced",
  enforcedFrom: "3.7",
  scope: "subnet",
  info: "No two subnets overlap, in any fabric.",
  explanation:
    "MAAS keeps one subnet per CIDR in the whole region, and from 3.7 refuses subnets that overlap; after an upgrade every change of such subnets fails.",
  remediation: "Give one of the two another CIDR, or drop it.",
  sources: [maas("models/subnet.py validate_cidr", "3.7.0"), LIVE],
  check: (subnet, network) =>
    given(subnet.block, "cidr", subnet.at, () => {
      const violation = overlapOf(subnet, network);
      return violation === undefined ? COMPLIANT : violations([violation]);
    }),
});

export const gatewayIsReachable = defineRule({
  id: "MAAS6-NET-02",
  name: "GatewayIsReachable",
  level: "error",
  kind: "enforced",
  scope: "subnet",
  info: "The gateway of a subnet is an address of the subnet, or link-local on an IPv6 subnet.",
  explanation: "MAAS refuses any other gateway, since machines could not reach it.",
  remediation: "Use an address inside the CIDR, or fe80::1 on an IPv6 subnet.",
  sources: [maas("models/subnet.py validate_gateway_ip"), LIVE],
  check: (subnet, network) => {
    const { block, gatewayIp, at } = subnet;
    return given(gatewayIp, "gateway_ip", at, (gateway) => {
      if (gateway === null) return NOT_APPLICABLE;
      const malformed = checkFormat.ip("gateway_ip", gateway);
      if (malformed.length > 0) return fromProblems(malformed);
      return given(block, "cidr", at, (cidr) => {
        const free = proposeGateway(subnet, network);
        const found = checkGateway(cidr, gateway, free);
        const fix = `The ranges of ${cidr.toString()} leave no address for it: shorten one by an address, and use that.`;
        return fromProblems(free === undefined ? found.map((each) => ({ ...each, fix })) : found);
      });
    });
  },
});

export const dnsServersMatchFamily = defineRule({
  id: "MAAS6-NET-03",
  name: "DnsServersMatchFamily",
  level: "error",
  kind: "silent",
  scope: "subnet",
  info: "The DNS servers of a subnet are of the subnet's family.",
  explanation:
    "MAAS writes them unchecked into the DHCP configuration of the subnet's family, which then does not load, for all subnets of the rack.",
  remediation: "Move the server to the subnet of its own family.",
  sources: [maas("dhcp.py make_subnet_config"), LIVE],
  check: ({ block, dnsServers, at }) =>
    given(dnsServers, "dns_servers", at, (servers) => {
      if (servers.length === 0) return NOT_APPLICABLE;
      const known = servers.filter(isKnown);
      const rest = known.length < servers.length ? unknown(`dns_servers of ${at.path}`) : NOT_APPLICABLE;
      return together([given(block, "cidr", at, (cidr) => fromProblems(checkDnsServers(cidr, known))), rest]);
    }),
});

export const cidrIsNetwork = defineRule({
  id: "MAAS6-NET-04",
  name: "CidrIsNetwork",
  level: "error",
  kind: "enforced",
  scope: "subnet",
  info: "A subnet's CIDR is a network of the right family: no host bits, no netmask, a prefix length above 0.",
  explanation:
    "MAAS refuses some of these, and stores another network than was written for the rest, so that every plan shows a change.",
  remediation: "Write the network address and a prefix length: 2001:db8:20::/64.",
  sources: [maas("models/subnet.py Subnet.clean_fields, forms/subnet.py"), LIVE],
  check: ({ cidr, stated, at }, network) =>
    given(cidr, "cidr", at, (text) => {
      const malformed = checkFormat.cidr("cidr", text);
      if (malformed.length > 0 || stated === undefined) return fromProblems(malformed);
      const family = text.includes(":") ? 6 : 4;
      return requireThat(family === stated, () => ({
        what: `${text} is an IPv${family} network, in the place of an IPv${stated} subnet`,
        fix: `Make ${text} an IPv${family} subnet, or give a CIDR such as ${proposeNetwork(stated, network).toString()}.`,
        attribute: "cidr",
      }));
    }),
});

/** The /64 that the network starts in, or another one where subnets are in its way. */
function asSlash64(subnet: NetworkSubnet, cidr: Cidr, network: Network): Cidr {
  const own = Cidr.of(cidr.first, 64);
  return isTakenBeside(subnet, own, network) ? proposeNetwork(6, network, own) : own;
}

export const ipv6SubnetIs64BitsWide = defineRule({
  id: "MAAS6-NET-05",
  name: "Ipv6SubnetIs64BitsWide",
  level: "warning",
  kind: "documented",
  scope: "subnet",
  info: "An IPv6 subnet for machines is a /64.",
  explanation: "IPv6 networks are 64 bits wide; on any other length hosts can't make addresses from a router's prefix.",
  remediation: "Use the /64 that the network is in.",
  sources: [MANUAL, rfc(4291, "IPv6 addressing architecture, 2.5.1")],
  check: (subnet, network) =>
    when(isIpv6(subnet), () =>
      given(subnet.block, "cidr", subnet.at, (cidr) => {
        if (cidr.prefixLength === 64) return COMPLIANT;
        // A point-to-point link or a single address: there is no room for machines.
        if (cidr.prefixLength >= 127) return NOT_APPLICABLE;
        return when(isForNodes(subnet, network), () =>
          violations([
            {
              what: `the IPv6 subnet ${cidr.toString()} has a prefix length of ${cidr.prefixLength}`,
              fix: `Use a /64, such as ${asSlash64(subnet, cidr, network).toString()}.`,
              attribute: "cidr",
            },
          ]),
        );
      }),
    ),
});

/** What to use in place of a prefix that is not for machines, in words. */
const instead = (cidr: Cidr, network: Network): string =>
  cidr.family === 6
    ? `a prefix assigned to you, or one of fd00::/8 such as ${proposeNetwork(6, network).toString()}`
    : `a prefix assigned to you, or a private one such as ${proposeNetwork(4, network).toString()}`;

function special(subnet: NetworkSubnet, cidr: Cidr, network: Network): Verdict {
  const found = specialNetwork(cidr);
  if (found === undefined) return COMPLIANT;
  const violation = (): Violation => ({
    what: `${titleOf(subnet)} ${found.contained ? "is in" : "covers"} ${found.block}, ${found.use}`,
    fix: `Use ${instead(cidr, network)}.`,
    attribute: "cidr",
  });
  if (!found.documentation) return violations([violation()]);
  return requireThat(exampleRegion(network), () => ({ ...violation(), level: "warning" }));
}

export const prefixIsUsable = defineRule({
  id: "MAAS6-NET-06",
  name: "PrefixIsUsable",
  level: "error",
  kind: "documented",
  scope: "subnet",
  info: "A subnet's prefix can be given to machines: not multicast, loopback, link-local, unspecified or IPv4-mapped. Documentation prefixes are a warning, unless the region itself is an example (on loopback, or under .example, .test or .invalid).",
  explanation: "Machines can't use addresses of such a prefix, or routers drop them, though MAAS takes the subnet.",
  remediation: "Use a prefix that was assigned to you, or one of fd00::/8.",
  sources: [rfc(6890, "special-purpose IP address registries"), rfc(3849, "IPv6 documentation prefix")],
  check: (subnet, network) => given(subnet.block, "cidr", subnet.at, (cidr) => special(subnet, cidr, network)),
});

/** The smallest MTU that a link with IPv6 may have (RFC 8200, 5). */
const LEAST_IPV6_MTU = 1280;

export const ipv6FitsMtu = defineRule({
  id: "MAAS6-NET-07",
  name: "Ipv6VlanHasSufficientMtu",
  level: "error",
  kind: "silent",
  scope: "subnet",
  info: "The VLAN of an IPv6 subnet has an MTU of at least 1280.",
  explanation:
    "IPv6 needs links that carry packets of 1280 octets; machines switch IPv6 off on an interface with a smaller MTU, and MAAS says nothing.",
  remediation: "Set the VLAN's mtu to 1280 or more, or leave it out: MAAS starts with 1500.",
  sources: [rfc(8200, "IPv6 specification, 5"), maas("forms/vlan.py, models/vlan.py mtu")],
  check: (subnet, network) =>
    when(isIpv6(subnet), () => {
      const vlan = vlanOf(subnet, network);
      if (isMissing(vlan)) return unknown(...vlan.missing);
      return given(vlan.mtu ?? UNKNOWN, "mtu", vlan.at, (mtu) =>
        requireThat(mtu >= LEAST_IPV6_MTU, () => ({
          what: `${titleOf(subnet)} is on ${vlan.at.path}, whose MTU is ${mtu}`,
          fix: `Set mtu of ${vlan.at.path} to ${LEAST_IPV6_MTU} or more, or leave it out for 1500; or put the subnet on another VLAN.`,
          related: [vlan.at],
        })),
      );
    }),
});
