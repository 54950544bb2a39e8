import { Construct } from "../cdk";
import { rememberTrace } from "./made-at";
import type { Machine } from "./machine";

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

  constructor(scope: Construct, id: string, props: NodeInterfaceProps) {
    super(scope, id);
    this.machine = props.machine;
    this.name = props.name;
    rememberTrace(this);
  }
}
