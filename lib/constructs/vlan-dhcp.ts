import { type Construct, type IConstruct, Lazy } from "../cdk";
import { checkObject } from "../model/checks/object";
import type { Problem } from "../model/problem";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import { VlanDhcpBase, type VlanDhcpProps } from "./generated/vlan-dhcp";
import { factsOf, referrersOf } from "./internal/facts";
import { identityOf } from "./internal/natural-key";
import { checkReference } from "./internal/properties";
import type { DynamicRange } from "./ip-range";
import type { IRack } from "./rack";
import type { IVlan } from "./vlan";

export { type VlanDhcpProps } from "./generated/vlan-dhcp";

const isDynamicRange = (construct: IConstruct): construct is DynamicRange =>
  factsOf(construct)?.attributes.type === "dynamic";

/** The dynamic ranges on subnets of a VLAN, by the copy of this package that made them or another. */
function dynamicRangesOn(vlan: IVlan): DynamicRange[] {
  return referrersOf(vlan)
    .flatMap((subnet) => referrersOf(subnet))
    .filter(isDynamicRange);
}

/**
 * What is wrong between the racks and the relay. Their ids are tokens, but that they are given is known at synth, and
 * often that two of them are one rack.
 */
function checkServers(attributes: Attributes, { primary, secondary, relayTo }: VlanDhcpProps): Problem[] {
  if (primary === undefined && relayTo === undefined) return [];
  const named = (construct: IConstruct | undefined) => (construct === undefined ? null : identityOf(construct));
  const rackOf = (rack: IRack | undefined) => rack && (factsOf(rack)?.references.rack_controller ?? rack);
  return checkObject(KINDS.vlan_dhcp, {
    ...attributes,
    primary_rack_controller: named(rackOf(primary)),
    secondary_rack_controller: named(rackOf(secondary)),
    relay_vlan: named(relayTo),
  });
}

/**
 * DHCP on a VLAN, of both address families, served by one or two rack controllers or relayed to another VLAN: either
 * `primary` is given, or `relayTo`. An object of its own, because MAAS refuses DHCP before the VLAN has a dynamic range;
 * destroyed first, for the same reason.
 */
export class VlanDhcp extends VlanDhcpBase {
  constructor(scope: Construct, id: string, props: VlanDhcpProps) {
    const { vlan, relayTo, ranges = [] } = props;
    const produce = () =>
      [...new Set([...ranges, ...(relayTo === undefined ? dynamicRangesOn(vlan) : [])])].map((range) => range.id);
    super(scope, id, props, {
      implied: () => ({ ip_ranges: Lazy.listValue({ produce }, { omitEmpty: true }) }),
      check: (attributes) => [
        ...ranges.flatMap((range) => checkReference("ranges", range, KINDS.ip_range)),
        ...checkServers(attributes, props),
      ],
    });
  }
}
