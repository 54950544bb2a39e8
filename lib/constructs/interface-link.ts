import { type Construct, type IResolvable, type TerraformMetaArguments } from "../cdk";
import { checkAddressInSubnet } from "../model/checks/interface-link";
import { KINDS } from "../model/kinds";
import { literalCidr } from "./declared-range";
import type { LinkMode } from "./link-mode";
import { MaasResource } from "./maas-resource";
import type { NodeInterface } from "./node-interface";
import type { ISubnet } from "./subnet";

/** Properties of an {@link InterfaceLink}. */
export interface InterfaceLinkProps extends TerraformMetaArguments {
  /** The interface of the machine. */
  readonly networkInterface: NodeInterface;
  /** The subnet, on the interface's VLAN. */
  readonly subnet: ISubnet;
  /**
   * How the interface gets its address.
   * @default LinkMode.AUTO
   */
  readonly mode?: LinkMode;
  /**
   * Address of the machine on the subnet; only for `LinkMode.STATIC`.
   * @default - MAAS chooses
   */
  readonly ipAddress?: string;
  /**
   * Whether the subnet's gateway is the machine's default gateway of its family, of which a machine has one each.
   * @default false
   */
  readonly defaultGateway?: boolean;
  /**
   * Take over a link of that mode to that subnet if the interface has one, such as the one that commissioning made.
   * @default false
   */
  readonly adoptExisting?: boolean;
}

/**
 * A link of a machine's interface to a subnet. An interface has any number, such as one to an IPv4 and one to an IPv6
 * subnet, and making or removing one leaves the others alone.
 */
export class InterfaceLink extends MaasResource {
  /** The interface of the machine. */
  readonly networkInterface: NodeInterface;
  /** The subnet. */
  readonly subnet: ISubnet;

  /** @throws ConstructError when MAAS would refuse the literals among the properties. */
  constructor(scope: Construct, id: string, props: InterfaceLinkProps) {
    const { networkInterface, subnet } = props;
    const { machine } = networkInterface;
    const cidr = literalCidr(subnet);
    const given = {
      ...props,
      machine: machine.systemId,
      networkInterface: networkInterface.name,
      subnet: subnet.id,
    };
    super(scope, id, KINDS.network_interface_link, given, {
      references: { machine, network_interface: networkInterface, subnet },
      check: ({ ip_address }) => (cidr === undefined ? [] : checkAddressInSubnet(ip_address, cidr)),
    });
    this.networkInterface = networkInterface;
    this.subnet = subnet;
  }

  get mode(): string {
    return this.getStringAttribute("mode");
  }

  /** Address of the machine on the subnet. With `LinkMode.AUTO` there is none before the machine is deployed. */
  get ipAddress(): string {
    return this.getStringAttribute("ip_address");
  }

  get defaultGateway(): IResolvable {
    return this.getBooleanAttribute("default_gateway");
  }
}
