import { type Construct, type TerraformMetaArguments } from "../cdk";
import { ExistingSubnet, type ISubnet, Subnet, type SubnetProps } from "./subnet";

/** An IPv4 subnet on a VLAN. */
export class Ipv4Subnet extends Subnet {
  /** Looks up an IPv4 subnet that this stack does not manage, by its CIDR, such as `10.20.0.0/24`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 4, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, 4, props);
  }
}
