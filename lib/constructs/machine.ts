import { Construct, type IConstruct, type ITerraformDependable } from "../cdk";
import { checkAddressInSubnet, checkExactlyOne } from "../model/checks/object";
import { KINDS } from "../model/kinds";
import { UNKNOWN } from "../model/known";
import type { Problem } from "../model/problem";
import { refuseConstruct } from "./construct-error";
import type { IDevice } from "./device";
import { InterfaceLinkBase, type InterfaceLinkProps } from "./generated/interface-link";
import { MachineBase } from "./generated/machine";
import { RackControllerBase, type RackControllerKey } from "./generated/rack-controller";
import { RackInterfaceBase } from "./generated/rack-interface";
import { registerTrace } from "./internal/facts";
import { givenMachine } from "./internal/owner";
import { checkReference } from "./internal/properties";
import { literalCidr } from "./internal/static-ranges";

export { type MachineProps } from "./generated/machine";

/** A machine that has enlisted with the region. It enlists itself, so it is looked up, never made. */
export class Machine extends MachineBase {
  /** MAAS's id of the machine. */
  get systemId(): string {
    return this.id;
  }
}

/** A network interface of a machine or a device: one that it has, or one that the app makes. */
export interface INetworkInterface extends IConstruct, ITerraformDependable {
  /**
   * The machine.
   * @throws ConstructError on an interface of a device, which has that as its `device`.
   */
  readonly machine: Machine;
  /** Name of the interface on the machine or device. */
  readonly name: string;
}

/** Properties of a {@link NodeInterface}. */
export interface NodeInterfaceProps {
  /**
   * The machine. Either this or `device` is given.
   * @default - that of a device
   */
  readonly machine?: Machine;
  /**
   * The device, in place of a machine.
   * @default - that of a machine
   */
  readonly device?: IDevice;
  /** Name of the interface on the machine or device, such as `eth0`. Its id or its MAC address will do as well. */
  readonly name: string;
}

/** What is wrong with the node that an interface is said to be of. */
function checkOwner({ machine, device }: NodeInterfaceProps): Problem[] {
  // Without either, the machine is what is missing.
  if (device === undefined) return checkReference("machine", machine, KINDS.machine);
  const attributes = { machine: machine === undefined ? null : UNKNOWN, device: UNKNOWN };
  return [
    ...checkReference("device", device, KINDS.device),
    ...checkExactlyOne(KINDS.network_interface_physical, attributes, () => true),
  ];
}

/**
 * A network interface of a machine or a device: what links are made on. Commissioning finds those of a machine, and a device
 * is made with its own, so nothing is made of it in the region.
 */
export class NodeInterface extends Construct implements INetworkInterface {
  readonly #machine: Machine | undefined;
  /** The device; undefined on an interface of a machine. */
  readonly device?: IDevice;
  /** Name of the interface on the machine or device. */
  readonly name: string;

  /** @throws ConstructError when the machine or the device is no construct, or both are given. */
  constructor(scope: Construct, id: string, props: NodeInterfaceProps) {
    super(scope, id);
    refuseConstruct(this, "network interface", checkOwner(props));
    this.#machine = props.machine;
    this.device = props.device;
    this.name = props.name;
    registerTrace(this);
  }

  /** Terraform's address of what has the interface: the machine, or the device. */
  get fqn(): string {
    return (this.device ?? this.machine).fqn;
  }

  /**
   * The machine.
   * @throws ConstructError on an interface of a device.
   */
  get machine(): Machine {
    return givenMachine(this, this.#machine);
  }
}

export { type RackInterfaceProps } from "./generated/rack-interface";

/** Something that tells which rack controller is meant: the rack itself, or an interface of it. */
export interface IRack extends IConstruct, ITerraformDependable {
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

export { type InterfaceLinkProps } from "./generated/interface-link";

/** How an interface gets its address on a subnet. */
export enum LinkMode {
  /** MAAS assigns an address when the machine is deployed. */
  AUTO = "AUTO",
  /** The machine asks DHCP. An interface has one such link at most, over both address families. */
  DHCP = "DHCP",
  /** One address for good: `ipAddress`, or one that MAAS chooses at once. */
  STATIC = "STATIC",
  /** No address. An interface with such a link has no other. */
  LINK_UP = "LINK_UP",
}

/**
 * A link of an interface of a machine or a device to a subnet. An interface has any number, such as one to an IPv4 and one to an IPv6
 * subnet, and making or removing one leaves the others alone.
 */
export class InterfaceLink extends InterfaceLinkBase {
  /** @throws ConstructError when MAAS would refuse the literals among the properties. */
  constructor(scope: Construct, id: string, props: InterfaceLinkProps) {
    super(scope, id, props, {
      // Where the interface is none, that is what is said.
      implied: () => {
        const nic = props.networkInterface as (INetworkInterface & { readonly device?: IDevice }) | undefined;
        // An interface of a device has no machine to be read.
        return nic?.device === undefined
          ? { machine: nic?.machine, device: null }
          : { machine: null, device: nic.device };
      },
      check: ({ ip_address: address }) => {
        const cidr = literalCidr(props.subnet);
        return cidr === undefined ? [] : checkAddressInSubnet(address, cidr);
      },
    });
  }
}
