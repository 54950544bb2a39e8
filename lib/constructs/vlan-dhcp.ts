import { type Construct, type IConstruct, type IResolvable, Lazy, type TerraformMetaArguments } from "../cdk";
import { checkObject } from "../model/checks/object";
import type { Diagnostic } from "../model/diagnostic";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import { declaredBy, referrersOf } from "./declared";
import { identityOf } from "./natural-key";
import { DynamicRange } from "./dynamic-range";
import { MaasResource } from "./maas-resource";
import type { IRack } from "./rack-controller";
import type { IVlan } from "./vlan";

/** Properties of a {@link VlanDhcp}: either `primary`, or `relayTo`. */
export interface VlanDhcpProps extends TerraformMetaArguments {
  /** The VLAN to serve. */
  readonly vlan: IVlan;
  /**
   * The rack controller that serves DHCP. Give its `RackInterface` on the VLAN rather than the rack itself: DHCP is then
   * switched on after the interface is in place.
   * @default - none: the VLAN is relayed
   */
  readonly primary?: IRack;
  /**
   * A second rack controller for high availability.
   * @default - none
   */
  readonly secondary?: IRack;
  /**
   * The VLAN whose DHCP server requests are relayed to.
   * @default - none: rack controllers serve the VLAN
   */
  readonly relayTo?: IVlan;
  /**
   * Dynamic ranges that must exist before DHCP is switched on and outlive it. Those that this app makes on subnets of
   * the VLAN always count; more are needed only where the VLAN and the subnets are looked up apart.
   * @default - the VLAN's own
   */
  readonly ranges?: DynamicRange[];
  /**
   * Take over DHCP or a relay that the VLAN has already; on destroy it gets back what it had. Else that is an error, also
   * where it is as asked for: it may be somebody else's.
   * @default false
   */
  readonly adoptExisting?: boolean;
}

function dynamicRangesOn(vlan: IVlan): DynamicRange[] {
  return referrersOf(vlan)
    .flatMap((subnet) => referrersOf(subnet))
    .filter((construct) => construct instanceof DynamicRange);
}

/**
 * What is wrong between the racks and the relay. Their ids are tokens, but that they are given is known at synth, and
 * often that two of them are one rack.
 */
function checkServers(attributes: Attributes, { primary, secondary, relayTo }: VlanDhcpProps): Diagnostic[] {
  if (primary === undefined && relayTo === undefined) return [];
  const named = (construct: IConstruct | undefined) => (construct === undefined ? null : identityOf(construct));
  const rackOf = (rack: IRack | undefined) => rack && (declaredBy(rack)?.references.rack_controller ?? rack);
  return checkObject(KINDS.vlan_dhcp, {
    ...attributes,
    primary_rack_controller: named(rackOf(primary)),
    secondary_rack_controller: named(rackOf(secondary)),
    relay_vlan: named(relayTo),
  });
}

/**
 * DHCP on a VLAN, of both address families, served by one or two rack controllers or relayed to another VLAN. An object
 * of its own, because MAAS refuses DHCP before the VLAN has a dynamic range; destroyed first, for the same reason.
 */
export class VlanDhcp extends MaasResource {
  /** The VLAN that is served. */
  readonly vlan: IVlan;

  constructor(scope: Construct, id: string, props: VlanDhcpProps) {
    const { vlan, primary, secondary, relayTo, ranges = [] } = props;
    const ids = () =>
      [...new Set([...ranges, ...(relayTo === undefined ? dynamicRangesOn(vlan) : [])])].map((range) => range.id);
    const given = {
      ...props,
      vlan: vlan.id,
      primary: primary?.systemId,
      secondary: secondary?.systemId,
      relayTo: relayTo?.id,
      ranges: Lazy.listValue({ produce: ids }, { omitEmpty: true }),
    };
    super(scope, id, KINDS.vlan_dhcp, given, {
      references: { vlan, primary_rack_controller: primary, secondary_rack_controller: secondary, relay_vlan: relayTo },
      check: (attributes) => checkServers(attributes, props),
    });
    this.vlan = vlan;
  }

  /** Whether MAAS serves DHCP on the VLAN: true unless it is relayed. */
  get dhcpOn(): IResolvable {
    return this.getBooleanAttribute("dhcp_on");
  }
}
