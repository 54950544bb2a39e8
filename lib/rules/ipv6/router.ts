import { Cidr } from "../../model/cidr";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { InterfaceLink, NetworkRouterAdvertisement, NetworkSubnet } from "../../model/network/objects";
import { attr, text } from "../../model/problem";
import {
  all,
  type Answer,
  ask,
  defineRule,
  given,
  isMissing,
  NOT_APPLICABLE,
  requireThat,
  some,
  together,
  unknown,
  type Verdict,
  violations,
  when,
} from "../verdict";
import {
  hasRange,
  isForNodes,
  isIpv6,
  isManaged,
  isServed,
  linkedIpv6,
  maas,
  MANUAL,
  rfc,
  titleOf,
  vlanOf,
} from "./facts";
import { proposeGateway, proposePool } from "./suggestion";

const NDP = rfc(4861, "neighbor discovery for IPv6, 4.2");

/** The flag would be wrong as long as no DHCPv6 server answers (MAAS6-RTR-03). */
function advertisementFix(subnet: NetworkSubnet, network: Network): string {
  const vlan = vlanOf(subnet, network);
  const answers = isMissing(vlan) ? vlan : all([isServed(vlan, network), isManaged(subnet)]);
  const router =
    isKnown(subnet.gatewayIp) && subnet.gatewayIp !== null ? `the router ${subnet.gatewayIp}` : "its router";
  return answers === false
    ? `Add a RouterAdvertisement to it, for ${router} or for radvd; with the flag for addresses by DHCP once MAAS serves DHCP on it.`
    : `Add a RouterAdvertisement with the flag for addresses by DHCP to it, for ${router} or for radvd.`;
}

export const dynamicRangeHasAdvertisements = defineRule({
  id: "MAAS6-RTR-01",
  name: "DynamicRangeHasRouterAdvertisements",
  level: "warning",
  kind: "silent",
  scope: "subnet",
  info: "On an IPv6 subnet with a dynamic range somebody is named who sends router advertisements.",
  explanation:
    "DHCPv6 carries no route and MAAS sends no advertisements, so that its clients have no way out without them.",
  remediation: "Add a RouterAdvertisement: for the router that sends them, or for radvd.",
  sources: [maas("templates/dhcp/dhcpd6.conf.template"), MANUAL],
  check: (subnet, network) =>
    when(isIpv6(subnet), () =>
      when(hasRange(subnet, network, "dynamic"), () =>
        requireThat(
          some(network.advertisementsOf(subnet), () => true),
          () => ({
            what: `${titleOf(subnet)} has a dynamic range, and nobody is named who sends router advertisements`,
            fix: advertisementFix(subnet, network),
          }),
        ),
      ),
    ),
});

function freeAddress(subnet: NetworkSubnet, network: Network): string {
  const free = proposeGateway(subnet, network);
  return free === undefined ? "" : `, such as ${free.toString()}`;
}

export const ipv6SubnetHasGateway = defineRule({
  id: "MAAS6-RTR-02",
  name: "Ipv6SubnetHasGateway",
  level: "warning",
  kind: "documented",
  scope: "subnet",
  info: "An IPv6 subnet for machines has a gateway.",
  explanation:
    "MAAS writes the default IPv6 route of a machine from it and does not rely on router advertisements; without it there is none.",
  remediation: "Set gatewayIp to the router's address on the subnet, or to its link-local address.",
  sources: [MANUAL],
  check: (subnet, network) =>
    when(isIpv6(subnet), () =>
      when(isForNodes(subnet, network), () =>
        requireThat(
          ask(subnet.gatewayIp, "gateway_ip", subnet.at, (gateway) => gateway !== null),
          () => ({
            what: `${titleOf(subnet)} has no gateway`,
            fix: text`Set ${attr("gateway_ip")} to the router's address${freeAddress(subnet, network)}.`,
            attribute: "gateway_ip",
          }),
        ),
      ),
    ),
});

/** The verdict on router advertisements, with the subnet that they are for. */
function withSubnet(
  { subnet, at }: NetworkRouterAdvertisement,
  network: Network,
  check: (subnet: NetworkSubnet) => Verdict,
): Verdict {
  const found = network.tryFind("subnet", subnet);
  return found === undefined ? unknown(`subnet of ${at.path}`) : check(found);
}

function dynamicRangeFor(subnet: NetworkSubnet, network: Network): Verdict {
  return requireThat(hasRange(subnet, network, "dynamic"), () => {
    const pool = proposePool(subnet, network);
    const proposal = pool === undefined ? "" : ` from ${pool.start.toString()} to ${pool.end.toString()}`;
    return {
      what: `hosts are told to ask for an address (M), but ${titleOf(subnet)} has no dynamic range`,
      fix: `Add a DynamicRange${proposal}, or clear the flag.`,
    };
  });
}

function dhcpFor(subnet: NetworkSubnet, flags: string, network: Network): Verdict {
  const vlan = vlanOf(subnet, network);
  if (isMissing(vlan)) return unknown(...vlan.missing);
  return requireThat(isServedByDhcpv6(subnet, network), () => ({
    what: `hosts are told to ask a DHCPv6 server (${flags}), but MAAS serves none on ${titleOf(subnet)}`,
    fix: `Add a VlanDhcp to ${vlan.at.path} and keep the subnet managed, or clear the flag.`,
    related: [vlan.at],
  }));
}

export const advertisementFlagsFit = defineRule({
  id: "MAAS6-RTR-03",
  name: "RouterAdvertisementFlagsFit",
  level: "error",
  kind: "documented",
  scope: "router_advertisement",
  info: "The flags of router advertisements fit the subnet: M needs a dynamic range, A needs a /64, O and M need DHCPv6.",
  explanation: "Hosts do as the flags say: they wait for a server that is not there, or can't make an address.",
  remediation: "Clear the flag, or provide what it promises.",
  sources: [MANUAL, NDP, rfc(4862, "IPv6 stateless address autoconfiguration, 5.5.3")],
  check: (advertisement, network) =>
    withSubnet(advertisement, network, (subnet) => {
      const { at, managedAddress, otherConfig, autonomous } = advertisement;
      const set = [...(managedAddress === true ? ["M"] : []), ...(otherConfig === true ? ["O"] : [])].join(" and ");
      const asksServer = ask(
        managedAddress,
        "the M flag",
        at,
        (m) => m || ask(otherConfig, "the O flag", at, (o) => o),
      );
      return together([
        given(managedAddress, "the M flag", at, (isSet) => (isSet ? dynamicRangeFor(subnet, network) : NOT_APPLICABLE)),
        given(autonomous, "the A flag", at, (isSet) =>
          !isSet
            ? NOT_APPLICABLE
            : given(subnet.block, "cidr", subnet.at, (block) =>
                requireThat(block.prefixLength === 64, () => ({
                  what: `hosts are told to make their own address (A), but ${titleOf(subnet)} is no /64`,
                  fix: `Clear the flag, or use a /64 such as ${Cidr.of(block.first, 64).toString()}.`,
                })),
              ),
        ),
        when(asksServer, () => dhcpFor(subnet, set, network)),
      ]);
    }),
});

/** Whether MAAS serves DHCPv6 on the subnet. */
function isServedByDhcpv6(subnet: NetworkSubnet, network: Network): Answer {
  const vlan = vlanOf(subnet, network);
  return all([isManaged(subnet), isMissing(vlan) ? vlan : isServed(vlan, network)]);
}

function flagFix({ at }: NetworkRouterAdvertisement, subnet: NetworkSubnet, network: Network): string {
  const serve = isServedByDhcpv6(subnet, network) === false ? "Have MAAS serve DHCP on its VLAN, and set" : "Set";
  return `${serve} the flag M at ${at.path}, or drop the dynamic range.`;
}

export const dynamicRangeIsAskedFor = defineRule({
  id: "MAAS6-RTR-04",
  name: "DynamicRangeIsAskedFor",
  level: "warning",
  kind: "documented",
  scope: "router_advertisement",
  info: "Router advertisements of an IPv6 subnet with a dynamic range tell hosts to ask for an address (M).",
  explanation: "Hosts without that flag ask no DHCPv6 server for an address, and the range stays unused.",
  remediation: "Set the flag M, or drop the dynamic range.",
  sources: [MANUAL, NDP],
  check: (advertisement, network) =>
    withSubnet(advertisement, network, (subnet) =>
      when(hasRange(subnet, network, "dynamic"), () =>
        requireThat(
          // Another sender on the subnet may be the one that sets it.
          some(network.advertisementsOf(subnet), ({ managedAddress, at }) =>
            ask(managedAddress, "the M flag", at, (m) => m),
          ),
          () => ({
            what: `${titleOf(subnet)} has a dynamic range, but its router advertisements don't tell hosts to ask for an address (M)`,
            fix: flagFix(advertisement, subnet, network),
          }),
        ),
      ),
    ),
});

/** The IPv6 subnets on which MAAS configures an address of the interface. */
const configuredIpv6 = (links: readonly InterfaceLink[], network: Network): readonly NetworkSubnet[] =>
  linkedIpv6(
    links.filter(({ mode }) => mode === "static" || mode === "auto"),
    network,
  );

export const addressNeedsNoAdvertisements = defineRule({
  id: "MAAS6-RTR-05",
  name: "AddressNeedsNoAdvertisements",
  level: "warning",
  kind: "documented",
  scope: "machine_interface",
  info: "An interface of a machine that gets an IPv6 address from MAAS does not accept router advertisements.",
  explanation:
    "MAAS gives the machine its address and a static default route, and it needs no router advertisements for either. Told to accept them, it takes another default route and perhaps further addresses, which MAAS does not know about.",
  remediation: "Set accept_ra to false, or leave it out.",
  sources: [MANUAL, maas("models/interface.py")],
  check: ({ acceptRa = null, links, at, machine, name }, network) =>
    given(acceptRa, "accept_ra", at, (accepts) =>
      accepts !== true
        ? NOT_APPLICABLE
        : given(links, "links", at, (known) => {
            const [subnet] = configuredIpv6(known, network);
            if (subnet === undefined)
              return known.some((link) => !isKnown(link.subnet)) ? unknown(`subnets of ${at.path}`) : NOT_APPLICABLE;
            return violations([
              {
                what: `${isKnown(name) ? name : at.path} of ${machine} accepts router advertisements, and MAAS gives it an address of ${titleOf(subnet)}`,
                fix: text`Set ${attr("accept_ra")} to false on it, or leave it out. Its default route leads to the gateway of ${titleOf(subnet)}.`,
                related: [subnet.at],
              },
            ]);
          }),
    ),
});
