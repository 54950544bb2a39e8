import { Construct } from "../cdk";
import { checkFileName } from "../model/checks/file-name";
import { checkNetplanInterface, RACK_FILE } from "../model/checks/netplan";
import { interfaceByName, type NetplanInterface, renderNetplan } from "../model/netplan";
import { refuseConstruct } from "./construct-error";
import { requireOwnCdk } from "./internal/edition";
import { NetplanFiles } from "./internal/netplan-files";
import { checkLiterals } from "./internal/rendered-files";

/** What kind of interface a rack has, for its netplan file. */
export enum RackInterfaceType {
  /** A network card. */
  ETHERNET = "ethernets",
  /** A bond over network cards. */
  BOND = "bonds",
  /** A bridge. */
  BRIDGE = "bridges",
  /** An interface for one tagged VLAN. */
  VLAN = "vlans",
}

/** Properties of a {@link RackNetplan}. All must be literals: the file is written at synth. */
export interface RackNetplanProps {
  /**
   * Hostname of the rack controller. What a stack says of one rack goes into one file, `netplan/<rack>.yaml`.
   */
  readonly rack: string;
  /** The rack's interface, such as `eth1` or `bond0.110`. */
  readonly interfaceName: string;
  /** Addresses that it gets beside those that it has, with their prefix length: `2001:db8:20::a/64`. */
  readonly addresses: string[];
  /**
   * What the interface is.
   * @default - by its name: `bond0.110` is a VLAN, `bond0` a bond, `br0` a bridge, all else an ethernet interface
   */
  readonly type?: RackInterfaceType;
  /**
   * The interface that a VLAN interface is on.
   * @default - by its name: bond0 of bond0.110
   */
  readonly link?: string;
  /**
   * VID of a VLAN interface.
   * @default - by its name: 110 of bond0.110
   */
  readonly vid?: number;
  /**
   * The router of the rack's default IPv6 route. Without it the rack keeps the routes that it has.
   * @default - none
   */
  readonly gatewayIp?: string;
  /**
   * Whether the rack makes addresses and routes of router advertisements on the interface. It then may be on two IPv6 subnets,
   * and MAAS lets an interface of a rack manage one.
   * @default false
   */
  readonly acceptRouterAdvertisements?: boolean;
}

const TITLE = "netplan of a rack";

function settingsOf(props: RackNetplanProps): NetplanInterface {
  const { interfaceName: name, addresses, type, link, vid, gatewayIp: gateway } = props;
  const named = interfaceByName(name);
  const section = type ?? (link !== undefined || vid !== undefined ? RackInterfaceType.VLAN : named.section);
  const vlan = { link: link ?? named.vlan?.link, id: vid ?? named.vlan?.id };
  return {
    ...{ name, section, addresses, acceptRa: props.acceptRouterAdvertisements ?? false },
    ...(section === "vlans" &&
      vlan.link !== undefined &&
      vlan.id !== undefined && { vlan: { link: vlan.link, id: vlan.id } }),
    ...(gateway !== undefined && { gateway }),
  };
}

/**
 * The addresses that an interface of a rack controller needs, as a netplan file for the rack's host: MAAS lets nobody write
 * them. Makes no Terraform resource: the file lies in the stack's folder after synth. Copy it to `/etc/netplan/60-maas-ipv6.yaml`
 * on the rack, with the mode 600, and run `netplan apply`: netplan adds it to the host's other files.
 */
export class RackNetplan extends Construct {
  /** Hostname of the rack controller. */
  readonly rack: string;
  /** Text of a netplan file with just this interface. */
  readonly config: string;
  /** The rack's file, relative to the stack's folder: this and what else the stack says of the rack. */
  readonly configFile: string;

  /** @throws ConstructError when netplan would refuse the properties, or one is not known at synth. */
  constructor(scope: Construct, id: string, props: RackNetplanProps) {
    super(scope, id);
    requireOwnCdk(this);
    refuseConstruct(this, TITLE, checkLiterals(props, "The netplan file is written at synth."));
    refuseConstruct(this, TITLE, () => [
      ...checkFileName(props.rack, RACK_FILE),
      ...checkNetplanInterface(settingsOf(props)),
    ]);
    const settings = settingsOf(props);
    this.rack = props.rack;
    this.config = renderNetplan([settings]);
    this.configFile = NetplanFiles.pathOf(props.rack);
    NetplanFiles.installFor(this).add({ construct: this, rack: props.rack, settings });
  }
}
