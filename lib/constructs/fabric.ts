import { type Construct, type IConstruct, type ITerraformDependable, Lazy, type TerraformMetaArguments } from "../cdk";
import { checkObject } from "../model/checks/object";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import type { Problem } from "../model/problem";
import { FabricBase } from "./generated/fabric";
import { SpaceBase } from "./generated/space";
import { VlanBase } from "./generated/vlan";
import { VlanDhcpBase, type VlanDhcpProps } from "./generated/vlan-dhcp";
import { MaasDataSource } from "./internal/elements";
import { factsOf, referrersOf } from "./internal/facts";
import { identityOf } from "./internal/natural-key";
import { checkReference } from "./internal/properties";
import type { DynamicRange } from "./subnet";
import type { IRack } from "./machine";

export { type FabricProps } from "./generated/fabric";

/** A fabric, managed or looked up. */
export interface IFabric extends IConstruct, ITerraformDependable {
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

export { type SpaceProps } from "./generated/space";

/** A space, managed or looked up. */
export interface ISpace extends IConstruct, ITerraformDependable {
  /** Terraform's id of the space. */
  readonly id: string;
  /** Name of the space. */
  readonly name: string;
}

/** A space: VLANs that may talk to each other, whatever fabrics they are in. */
export class Space extends SpaceBase implements ISpace {
  /** Looks up a space that this stack does not manage. */
  static fromName(scope: Construct, id: string, name: string, options?: TerraformMetaArguments): ISpace {
    return new ExistingSpace(scope, id, name, options);
  }
}

class ExistingSpace extends MaasDataSource implements ISpace {
  constructor(scope: Construct, id: string, name: string, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.space, { name }, options);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }
}

export { type VlanProps } from "./generated/vlan";

/** A VLAN, managed or looked up. */
export interface IVlan extends IConstruct, ITerraformDependable {
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
