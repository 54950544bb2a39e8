import { Construct } from "../cdk";
import { KINDS } from "../model/kinds";
import { MachineBase } from "./generated/machine";
import { refuseConstruct } from "./construct-error";
import { registerTrace } from "./internal/facts";
import { checkReference } from "./internal/properties";

export { type MachineProps } from "./generated/machine";

/** A machine that has enlisted with the region. It enlists itself, so it is looked up, never made. */
export class Machine extends MachineBase {
  /** MAAS's id of the machine. */
  get systemId(): string {
    return this.id;
  }
}

/** Properties of a {@link NodeInterface}. */
export interface NodeInterfaceProps {
  /** The machine. */
  readonly machine: Machine;
  /** Name of the interface on the machine, such as `eth0`. Its id or its MAC address will do as well. */
  readonly name: string;
}

/**
 * A network interface of a machine: what links are made on. Commissioning finds the interfaces, so nothing is made of it
 * in the region.
 */
export class NodeInterface extends Construct {
  /** The machine. */
  readonly machine: Machine;
  /** Name of the interface on the machine. */
  readonly name: string;

  /** @throws ConstructError when the machine is no construct. */
  constructor(scope: Construct, id: string, props: NodeInterfaceProps) {
    super(scope, id);
    refuseConstruct(this, "network interface", checkReference("machine", props.machine, KINDS.machine));
    this.machine = props.machine;
    this.name = props.name;
    registerTrace(this);
  }
}
