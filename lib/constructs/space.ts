import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { SpaceBase } from "./generated/space";
import { MaasDataSource } from "./internal/elements";

export { type SpaceProps } from "./generated/space";

/** A space, managed or looked up. */
export interface ISpace extends IConstruct {
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
