import { type Construct, type IConstruct, type IResolvable, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import type { IFabric } from "./fabric";
import { MaasDataSource } from "./maas-data-source";
import { MaasResource } from "./maas-resource";
import type { ISpace } from "./space";

/** A VLAN, managed or looked up. */
export interface IVlan extends IConstruct {
  /** Terraform's id of the VLAN: MAAS's database id, not its VID. */
  readonly id: string;
  /** The 802.1Q tag; 0 = untagged. */
  readonly vid: number;
  /** The fabric that the VLAN is in. */
  readonly fabric: IFabric;
}

/** Properties of a {@link Vlan}. */
export interface VlanProps extends TerraformMetaArguments {
  /** The fabric that the VLAN is in. */
  readonly fabric: IFabric;
  /**
   * The 802.1Q tag, 0 to 4094. 0 is untagged: the default VLAN of a new fabric. The default VLAN, which MAAS made with the
   * fabric, is adopted, whatever its VID is by now.
   */
  readonly vid: number;
  /**
   * Name. The default VLAN takes none: MAAS shows it as `untagged`.
   * @default - left as it is
   */
  readonly name?: string;
  /**
   * Free text. MAAS keeps it but never returns it, so that drift in it is not noticed.
   * @default - left as it is
   */
  readonly description?: string;
  /**
   * Largest packet, in octets: 552 to 65535.
   * @default - left as it is; MAAS starts with 1500
   */
  readonly mtu?: number;
  /**
   * The space that the VLAN is in.
   * @default - left as it is
   */
  readonly space?: ISpace;
  /**
   * Take over a VLAN of that fabric and VID if the region has one. The default VLAN of a fabric needs it only when somebody
   * has set its MTU, space, DHCP or relay.
   * @default false
   */
  readonly adoptExisting?: boolean;
  /**
   * Let a destroy delete what MAAS deletes along with the VLAN and what is not in Terraform's state, such as addresses of
   * machines; else it is refused. What counts is the value of the last deployment: set it, deploy, then destroy.
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/** A VLAN of a fabric. DHCP on it is an object of its own, `VlanDhcp`. */
export class Vlan extends MaasResource implements IVlan {
  /** Looks up a VLAN that this stack does not manage. */
  static fromVid(scope: Construct, id: string, fabric: IFabric, vid: number, options?: TerraformMetaArguments): IVlan {
    return new ExistingVlan(scope, id, fabric, vid, options);
  }

  readonly fabric: IFabric;
  /** The space that the VLAN was put in. */
  readonly space?: ISpace;

  constructor(scope: Construct, id: string, props: VlanProps) {
    const { fabric, space } = props;
    const given = { ...props, fabric: fabric.id, space: space?.name };
    super(scope, id, KINDS.vlan, given, { references: { fabric, space } });
    this.fabric = fabric;
    this.space = space;
  }

  get vid(): number {
    return this.getNumberAttribute("vid");
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get description(): string {
    return this.getStringAttribute("description");
  }

  get mtu(): number {
    return this.getNumberAttribute("mtu");
  }

  /** Whether MAAS serves DHCP on the VLAN. */
  get dhcpOn(): IResolvable {
    return this.getBooleanAttribute("dhcp_on");
  }
}

class ExistingVlan extends MaasDataSource implements IVlan {
  readonly fabric: IFabric;

  constructor(scope: Construct, id: string, fabric: IFabric, vid: number, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.vlan, { by: { fabric: fabric.id, vid }, references: { fabric } }, options);
    this.fabric = fabric;
  }

  get vid(): number {
    return this.getNumberAttribute("vid");
  }
}
