import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { FabricBase } from "./generated/fabric";
import { MaasDataSource } from "./internal/elements";
import { type IVlan, Vlan } from "./vlan";

export { type FabricProps } from "./generated/fabric";

/** A fabric, managed or looked up. */
export interface IFabric extends IConstruct {
  /** Terraform's id of the fabric. */
  readonly id: string;
  /** Name of the fabric. */
  readonly name: string;
  /**
   * The fabric's untagged VLAN, VID 0: its default VLAN, which MAAS made with it. Where the default VLAN was given another
   * VID, name it by that: `Vlan.fromVid`, or a `Vlan` of your own.
   */
  readonly untagged: IVlan;
}

/** A fabric: a set of VLANs that can reach each other at layer 2. MAAS makes its default VLAN with it, untagged (VID 0). */
export class Fabric extends FabricBase implements IFabric {
  /** Looks up a fabric that this stack does not manage. */
  static fromName(scope: Construct, id: string, name: string, options?: TerraformMetaArguments): IFabric {
    return new ExistingFabric(scope, id, name, options);
  }

  #untagged: IVlan | undefined;

  /**
   * The fabric's untagged VLAN, VID 0. MAAS made it, so it is adopted when this is first asked for; to set its MTU or
   * space, make a `Vlan` with `vid: 0` instead. Where the default VLAN of a fabric that was there before has another VID,
   * make a `Vlan` with that VID.
   */
  get untagged(): IVlan {
    this.#untagged ??= new Vlan(this, "untagged", { fabric: this, vid: 0 });
    return this.#untagged;
  }
}

class ExistingFabric extends MaasDataSource implements IFabric {
  #untagged: IVlan | undefined;

  constructor(scope: Construct, id: string, name: string, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.fabric, { name }, options);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get untagged(): IVlan {
    this.#untagged ??= Vlan.fromVid(this, "untagged", this, 0);
    return this.#untagged;
  }
}
