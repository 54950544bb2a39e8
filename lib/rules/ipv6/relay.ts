import type { Network } from "../../model/network";
import type { NetworkVlan, NetworkVlanDhcp } from "../../model/network/objects";
import { all, defineRule, isMissing, not, requireThat, some, unknown, type Violation, when } from "../verdict";
import { isOn, isRelayed, poolProposal, vlanOf } from "./dhcp";
import { hasRange, isManaged, maas } from "./facts";

export const relayEndsAtServer = defineRule({
  id: "MAAS6-DHC-07",
  name: "RelayEndsAtServer",
  level: "error",
  kind: "silent",
  scope: "vlan_dhcp",
  info: "A VLAN is relayed to one on which racks serve DHCP.",
  explanation:
    "A relay passes requests on; where nobody serves the other VLAN, or that is relayed itself, they are never answered.",
  remediation: "Switch DHCP on on the VLAN that it is relayed to.",
  sources: [maas("forms/vlan.py _set_up_relay_vlan, dhcp.py get_dhcp_configuration")],
  check: (dhcp, network) =>
    when(all([not(isOn(dhcp)), isRelayed(dhcp)]), () => {
      const target = network.tryFind("vlan", dhcp.relayTo);
      if (target === undefined) return unknown(`the VLAN that ${dhcp.at.path} relays to`);
      const served = target.key === dhcp.vlan ? false : some(network.dhcpOf(target), isOn);
      return requireThat(served, () => ({
        ...relayProblem(dhcp, target, network),
        attribute: "relay_vlan",
        related: [target.at],
      }));
    }),
});

/** What is wrong with the VLAN that is relayed to, and what to relay to instead. */
function relayProblem(dhcp: NetworkVlanDhcp, target: NetworkVlan, network: Network): Pick<Violation, "what" | "fix"> {
  const at = dhcp.at.path;
  const to = target.at.path;
  if (target.key === dhcp.vlan) {
    const [other] = servingVlans(network);
    return {
      what: `${at} relays to the VLAN itself`,
      fix: `Relay to ${other === undefined ? "another VLAN, with DHCP" : other.at.path}, or give it a primary rack in place of the relay.`,
    };
  }
  const [relay] = network.dhcpOf(target).items.filter((other) => isRelayed(other) === true);
  const next = relay && network.tryFind("vlan", relay.relayTo);
  if (relay !== undefined) {
    const isUseful = next !== undefined && servingVlans(network).includes(next);
    return {
      what: `${at} relays to ${to}, where DHCP is not on: it is relayed itself`,
      fix: `Relay to ${isUseful ? next.at.path : "a VLAN with DHCP"} directly, or add a VlanDhcp with a primary rack to ${to} in place of its relay.`,
    };
  }
  return {
    what: `${at} relays to ${to}, where DHCP is not on`,
    fix: `Add a VlanDhcp with a primary rack to ${to}, or relay to a VLAN that has one.`,
  };
}

/** The VLANs that racks serve themselves. */
const servingVlans = (network: Network): NetworkVlan[] =>
  network.all("vlan_dhcp").flatMap((dhcp) => (isOn(dhcp) === true ? (network.tryFind("vlan", dhcp.vlan) ?? []) : []));

export const relayedVlanHasDynamicRange = defineRule({
  id: "MAAS6-DHC-08",
  name: "RelayedVlanHasDynamicRange",
  level: "error",
  kind: "silent",
  scope: "vlan_dhcp",
  info: "A VLAN that is relayed has a dynamic range on a managed subnet of its own.",
  explanation:
    "The racks that answer a relay give out addresses of the relayed VLAN's dynamic ranges; without one nobody there gets an address, and MAAS says nothing.",
  remediation: "Add a DynamicRange to a managed subnet of the relayed VLAN.",
  sources: [maas("dhcp.py make_subnet_config, make_pools_for_subnet")],
  check: (dhcp, network) =>
    when(all([not(isOn(dhcp)), isRelayed(dhcp)]), () => {
      const vlan = vlanOf(dhcp, network);
      if (isMissing(vlan)) return unknown(...vlan.missing);
      return requireThat(
        some(network.subnetsOf(vlan), (subnet) => all([isManaged(subnet), hasRange(subnet, network, "dynamic")])),
        () => ({
          what: `${vlan.at.path} is relayed, and no managed subnet of it has a dynamic range`,
          fix: poolProposal(vlan, network),
        }),
      );
    }),
});
