import { type Construct, type IConstruct, type ITerraformDependable, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { DeviceBase } from "./generated/device";
import { MaasDataSource } from "./internal/elements";

export { type DeviceProps } from "./generated/device";

/** A device, managed or looked up. */
export interface IDevice extends IConstruct, ITerraformDependable {
  /** MAAS's id of the device. */
  readonly systemId: string;
  /** Hostname of the device. */
  readonly hostname: string;
  /** Hostname with the DNS domain. */
  readonly fqdn: string;
}

/**
 * A device: something on the network that MAAS does not deploy, and gives addresses and names to, such as a switch or a
 * printer. MAAS deletes its interfaces and their addresses along with it.
 */
export class Device extends DeviceBase implements IDevice {
  /** Looks up a device that this stack does not manage, by its hostname, its FQDN or its system id. */
  static fromHostname(scope: Construct, id: string, hostname: string, options?: TerraformMetaArguments): IDevice {
    return new ExistingDevice(scope, id, hostname, options);
  }

  get systemId(): string {
    return this.id;
  }
}

class ExistingDevice extends MaasDataSource implements IDevice {
  constructor(scope: Construct, id: string, hostname: string, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.device, { hostname }, options);
  }

  get systemId(): string {
    return this.id;
  }

  get hostname(): string {
    return this.getStringAttribute("hostname");
  }

  get fqdn(): string {
    return this.getStringAttribute("fqdn");
  }
}
