import { Construct, type TerraformProvider } from "../cdk";
import type { Family } from "../model/address";
import { KINDS } from "../model/kinds";
import { fault, type Problem } from "../model/problem";
import { refuseConstruct, withdrawn } from "./construct-error";
import type { IVlan } from "./fabric";
import { BondInterface } from "./generated/bond-interface";
import { VlanInterface } from "./generated/vlan-interface";
import { checkReference } from "./internal/properties";
import { literalCidr } from "./internal/static-ranges";
import { type INetworkInterface, InterfaceLink, LinkMode, type Machine } from "./machine";
import type { ISubnet } from "./subnet";

/** Properties of a {@link DualStackBond}. */
export interface DualStackBondProps {
  /** The machine. */
  readonly machine: Machine;
  /** The physical interfaces that the bond is made over, such as `new NodeInterface(this, "eth0", { machine, name: "eth0" })`. */
  readonly parents: INetworkInterface[];
  /**
   * Name of the bond, at most 15 characters.
   * @default bond0
   */
  readonly name?: string;
  /**
   * How the bond uses its parents: `active-backup`, `802.3ad` …, as `bondMode` of a `BondInterface`. The default asks
   * nothing of the switch.
   * @default active-backup
   */
  readonly bondMode?: string;
  /**
   * The VLAN that the bond and its parents are on, untagged.
   * @default - left as it is
   */
  readonly untaggedVlan?: IVlan;
  /**
   * The tagged VLAN of the subnets: a VLAN interface is made for it over the bond.
   * @default - none: the subnets are on the untagged VLAN, and linked to the bond itself
   */
  readonly vlan?: IVlan;
  /** The IPv4 subnet, on that VLAN. */
  readonly ipv4Subnet: ISubnet;
  /** The IPv6 subnet, on the same VLAN. */
  readonly ipv6Subnet: ISubnet;
  /**
   * The machine's IPv4 address.
   * @default - MAAS assigns one when the machine is deployed
   */
  readonly ipv4Address?: string;
  /**
   * The machine's IPv6 address.
   * @default - MAAS assigns one when the machine is deployed
   */
  readonly ipv6Address?: string;
  /**
   * Whether the gateways of the subnets are the machine's default gateways, of both families.
   * @default false
   */
  readonly defaultGateways?: boolean;
  /**
   * MTU of the bond and of the VLAN interface over it.
   * @default - that of their VLANs
   */
  readonly mtu?: number;
  /**
   * Whether the interface with the addresses accepts router advertisements. It has an address and a route without.
   * @default - the operating system decides
   */
  readonly acceptRa?: boolean;
  /**
   * The provider configuration of all objects, for stacks that talk to several regions.
   * @default - the stack's default
   */
  readonly provider?: TerraformProvider;
}

/** Whether the subnet is one, and of that family as far as it is known. */
function checkSubnet(property: string, subnet: ISubnet, family: Family): Problem[] {
  const wrong = checkReference(property, subnet, KINDS.subnet);
  if (wrong.length > 0) return wrong;
  const cidr = literalCidr(subnet);
  if (cidr === undefined || cidr.family === family) return [];
  return [
    fault("MAAS-CON-05", property, {
      what: `${cidr.toString()} is no IPv${family} network`,
      why: "The bond gets one link of each address family.",
      fix: `Give it as ipv${cidr.family}Subnet, and an IPv${family} subnet of the same VLAN here.`,
    }),
  ];
}

/** What must hold before any part is made; the parts check themselves. */
function checkProps({ machine, parents, ipv4Subnet, ipv6Subnet }: DualStackBondProps): Problem[] {
  const problems = [
    ...checkReference("machine", machine, KINDS.machine),
    ...checkSubnet("ipv4Subnet", ipv4Subnet, 4),
    ...checkSubnet("ipv6Subnet", ipv6Subnet, 6),
  ];
  if (Array.isArray(parents) && parents.length > 0) return problems;
  const words = { what: "the bond has no parents", why: "MAAS makes a bond over one or more physical interfaces." };
  const example = 'new NodeInterface(this, "eth0", { machine, name: "eth0" })';
  return [...problems, fault("MAAS-CON-05", "parents", { ...words, fix: `Give parents: [${example}, …].` })];
}

/**
 * A machine on a network with IPv4 and IPv6 over a bond: the bond of its physical interfaces, where the network is tagged a
 * VLAN interface over it, and a link of each address family on that. MAAS removes the links of the parents and puts them on
 * the bond's VLAN. Each part is a property, to refer to and to add to.
 */
export class DualStackBond extends Construct {
  /** The bond over the physical interfaces. */
  readonly bond: BondInterface;
  /** Undefined where the network is untagged. */
  readonly vlanInterface?: VlanInterface;
  /** The interface that has the addresses: the VLAN interface, else the bond. */
  readonly networkInterface: INetworkInterface;
  /** The link to the IPv4 subnet. */
  readonly ipv4Link: InterfaceLink;
  /** The link to the IPv6 subnet. */
  readonly ipv6Link: InterfaceLink;

  /** @throws ConstructError when MAAS would refuse the literals among the properties. */
  constructor(scope: Construct, id: string, props: DualStackBondProps) {
    super(scope, id);
    refuseConstruct(this, "dual-stack bond", () => checkProps(props));
    const { machine, vlan, mtu, acceptRa, provider, parents } = props;
    const accepting = acceptRa !== undefined && { acceptRa };
    const common = { machine, provider, ...(mtu !== undefined && { mtu }) };
    try {
      this.bond = new BondInterface(this, "bond", {
        ...common,
        ...{ name: props.name ?? "bond0", parents, bondMode: props.bondMode ?? "active-backup" },
        ...(props.untaggedVlan !== undefined && { vlan: props.untaggedVlan }),
        ...(vlan === undefined && accepting),
      });
      if (vlan !== undefined)
        this.vlanInterface = new VlanInterface(this, "vlan", { ...common, parent: this.bond, vlan, ...accepting });
      this.networkInterface = this.vlanInterface ?? this.bond;
      this.ipv4Link = this.#link("v4", props, props.ipv4Subnet, props.ipv4Address);
      this.ipv6Link = this.#link("v6", props, props.ipv6Subnet, props.ipv6Address);
    } catch (error) {
      throw withdrawn(this, error);
    }
  }

  #link(
    id: string,
    { defaultGateways, provider }: DualStackBondProps,
    subnet: ISubnet,
    address?: string,
  ): InterfaceLink {
    return new InterfaceLink(this, id, {
      ...{ networkInterface: this.networkInterface, subnet, provider },
      ...(address === undefined ? { mode: LinkMode.AUTO } : { mode: LinkMode.STATIC, ipAddress: address }),
      ...(defaultGateways !== undefined && { defaultGateway: defaultGateways }),
    });
  }
}
