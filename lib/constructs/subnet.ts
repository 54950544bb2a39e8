import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import type { Family } from "../model/address";
import { Cidr } from "../model/cidr";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import { fault, type Problem } from "../model/problem";
import { SubnetBase, type SubnetProps } from "./generated/subnet";
import { type ElementOptions, MaasDataSource } from "./internal/elements";

export { type SubnetProps } from "./generated/subnet";

/** An IPv4 or IPv6 subnet, managed or looked up. */
export interface ISubnet extends IConstruct {
  /** Terraform's id of the subnet. */
  readonly id: string;
  /** The network in CIDR form. */
  readonly cidr: string;
}

/** A network of the other family, with the class that takes it. */
function checkFamily(family: Family, { cidr: text }: Attributes, instead: (cidr: string) => string): Problem[] {
  const cidr = typeof text === "string" ? Cidr.tryParse(text) : undefined;
  if (cidr === undefined || cidr.family === family) return [];
  return [
    fault("MAAS-CON-04", "cidr", {
      what: `${cidr.toString()} is an IPv${cidr.family} network`,
      why: `This is the construct of IPv${family} subnets.`,
      fix: `Write ${instead(cidr.toString())}.`,
    }),
  ];
}

/** What a subnet to be made says and checks by its family. */
const made = (family: Family): ElementOptions => ({
  stated: { family },
  check: (attributes) =>
    checkFamily(family, attributes, (cidr) => `new Ipv${10 - family}Subnet(…, { cidr: "${cidr}" })`),
});

/** An IPv4 subnet on a VLAN. */
export class Ipv4Subnet extends SubnetBase implements ISubnet {
  /** Looks up an IPv4 subnet that this stack does not manage, by its CIDR, such as `10.20.0.0/24`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 4, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, props, made(4));
  }
}

/** An IPv6 subnet on a VLAN. Routers announce themselves: MAAS sends no router advertisements, and DHCPv6 carries no route. */
export class Ipv6Subnet extends SubnetBase implements ISubnet {
  /** Looks up an IPv6 subnet that this stack does not manage, by its CIDR, such as `2001:db8:20::/64`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 6, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, props, made(6));
  }
}

/** A subnet that is looked up by its CIDR. */
class ExistingSubnet extends MaasDataSource implements ISubnet {
  constructor(scope: Construct, id: string, family: Family, cidr: string, options?: TerraformMetaArguments) {
    const instead = (text: string) => `Ipv${10 - family}Subnet.fromCidr(…, "${text}")`;
    super(scope, id, KINDS.subnet, { cidr }, options, { check: (key) => checkFamily(family, key, instead) });
  }

  get cidr(): string {
    return this.getStringAttribute("cidr");
  }
}
