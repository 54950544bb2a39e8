import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { MaasDataSource } from "./maas-data-source";
import { MaasResource } from "./maas-resource";
import { type IVlan, Vlan } from "./vlan";

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

/** Properties of a {@link Fabric}. */
export interface FabricProps extends TerraformMetaArguments {
  /** Name, unique in the region: letters, digits, `_` and `-`. */
  readonly name: string;
  /**
   * Free text. MAAS keeps it but never returns it, so that drift in it is not noticed.
   * @default - left as it is
   */
  readonly description?: string;
  /**
   * A class of your own, such as `10g`.
   * @default - left as it is
   */
  readonly classType?: string;
  /**
   * Take over a fabric of that name if the region has one.
   * @default false
   */
  readonly adoptExisting?: boolean;
  /**
   * Let a destroy delete what MAAS deletes along with the fabric and what is not in Terraform's state, such as addresses of
   * machines; else it is refused. What counts is the value of the last deployment: set it, deploy, then destroy.
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/** A fabric: a set of VLANs that can reach each other at layer 2. MAAS makes its default VLAN with it, untagged (VID 0). */
export class Fabric extends MaasResource implements IFabric {
  /** Looks up a fabric that this stack does not manage. */
  static fromName(scope: Construct, id: string, name: string, options?: TerraformMetaArguments): IFabric {
    return new ExistingFabric(scope, id, name, options);
  }

  #untagged: IVlan | undefined;

  constructor(scope: Construct, id: string, props: FabricProps) {
    super(scope, id, KINDS.fabric, props);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get description(): string {
    return this.getStringAttribute("description");
  }

  get classType(): string {
    return this.getStringAttribute("class_type");
  }

  /** Terraform's id of the default VLAN: the one with the lowest id, whatever its VID. */
  get untaggedVlan(): string {
    return this.getStringAttribute("untagged_vlan");
  }

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
    super(scope, id, KINDS.fabric, { by: { name } }, options);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get untagged(): IVlan {
    this.#untagged ??= Vlan.fromVid(this, "untagged", this, 0);
    return this.#untagged;
  }
}
