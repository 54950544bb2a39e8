import { type Construct, type TerraformMetaArguments } from "../cdk";
import { ExistingSubnet, type ISubnet, Subnet, type SubnetProps } from "./subnet";

/** An IPv6 subnet on a VLAN. Routers announce themselves: MAAS sends no router advertisements, and DHCPv6 carries no route. */
export class Ipv6Subnet extends Subnet {
  /** Looks up an IPv6 subnet that this stack does not manage, by its CIDR, such as `2001:db8:20::/64`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 6, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, 6, props);
  }
}
