import { type Construct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { MaasResource } from "./maas-resource";
import type { IRack, RackController } from "./rack-controller";
import type { IVlan } from "./vlan";

/** Properties of a {@link RackInterface}. */
export interface RackInterfaceProps extends TerraformMetaArguments {
  /** The rack controller. */
  readonly rack: RackController;
  /** Name of the interface on the rack, such as `eth1`. */
  readonly name: string;
  /** The VLAN that the interface is on. The rack itself moves an interface with addresses to the VLAN of their subnet. */
  readonly vlan: IVlan;
  /**
   * Move the interface also when it is on a VLAN that somebody has put it on: one that is neither this VLAN nor the default
   * VLAN of a fabric. On destroy it goes back there.
   * @default false
   */
  readonly adoptExisting?: boolean;
}

/**
 * A network interface of a rack controller and the VLAN it is on. The rack reports its interfaces, so it is adopted,
 * never created; on destroy it goes back to the VLAN it was on.
 */
export class RackInterface extends MaasResource implements IRack {
  /** The rack controller. */
  readonly rack: RackController;
  /** The VLAN that the interface is on. */
  readonly vlan: IVlan;

  constructor(scope: Construct, id: string, props: RackInterfaceProps) {
    const { rack, vlan } = props;
    const given = { ...props, rack: rack.systemId, vlan: vlan.id };
    super(scope, id, KINDS.rack_interface, given, {
      references: { rack_controller: rack, vlan },
    });
    this.rack = rack;
    this.vlan = vlan;
  }

  /** System id of the rack, known once the interface is on its VLAN: what needs it waits for that. */
  get systemId(): string {
    return this.getStringAttribute("rack_controller");
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get macAddress(): string {
    return this.getStringAttribute("mac_address");
  }

  /** Addresses that the rack reports on the interface, of both families. */
  get ipAddresses(): string[] {
    return this.getListAttribute("ip_addresses");
  }

  /** CIDRs of the subnets that the interface reaches. */
  get subnets(): string[] {
    return this.getListAttribute("subnets");
  }
}
