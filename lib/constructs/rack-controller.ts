import { type Construct, type IConstruct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { MaasDataSource } from "./maas-data-source";

/** Something that tells which rack controller is meant: the rack itself, or an interface of it. */
export interface IRack extends IConstruct {
  /** System id of the rack controller. */
  readonly systemId: string;
}

/** Properties of a {@link RackController}. */
export interface RackControllerProps extends TerraformMetaArguments {
  /** Hostname, or system id. */
  readonly hostname: string;
  /**
   * The region's URL as the rack is configured to reach it. Only checked, never sent: MAAS's API does not tell it.
   * @default - not checked
   */
  readonly regionUrl?: string;
}

/** A rack controller that has registered with the region. It registers itself, so it is looked up, never made. */
export class RackController extends MaasDataSource implements IRack {
  /** The region's URL as the rack reaches it. */
  readonly regionUrl?: string;

  constructor(scope: Construct, id: string, props: RackControllerProps) {
    super(scope, id, KINDS.rack_controller, { by: { hostname: props.hostname } }, props);
    this.regionUrl = props.regionUrl;
  }

  get systemId(): string {
    return this.id;
  }

  get hostname(): string {
    return this.getStringAttribute("hostname");
  }

  get description(): string {
    return this.getStringAttribute("description");
  }

  /** MAAS version that the rack runs. */
  get version(): string {
    return this.getStringAttribute("version");
  }
}
