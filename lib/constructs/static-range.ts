import { Construct, TerraformStack, TerraformDataSource } from "../cdk";
import { checkObject } from "../model/checks/object";
import { KINDS } from "../model/kinds";
import { isKnown, type Value } from "../model/known";
import { attr, fault, type Problem, text } from "../model/problem";
import { refuse } from "./construct-error";
import { objectOf } from "./internal/declared-object";
import { checkPlace, literalCidr, StaticRangeResources } from "./internal/static-ranges";
import { registerFacts } from "./internal/facts";
import { argumentsOf, attributesOf } from "./internal/properties";
import { StackChecks } from "./internal/stack-checks";
import type { ISubnet } from "./subnet";

/** Properties of a {@link StaticRange}. All must be literals: the ranges around it are worked out at synth. */
export interface StaticRangeProps {
  /** The subnet, in the same stack and with a literal CIDR. */
  readonly subnet: ISubnet;
  /** First address. */
  readonly startIp: string;
  /** Last address, included. */
  readonly endIp: string;
  /**
   * Take over the reserved ranges that it comes to where the subnet has them, as after a lost state. With several static ranges on
   * a subnet, all must say so.
   * @default false: MAAS refuses a second range with the same addresses
   */
  readonly adoptExisting?: boolean;
}

function unknown(attribute: string, value: Value | undefined): Problem[] {
  if (value === undefined || isKnown(value)) return [];
  return [
    fault("MAAS-CON-03", attribute, {
      what: text`${attr(attribute)} of a static range is not known at synth`,
      why: "MAAS has no static range: the reserved ranges around it are worked out at synth.",
      fix: "Write the address as text, such as 2001:db8:20:0:1::.",
    }),
  ];
}

function checkSubnet(range: StaticRange, subnet: ISubnet): Problem[] {
  if (TerraformStack.of(subnet) !== TerraformStack.of(range)) {
    return [
      fault("MAAS-CON-06", "subnet", {
        what: `the subnet ${subnet.node.path} is in another stack`,
        why: "The ranges around a static range belong to its subnet.",
        fix: "Make the static range in the subnet's stack.",
      }),
    ];
  }
  if (literalCidr(subnet) === undefined) {
    return [
      fault("MAAS-CON-03", "subnet", {
        what: `the CIDR of ${subnet.node.path} is not known at synth`,
        why: "The reserved ranges around a static range are worked out at synth.",
        fix: 'Give the subnet\'s cidr as text, such as "2001:db8:20::/64".',
      }),
    ];
  }
  // Of a subnet that is looked up, only Terraform can tell, at plan.
  if (TerraformDataSource.isTerraformDataSource(subnet)) return [];
  return unknown("managed", objectOf(subnet)?.attributes.managed);
}

/**
 * The addresses of a subnet that deployed machines get: what the MAAS manual calls the reserved static range.
 *
 * MAAS has no object for it. On a managed subnet it is made of `reserved` ranges over all else that no other range
 * takes; on one with `managed: false`, of one `reserved` range over itself. A subnet may have several.
 */
export class StaticRange extends Construct {
  /** Terraform's type of the ranges that it is made of, which CDKTF's matchers go by. */
  static readonly tfResourceType = "maas_subnet_ip_range";

  /** The subnet that the range is of. */
  readonly subnet: ISubnet;
  /** First address. */
  readonly startIp: string;
  /** Last address, included. */
  readonly endIp: string;

  constructor(scope: Construct, id: string, props: StaticRangeProps) {
    super(scope, id);
    const { subnet } = props;
    const { given, references, problems } = argumentsOf(KINDS.ip_range, props, { type: "reserved" });
    refuse(this, KINDS.ip_range, problems, "static range");
    const attributes = attributesOf(KINDS.ip_range.fields, given);
    const faults = [
      ...checkObject(KINDS.ip_range, attributes),
      ...unknown("start_ip", attributes.start_ip),
      ...unknown("end_ip", attributes.end_ip),
      ...checkSubnet(this, subnet),
      ...checkPlace(subnet, attributes),
    ];
    refuse(this, KINDS.ip_range, faults, "static range");

    this.subnet = subnet;
    this.startIp = props.startIp;
    this.endIp = props.endIp;
    registerFacts(this, {
      kind: KINDS.ip_range,
      given,
      attributes: { ...attributes, type: "static" },
      references,
      existing: props.adoptExisting === true,
    });
    StaticRangeResources.installFor(subnet);
    StackChecks.installFor(this);
  }
}
