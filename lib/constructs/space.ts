import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { MaasDataSource } from "./maas-data-source";
import { MaasResource } from "./maas-resource";

/** A space, managed or looked up. */
export interface ISpace extends IConstruct {
  /** Terraform's id of the space. */
  readonly id: string;
  /** Name of the space. */
  readonly name: string;
}

/** Properties of a {@link Space}. */
export interface SpaceProps extends TerraformMetaArguments {
  /** Name, unique in the region: letters, digits, `_` and `-`. */
  readonly name: string;
  /**
   * Free text.
   * @default - left as it is
   */
  readonly description?: string;
  /**
   * Take over a space of that name if the region has one.
   * @default false
   */
  readonly adoptExisting?: boolean;
}

/** A space: VLANs that may talk to each other, whatever fabrics they are in. */
export class Space extends MaasResource implements ISpace {
  /** Looks up a space that this stack does not manage. */
  static fromName(scope: Construct, id: string, name: string, options?: TerraformMetaArguments): ISpace {
    return new ExistingSpace(scope, id, name, options);
  }

  constructor(scope: Construct, id: string, props: SpaceProps) {
    super(scope, id, KINDS.space, props);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get description(): string {
    return this.getStringAttribute("description");
  }
}

class ExistingSpace extends MaasDataSource implements ISpace {
  constructor(scope: Construct, id: string, name: string, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.space, { by: { name } }, options);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }
}
