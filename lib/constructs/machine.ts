import { type Construct, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { MaasDataSource } from "./maas-data-source";

/** Properties of a {@link Machine}. */
export interface MachineProps extends TerraformMetaArguments {
  /** Hostname, or system id. */
  readonly hostname: string;
}

/** A machine that has enlisted with the region. It enlists itself, so it is looked up, never made. */
export class Machine extends MaasDataSource {
  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id, KINDS.machine, { by: { hostname: props.hostname } }, props);
  }

  /** MAAS's id of the machine. */
  get systemId(): string {
    return this.id;
  }

  get hostname(): string {
    return this.getStringAttribute("hostname");
  }

  /** Hostname with the DNS domain. */
  get fqdn(): string {
    return this.getStringAttribute("fqdn");
  }

  /** Where the machine is in its life, such as `Ready` or `Deployed`. */
  get statusName(): string {
    return this.getStringAttribute("status_name");
  }
}
