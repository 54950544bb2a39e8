import { AddressRange } from "../../model/address-range";
import { isKnown } from "../../model/known";
import { inNaturalOrder } from "../../model/lists";
import type { Network } from "../../model/network";
import type { NetworkRackInterface, NetworkSubnet, NetworkVlan } from "../../model/network/objects";
import {
  all,
  type Answer,
  any,
  ask,
  COMPLIANT,
  defineRule,
  given,
  isMissing,
  NOT_APPLICABLE,
  requireThat,
  some,
  unknown,
  type Verdict,
  violations,
  when,
} from "../verdict";
import {
  hasManagedIpv4Pool,
  hasManagedIpv4Subnet,
  ipv6SubnetsOf,
  isIpv4,
  isIpv6InUse,
  isIpv6Link,
  isManaged,
  isServed,
  linkedIpv6,
  maas,
  manages,
  managingInterfaces,
  MANUAL,
  perVlan,
  servedThrough,
  serverOf,
  servingVlan,
  someLink,
  titleOf,
  vlanOf,
} from "./facts";
import { staticRangesFix } from "./static-range";
import { proposeNetwork, proposePool, proposeRackAddress } from "./suggestion";

/** The verdict on an IPv6 subnet that MAAS gives out addresses of, with its VLAN. */
function onVlan(subnet: NetworkSubnet, network: Network, check: (vlan: NetworkVlan) => Verdict): Verdict {
  return when(isIpv6InUse(subnet, network), () => {
    const vlan = vlanOf(subnet, network);
    return isMissing(vlan) ? unknown(...vlan.missing) : check(vlan);
  });
}

export const ipv6HasManagedIpv4 = defineRule({
  id: "MAAS6-DUA-01",
  name: "Ipv6VlanHasManagedIpv4Subnet",
  level: "error",
  kind: "documented",
  scope: "subnet",
  info: "A VLAN with an IPv6 subnet has a managed IPv4 subnet too. An unmanaged IPv6 subnet without reserved ranges doesn't count: MAAS gives out none of its addresses.",
  explanation: "MAAS uses IPv4 for its own work: it adds and deploys machines over it.",
  remediation: "Add an Ipv4Subnet to the VLAN.",
  sources: [MANUAL],
  check: (subnet, network) =>
    onVlan(subnet, network, (vlan) =>
      requireThat(hasManagedIpv4Subnet(vlan, network), () => ({
        what: `${titleOf(subnet)} is on ${vlan.at.path}, which has no managed IPv4 subnet`,
        fix: ipv4Fix(vlan, network),
        related: [vlan.at],
      })),
    ),
});

/** How the VLAN gets a managed IPv4 subnet: where it has an unmanaged one, that is the one to manage. */
const ipv4Fix = perVlan((vlan: NetworkVlan, network: Network): string => {
  const unmanaged = network.subnetsOf(vlan).items.find((one) => isIpv4(one) === true && isManaged(one) === false);
  const added = `dd an Ipv4Subnet to ${vlan.at.path}, such as ${proposeNetwork(4, network).toString()}.`;
  return unmanaged === undefined ? `A${added}` : `Set managed to true on ${titleOf(unmanaged)}; or a${added}`;
});

/** Where on the VLAN a dynamic IPv4 range could be. */
const poolFix = perVlan((vlan: NetworkVlan, network: Network): string => {
  const subnets = network.subnetsOf(vlan).items.filter((subnet) => all([isIpv4(subnet), isManaged(subnet)]) === true);
  for (const subnet of subnets) {
    const pool = proposePool(subnet, network);
    if (pool !== undefined) return `add a DynamicRange to ${titleOf(subnet)}, such as ${endsOf(pool)}`;
  }
  const block = proposeNetwork(4, network);
  const pool = new AddressRange(block.nth(100), block.nth(199));
  return `add a DynamicRange to an Ipv4Subnet of ${vlan.at.path}: a new one such as ${block.toString()}, with ${endsOf(pool)}`;
});

const endsOf = ({ start, end }: AddressRange): string => `${start.toString()} to ${end.toString()}`;

/** What IPv4 DHCP on the VLAN consists of, with what to do where it lacks. */
function dhcpParts(vlan: NetworkVlan, network: Network): { holds: Answer; lack: string; fix: string }[] {
  const server = serverOf(vlan, network);
  const at = vlan.at.path;
  const parts = [
    {
      holds: isServed(vlan, network),
      lack: "DHCP is neither on nor relayed to a VLAN where it is",
      fix: `add a VlanDhcp to ${at} with a rack's interface there as primary, or with relayTo`,
    },
    {
      holds: hasManagedIpv4Pool(vlan, network),
      lack: "no managed IPv4 subnet has a dynamic range",
      fix: poolFix(vlan, network),
    },
  ];
  if (server === undefined || isMissing(server)) return parts;
  const primary = ask(server.primary, "primary_rack", server.at, (key) => key !== null);
  const [candidate] = network.interfacesOn(servingVlan(vlan, network)).items;
  const rack = candidate === undefined ? ": a RackInterface on the VLAN" : `, such as ${candidate.at.path}`;
  const fix = `give ${server.at.path} a primary rack controller${rack}`;
  return [...parts, { holds: primary, lack: "DHCP has no primary rack controller", fix }];
}

export const ipv6HasIpv4Dhcp = defineRule({
  id: "MAAS6-DUA-02",
  name: "Ipv6VlanHasIpv4Dhcp",
  level: "error",
  kind: "documented",
  scope: "subnet",
  info: "On a VLAN with an IPv6 subnet MAAS manages IPv4 DHCP: on, or relayed to a VLAN where it is, with a primary rack controller and a dynamic IPv4 range.",
  explanation: "IPv6 is only supported on networks where MAAS also manages IPv4 DHCP.",
  remediation: "Add an Ipv4Subnet with a DynamicRange, and a VlanDhcp with a primary rack or a relay, to the VLAN.",
  sources: [MANUAL],
  check: (subnet, network) =>
    onVlan(subnet, network, (vlan) => {
      const parts = dhcpParts(vlan, network);
      const lacking = parts.filter(({ holds }) => holds === false);
      return requireThat(all(parts.map(({ holds }) => holds)), () => {
        const fixes = `${lacking.map(({ fix }) => fix).join("; ")}${parts[0]?.holds === false ? staticRangesFix(vlan, network) : ""}`;
        return {
          what: `MAAS does not manage IPv4 DHCP on ${vlan.at.path}, the VLAN of ${titleOf(subnet)}: ${lacking.map(({ lack }) => lack).join("; ")}`,
          fix: `${fixes.charAt(0).toUpperCase()}${fixes.slice(1)}.`,
          related: [vlan.at],
        };
      });
    }),
});

const listed = (subnets: readonly NetworkSubnet[]): string =>
  inNaturalOrder(
    subnets.map(({ block, at }) => (isKnown(block) ? block.toString() : at.path)),
    (text) => text,
  ).join(", ");

export const machineInterfaceHasOneIpv6Subnet = defineRule({
  id: "MAAS6-DUA-03",
  name: "MachineInterfaceHasOneIpv6Subnet",
  level: "error",
  kind: "documented",
  scope: "machine_interface",
  info: "A machine's interface is on one IPv6 subnet at most.",
  explanation:
    "A node's network interface can be on only a single IPv6 subnet. MAAS accepts more, but gives only the first address a fixed DHCPv6 entry, and one default route.",
  remediation: "Unlink all but one IPv6 subnet from the interface.",
  sources: [MANUAL, maas("dhcp.py make_hosts_for_subnets")],
  check: ({ links, at, machine, name }, network) =>
    given(links, "links", at, (known) => {
      const subnets = linkedIpv6(known, network);
      const [kept, ...others] = subnets;
      if (kept !== undefined && others.length > 0) {
        return violations([
          {
            what: `${isKnown(name) ? name : at.path} of ${machine} is on ${subnets.length} IPv6 subnets: ${listed(subnets)}`,
            fix: `Unlink ${listed(others)} from it, or put it on another interface.`,
            related: subnets.map((subnet) => subnet.at),
          },
        ]);
      }
      const isOpen = known.some(({ subnet }) => !isKnown(subnet));
      if (isOpen) return unknown(`subnets of ${at.path}`);
      return kept === undefined ? NOT_APPLICABLE : COMPLIANT;
    }),
});

export const rackInterfaceManagesOneIpv6Subnet = defineRule({
  id: "MAAS6-DUA-04",
  name: "RackInterfaceManagesOneIpv6Subnet",
  level: "error",
  kind: "documented",
  scope: "rack_interface",
  info: "An interface of a rack controller manages one IPv6 subnet at most.",
  explanation: "A rack controller's network interface can only manage a single IPv6 subnet.",
  remediation: "Use a second interface of the rack, or another VLAN, for the second IPv6 subnet.",
  sources: [MANUAL],
  check: (item, network) =>
    given(item.vlan, "vlan", item.at, (key) => {
      if (key === null) return NOT_APPLICABLE;
      const vlan = network.tryFind("vlan", key);
      if (vlan === undefined) return unknown(`VLAN of ${item.at.path}`);
      return when(manages(item, vlan, network), () => {
        const subnets = servedThrough(item, vlan, network);
        if (isMissing(subnets)) return unknown(...subnets.missing);
        if (subnets.length === 0) return NOT_APPLICABLE;
        return requireThat(subnets.length === 1, () => ({
          what: `${item.at.path} manages ${subnets.length} IPv6 subnets: ${listed(subnets)}`,
          fix: `Move all but one of them to another VLAN with an interface of its own, such as ${listed(subnets.slice(1))}.`,
          related: subnets.map((subnet) => subnet.at),
        }));
      });
    }),
});

/** Whether the interface has an address on the subnet; through a relay, any IPv6 address will do. */
function reaches(item: NetworkRackInterface, subnet: NetworkSubnet, isRelayed: boolean, network: Network): Answer {
  return someLink(item, (link) =>
    isRelayed ? isIpv6Link(link, network, item) : ask(link.subnet, "subnets", item.at, (key) => key === subnet.key),
  );
}

/** Whether racks serve the VLAN, or an interface of one is there to do so. */
function isToBeServed(vlan: NetworkVlan, network: Network): Answer {
  const served = isServed(vlan, network);
  return served === true ? true : any([served, some(managingInterfaces(vlan, network), () => true)]);
}

export const ipv6SubnetIsReachedByRack = defineRule({
  id: "MAAS6-DUA-05",
  name: "Ipv6SubnetIsReachedByRack",
  level: "error",
  kind: "documented",
  scope: "subnet",
  info: "A managed IPv6 subnet on a VLAN with DHCP is reached by a rack interface, which has an address on it.",
  explanation:
    "IPv6 is switched on like IPv4: a rack controller's interface is configured for the IPv6 subnet, in addition to the one for IPv4. It may be the same network interface.",
  remediation:
    "Put a RackInterface on the VLAN, and give it an address of the IPv6 subnet in the rack's own network configuration.",
  sources: [MANUAL],
  check: (subnet, network) =>
    onVlan(subnet, network, (vlan) =>
      when(all([isManaged(subnet), isToBeServed(vlan, network)]), () => {
        const isRelayed = servingVlan(vlan, network) !== vlan;
        const interfaces = managingInterfaces(vlan, network);
        return requireThat(
          some(interfaces, (item) => reaches(item, subnet, isRelayed, network)),
          () => {
            const free = proposeRackAddress(subnet, network);
            const address =
              free !== undefined && isKnown(subnet.block)
                ? `an address such as ${free.toString()}/${subnet.block.prefixLength}`
                : "an address of it";
            const [candidate] = interfaces.items;
            return {
              what: `no rack interface reaches ${titleOf(subnet)} on ${vlan.at.path}`,
              fix:
                candidate === undefined
                  ? `Put a RackInterface on ${servingVlan(vlan, network).at.path}, with ${address} in the rack's netplan${staticRangesFix(servingVlan(vlan, network), network)}.`
                  : `Configure ${address} on ${candidate.at.path}, in the rack's netplan.`,
              related: [vlan.at],
            };
          },
        );
      }),
    ),
});

export const vlanHasOneIpv6Subnet = defineRule({
  id: "MAAS6-DUA-06",
  name: "VlanHasOneIpv6Subnet",
  level: "warning",
  kind: "documented",
  scope: "vlan",
  info: "A VLAN of machines has one IPv6 subnet.",
  explanation:
    "Each interface on the VLAN is on both subnets' segment, but a node's network interface can be on only a single IPv6 subnet.",
  remediation: "Put the second IPv6 subnet on a VLAN of its own.",
  sources: [MANUAL],
  check: (vlan, network) => {
    const { items, missing: rest } = ipv6SubnetsOf(vlan, network);
    if (items.length > 1) {
      return violations([
        {
          what: `${vlan.at.path} has ${items.length} IPv6 subnets: ${listed(items)}`,
          fix: `Put all but one of them on VLANs of their own, such as ${listed(items.slice(1))}.`,
          related: items.map(({ at }) => at),
        },
      ]);
    }
    if (rest !== undefined) return unknown(rest);
    return items.length === 0 ? NOT_APPLICABLE : COMPLIANT;
  },
});
