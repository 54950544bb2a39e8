import { type Construct, type TerraformMetaArguments } from "../cdk";
import { checkRangeInSubnet } from "../model/checks/ip-range";
import type { Diagnostic } from "../model/diagnostic";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import { literalCidr, literalRange } from "./declared-range";
import { MaasResource } from "./maas-resource";
import type { ISubnet } from "./subnet";

/** Properties of a `DynamicRange` or a `ReservedRange`. */
export interface IpRangeProps extends TerraformMetaArguments {
  /** The subnet that the range is of. */
  readonly subnet: ISubnet;
  /** First address. */
  readonly startIp: string;
  /** Last address, included. */
  readonly endIp: string;
  /**
   * Free text. MAAS can change it but not empty it.
   * @default - none
   */
  readonly comment?: string;
  /**
   * Take over a range with these ends if the subnet has one.
   * @default false
   */
  readonly adoptExisting?: boolean;
}

/** What is wrong with the place of a range on its subnet, where both are literals. */
export function checkPlace(subnet: ISubnet, { start_ip: start, end_ip: end }: Attributes): Diagnostic[] {
  const cidr = literalCidr(subnet);
  const range = literalRange(start, end);
  return cidr === undefined || range === undefined ? [] : checkRangeInSubnet(range, cidr);
}

/**
 * What MAAS's two types of range have in common.
 * @internal
 */
export abstract class IpRange extends MaasResource {
  /** The subnet that the range is of. */
  readonly subnet: ISubnet;

  constructor(scope: Construct, id: string, type: "dynamic" | "reserved", props: IpRangeProps) {
    const { subnet } = props;
    const given = { ...props, type, subnet: subnet.id };
    super(scope, id, KINDS.ip_range, given, {
      references: { subnet },
      check: (attributes) => checkPlace(subnet, attributes),
    });
    this.subnet = subnet;
  }

  get startIp(): string {
    return this.getStringAttribute("start_ip");
  }

  get endIp(): string {
    return this.getStringAttribute("end_ip");
  }

  get comment(): string {
    return this.getStringAttribute("comment");
  }
}
