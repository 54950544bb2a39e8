import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import type { IFabric } from "./fabric";
import { VlanBase } from "./generated/vlan";
import { MaasDataSource } from "./internal/elements";

export { type VlanProps } from "./generated/vlan";

/** A VLAN, managed or looked up. */
export interface IVlan extends IConstruct {
  /** Terraform's id of the VLAN: MAAS's database id, not its VID. */
  readonly id: string;
  /** The 802.1Q tag; 0 = untagged. */
  readonly vid: number;
  /** The fabric that the VLAN is in. */
  readonly fabric: IFabric;
}

/** A VLAN of a fabric. DHCP on it is an object of its own, `VlanDhcp`. */
export class Vlan extends VlanBase implements IVlan {
  /** Looks up a VLAN that this stack does not manage. */
  static fromVid(scope: Construct, id: string, fabric: IFabric, vid: number, options?: TerraformMetaArguments): IVlan {
    return new ExistingVlan(scope, id, fabric, vid, options);
  }
}

class ExistingVlan extends MaasDataSource implements IVlan {
  readonly fabric: IFabric;

  constructor(scope: Construct, id: string, fabric: IFabric, vid: number, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.vlan, { fabric, vid }, options);
    this.fabric = fabric;
  }

  get vid(): number {
    return this.getNumberAttribute("vid");
  }
}
