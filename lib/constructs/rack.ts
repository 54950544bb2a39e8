import type { Construct, IConstruct } from "../cdk";
import { RackControllerBase, type RackControllerKey } from "./generated/rack-controller";
import { RackInterfaceBase } from "./generated/rack-interface";

export { type RackInterfaceProps } from "./generated/rack-interface";

/** Something that tells which rack controller is meant: the rack itself, or an interface of it. */
export interface IRack extends IConstruct {
  /** System id of the rack controller. */
  readonly systemId: string;
}

/** Properties of a {@link RackController}. */
export interface RackControllerProps extends RackControllerKey {
  /**
   * The region's URL as the rack is configured to reach it. Only checked, never sent: MAAS's API does not report it.
   * @default - not checked
   */
  readonly regionUrl?: string;
}

/** A rack controller that has registered with the region. It registers itself, so it is looked up, never made. */
export class RackController extends RackControllerBase implements IRack {
  /** The region's URL as the rack reaches it. */
  readonly regionUrl?: string;

  constructor(scope: Construct, id: string, props: RackControllerProps) {
    const { regionUrl } = props;
    super(scope, id, props, { stated: { regionUrl } });
    this.regionUrl = regionUrl;
  }

  get systemId(): string {
    return this.id;
  }
}

/**
 * A network interface of a rack controller and the VLAN it is on. The rack reports its interfaces, so it is adopted,
 * never created; on destroy it goes back to the VLAN it was on.
 */
export class RackInterface extends RackInterfaceBase implements IRack {
  /** System id of the rack, known once the interface is on its VLAN: what needs it waits for that. */
  get systemId(): string {
    return this.getStringAttribute("rack_controller");
  }
}
