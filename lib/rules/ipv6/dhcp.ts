import { isKnown } from "../../model/known";
import { inNaturalOrder } from "../../model/lists";
import type { Network } from "../../model/network";
import type {
  NetworkRackController,
  NetworkRackInterface,
  NetworkVlan,
  NetworkVlanDhcp,
} from "../../model/network/objects";
import { attr, text } from "../../model/problem";
import {
  all,
  type Answer,
  any,
  ask,
  defineRule,
  given,
  isMissing,
  missing,
  type Missing,
  not,
  NOT_APPLICABLE,
  requireThat,
  some,
  together,
  unknown,
  type Verdict,
  when,
} from "../verdict";
import { hasRange, isIpv4, isIpv6, isIpv6Link, isManaged, LIVE, maas, perVlan, someLink, titleOf } from "./facts";
import { staticRangesFix } from "./static-range";
import { proposeNetwork, proposePool, proposeRackAddress } from "./suggestion";

const VLAN_FORM = maas("forms/vlan.py clean");

export const isOn = ({ on, at }: NetworkVlanDhcp): Answer => ask(on, "dhcp_on", at, (known) => known);

export const isRelayed = ({ relayTo, at }: NetworkVlanDhcp): Answer =>
  ask(relayTo, "relay_vlan", at, (known) => known !== null);

export const vlanOf = ({ vlan, at }: NetworkVlanDhcp, network: Network): NetworkVlan | Missing =>
  network.tryFind("vlan", vlan) ?? missing(`VLAN of ${at.path}`);

const nameOf = ({ hostname, at }: NetworkRackController): string => (isKnown(hostname) ? hostname : at.path);

const interfaceName = ({ name, at }: NetworkRackInterface): string => (isKnown(name) ? name : at.path);

export const dhcpHasPrimaryRack = defineRule({
  id: "MAAS6-DHC-01",
  name: "DhcpHasPrimaryRack",
  level: "error",
  kind: "enforced",
  scope: "vlan_dhcp",
  info: "DHCP that is on has a primary rack controller.",
  explanation: "MAAS refuses to switch DHCP on without one.",
  remediation: "Give the rack interface on the VLAN as primary.",
  sources: [VLAN_FORM, LIVE],
  check: (dhcp, network) =>
    when(isOn(dhcp), () =>
      requireThat(
        ask(dhcp.primary, "primary_rack", dhcp.at, (primary) => primary !== null),
        () => {
          const vlan = network.tryFind("vlan", dhcp.vlan);
          const candidate = vlan === undefined ? undefined : network.interfacesOn(vlan).items[0];
          return {
            what: `DHCP is on at ${dhcp.at.path} without a primary rack controller`,
            fix:
              candidate === undefined
                ? "Give primary: a RackInterface on the VLAN."
                : `Give ${candidate.at.path} as primary: it is on the VLAN.`,
            attribute: "primary_rack_controller",
          };
        },
      ),
    ),
});

export const poolProposal = perVlan((vlan: NetworkVlan, network: Network): string => {
  const subnets = network.subnetsOf(vlan).items;
  const [ipv4, others] = [true, false].map((isFirst) => subnets.filter((each) => (isIpv4(each) === true) === isFirst));
  for (const subnet of [...(ipv4 ?? []), ...(others ?? [])]) {
    const pool = proposePool(subnet, network);
    if (pool !== undefined)
      return `Add a DynamicRange to ${titleOf(subnet)}, such as startIp "${pool.start.toString()}", endIp "${pool.end.toString()}".`;
  }
  const block = proposeNetwork(4, network);
  return `Add an Ipv4Subnet such as ${block.toString()} to ${vlan.at.path} with a DynamicRange from ${block.nth(100).toString()} to ${block.nth(199).toString()}.`;
});

export const dhcpHasDynamicRange = defineRule({
  id: "MAAS6-DHC-02",
  name: "DhcpHasDynamicRange",
  level: "error",
  kind: "enforced",
  scope: "vlan_dhcp",
  info: "DHCP that is on has a dynamic range on a subnet of the VLAN.",
  explanation:
    "MAAS refuses to switch DHCP on without one; where the last one is gone while DHCP is on, it refuses every change of the VLAN.",
  remediation: "Add a DynamicRange to a subnet of the VLAN.",
  sources: [maas("forms/vlan.py clean_dhcp_on"), LIVE],
  check: (dhcp, network) =>
    when(isOn(dhcp), () => {
      const vlan = vlanOf(dhcp, network);
      if (isMissing(vlan)) return unknown(...vlan.missing);
      return requireThat(
        some(network.subnetsOf(vlan), (subnet) => hasRange(subnet, network, "dynamic")),
        () => ({
          what: `DHCP is on at ${vlan.at.path}, whose subnets have no dynamic range`,
          fix: poolProposal(vlan, network),
        }),
      );
    }),
});

export const dhcpIsServedOrRelayed = defineRule({
  id: "MAAS6-DHC-03",
  name: "DhcpIsServedOrRelayed",
  level: "error",
  kind: "silent",
  scope: "vlan_dhcp",
  info: "A VLAN has DHCP of its own or is relayed, not both.",
  explanation: "MAAS drops the relay silently when DHCP is on, so that every plan shows a change.",
  remediation: "Leave out the relay, or the rack controllers.",
  sources: [maas("forms/vlan.py _set_up_relay_vlan"), LIVE],
  check: (dhcp) =>
    requireThat(not(all([isOn(dhcp), isRelayed(dhcp)])), () => ({
      what: `${dhcp.at.path} has DHCP on and is relayed as well`,
      fix: text`Leave out ${attr("relay_vlan")} to serve the VLAN from its racks, or both rack controllers to relay it.`,
      attribute: "relay_vlan",
    })),
});

/** Why the rack does not reach the VLAN, as far as its interfaces tell. */
function elsewhere(rack: NetworkRackController, network: Network): string {
  const { items } = network.interfacesOf(rack);
  const places = items.map((item) => {
    const vlan = network.tryFind("vlan", item.vlan);
    return `${interfaceName(item)}${vlan === undefined ? "" : ` on ${vlan.at.path}`}`;
  });
  return places.length === 0 ? "" : `; it has ${inNaturalOrder(places, (place) => place).join(", ")}`;
}

/** An interface of the rack that is on no VLAN, as a literal. */
function spareInterface(rack: NetworkRackController, network: Network): string {
  const spare = network.interfacesOf(rack).items.find(({ vlan }) => vlan === null);
  return spare === undefined ? `"…"` : `"${interfaceName(spare)}"`;
}

/** The verdict on each rack that serves DHCP. */
function perRack(
  dhcp: NetworkVlanDhcp,
  network: Network,
  check: (rack: NetworkRackController, attribute: string) => Verdict,
): Verdict {
  const roles = [
    ["primary_rack_controller", dhcp.primary],
    ["secondary_rack_controller", dhcp.secondary],
  ] as const;
  return together(
    roles.map(([attribute, key]) =>
      given(key, attribute, dhcp.at, (known) => {
        if (known === null) return NOT_APPLICABLE;
        const rack = network.tryFind("rack_controller", known);
        return rack === undefined ? unknown(`${attribute} of ${dhcp.at.path}`) : check(rack, attribute);
      }),
    ),
  );
}

export const racksAreOnVlan = defineRule({
  id: "MAAS6-DHC-04",
  name: "DhcpRacksAreOnVlan",
  level: "error",
  kind: "silent",
  scope: "vlan_dhcp",
  info: "The primary and the secondary rack controller have an interface on this very VLAN.",
  explanation:
    "MAAS only looks for a VLAN with the same VID, in any fabric; it takes a rack that is on another one, and then nobody serves DHCP.",
  remediation: "Put an interface of the rack on the VLAN with a RackInterface, or name another rack.",
  sources: [maas("forms/vlan.py, models/node.py filter_by_vids"), LIVE],
  check: (dhcp, network) =>
    when(isOn(dhcp), () => {
      const vlan = vlanOf(dhcp, network);
      if (isMissing(vlan)) return unknown(...vlan.missing);
      return perRack(dhcp, network, (rack, attribute) =>
        requireThat(
          some(network.interfacesOn(vlan), (item) => ask(item.rack, "rack", item.at, (key) => key === rack.key)),
          () => ({
            what: `${nameOf(rack)} has no interface on ${vlan.at.path}${elsewhere(rack, network)}`,
            fix: `Put one there with new RackInterface(…, { rack: ${nameOf(rack)}, name: ${spareInterface(rack, network)}, vlan })${staticRangesFix(vlan, network)}; or name a rack that is on ${vlan.at.path}.`,
            attribute,
            related: [rack.at],
          }),
        ),
      );
    }),
});

/** Whether DHCPv6 gives out leases on the VLAN itself, or on one that is relayed to it. */
function servesIpv6Pool(vlan: NetworkVlan, network: Network): Answer {
  const hasPool = (candidate: NetworkVlan): Answer =>
    some(network.subnetsOf(candidate), (subnet) =>
      all([isIpv6(subnet), isManaged(subnet), hasRange(subnet, network, "dynamic")]),
    );
  const relayed = network.relaysTo(vlan).items.flatMap((relay) => network.tryFind("vlan", relay.vlan) ?? []);
  return any([hasPool(vlan), ...relayed.map(hasPool)]);
}

export const dhcpv6RackHasIpv6Address = defineRule({
  id: "MAAS6-DHC-05",
  name: "Dhcpv6RackHasIpv6Address",
  level: "error",
  kind: "silent",
  scope: "vlan_dhcp",
  info: "Where an IPv6 dynamic range is served, each rack has an IPv6 address on the VLAN; with two racks a configured one, not one from DHCP.",
  explanation:
    "Without it MAAS starts no DHCPv6 server and says nothing; with two racks it can't even write the configuration of IPv4.",
  remediation: "Give the rack's interface an address of the IPv6 subnet, in the rack's own network configuration.",
  sources: [maas("dhcp.py get_dhcp_configuration")],
  check: (dhcp, network) =>
    when(isOn(dhcp), () => {
      const vlan = vlanOf(dhcp, network);
      if (isMissing(vlan)) return unknown(...vlan.missing);
      return when(servesIpv6Pool(vlan, network), () =>
        perRack(dhcp, network, (rack, attribute) => {
          const own = network.interfacesOn(vlan).items.filter((item) => item.rack === rack.key);
          // A rack without an interface on the VLAN is DHC-04's finding.
          if (own.length === 0) return NOT_APPLICABLE;
          const isUsable = (item: NetworkRackInterface): Answer =>
            someLink(item, (link) =>
              dhcp.secondary !== null && link.mode === "dhcp" ? false : isIpv6Link(link, network, item),
            );
          return requireThat(any(own.map(isUsable)), () => ({
            what: `${nameOf(rack)} has no ${dhcp.secondary === null ? "" : "configured "}IPv6 address on ${vlan.at.path} (${own.map(interfaceName).join(", ")})`,
            fix: addressFix(vlan, network, nameOf(rack), own.map(interfaceName).join(" or ")),
            attribute,
            related: [rack.at],
          }));
        }),
      );
    }),
});

const exampleAddress = perVlan((vlan: NetworkVlan, network: Network): string => {
  for (const subnet of network.subnetsOf(vlan).items) {
    const free = isIpv6(subnet) === true ? proposeRackAddress(subnet, network) : undefined;
    if (free !== undefined && isKnown(subnet.block)) return `${free.toString()}/${subnet.block.prefixLength}`;
  }
  return `${proposeNetwork(6, network).nth(2).toString()}/64`;
});

function addressFix(vlan: NetworkVlan, network: Network, rack: string, names: string): string {
  const example = exampleAddress(vlan, network);
  return `Configure an address such as ${example} on ${names} of ${rack}, in its netplan: MAAS lets nobody write a rack's addresses.`;
}

export const racksDiffer = defineRule({
  id: "MAAS6-DHC-06",
  name: "PrimaryAndSecondaryRackDiffer",
  level: "error",
  kind: "enforced",
  scope: "vlan_dhcp",
  info: "The primary and the secondary rack controller are two racks.",
  explanation: "MAAS refuses one rack in both places.",
  remediation: "Name another rack as secondary, or leave it out.",
  sources: [VLAN_FORM, LIVE],
  check: (dhcp, network) =>
    given(dhcp.secondary, "secondary_rack", dhcp.at, (secondary) => {
      if (secondary === null) return NOT_APPLICABLE;
      return given(dhcp.primary, "primary_rack", dhcp.at, (primary) =>
        requireThat(primary !== secondary, () => {
          const rack = network.tryFind("rack_controller", primary);
          return {
            what: `${rack === undefined ? "one rack" : nameOf(rack)} is both the primary and the secondary rack controller`,
            fix: "Name another rack as secondary, or leave it out.",
            attribute: "secondary_rack_controller",
          };
        }),
      );
    }),
});
