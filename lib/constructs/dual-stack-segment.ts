import { Construct, type TerraformProvider, Token } from "../cdk";
import { AddressBlock } from "../model/address-block";
import { checkFormat } from "../model/checks/field";
import { IpAddress } from "../model/address";
import { Cidr } from "../model/cidr";
import { KINDS } from "../model/kinds";
import { fault, type Problem } from "../model/problem";
import { refuseConstruct, withdrawn } from "./construct-error";
import { type IFabric, type ISpace, type IVlan, Vlan, VlanDhcp } from "./fabric";
import { checkReference } from "./internal/properties";
import { DynamicRange, Ipv4Subnet, Ipv6Subnet } from "./subnet";
import { type RackController, RackInterface } from "./machine";
import { type IRouterAdvertisement, RouterAdvertisement } from "./router-advertisement";
import { StaticRange } from "./static-range";

/** A rack controller that serves a segment. */
export interface SegmentRack {
  /** The rack controller. Give it a `regionUrl` that names a host, so that rule MAAS6-URL-01 can check it. */
  readonly rack: RackController;
  /** Name of its interface on the segment, such as `eth1`. */
  readonly interfaceName: string;
}

/** The router of a segment, which sends the router advertisements. */
export interface SegmentRouter {
  /** Name of the router, such as `core-1`. */
  readonly name: string;
  /**
   * The router's interface on the segment: a radvd.conf for it is then written into the stack's folder.
   * @default - none: the router has a configuration of its own, which does what the segment wants
   */
  readonly interfaceName?: string;
}

/** Properties of a {@link DualStackSegment}. Networks and addresses must be literals. */
export interface DualStackSegmentProps {
  /**
   * The VLAN, such as `fabric.untagged`.
   * @default - a new VLAN of `fabric` with `vid`
   */
  readonly vlan?: IVlan;
  /**
   * The fabric to make the VLAN in, together with `vid`.
   * @default - none: `vlan` is given
   */
  readonly fabric?: IFabric;
  /**
   * VID of the VLAN to make; 0 stands for the fabric's untagged one.
   * @default - none: `vlan` is given
   */
  readonly vid?: number;
  /**
   * Space of the VLAN to make.
   * @default - left as it is
   */
  readonly space?: ISpace;
  /** The IPv4 network, such as `10.20.0.0/24`: MAAS works over it. */
  readonly ipv4Cidr: string;
  /** The IPv6 network, a /64 such as `2001:db8:20::/64`. */
  readonly ipv6Cidr: string;
  /** The rack controllers that serve DHCP: the primary one, and perhaps a secondary one. */
  readonly racks: SegmentRack[];
  /** Who sends the router advertisements. */
  readonly router: SegmentRouter;
  /**
   * The router's IPv4 address.
   * @default - the first one after the network's own
   */
  readonly ipv4Gateway?: string;
  /**
   * The router's IPv6 address, also link-local: machines get their default route to it.
   * @default - the first one after the network's own
   */
  readonly ipv6Gateway?: string;
  /**
   * Addresses of DNS servers of both families, in order of preference. Each goes to the subnet of its own.
   * @default - left as they are
   */
  readonly dnsServers?: string[];
  /**
   * Where machines get their IPv6 addresses from.
   * @default AddressBlock.staticRange(ipv6Cidr)
   */
  readonly staticRange?: AddressBlock;
  /**
   * What DHCP gives out.
   * @default AddressBlock.ipv4DynamicRange(ipv4Cidr)
   */
  readonly ipv4DynamicRange?: AddressBlock;
  /**
   * What DHCPv6 gives out to containers, virtual machines and foreign devices.
   * @default AddressBlock.dynamicRange(ipv6Cidr)
   */
  readonly ipv6DynamicRange?: AddressBlock;
  /**
   * Whether MAAS serves DHCPv6 here, and hosts are told to ask for an address (M). Machines need none.
   * @default true
   */
  readonly addressesFromDhcp?: boolean;
  /**
   * Whether hosts are told to make an IPv6 address of their own from the prefix (A).
   * @default false
   */
  readonly autonomousAddresses?: boolean;
  /**
   * The provider configuration of all objects, for stacks that talk to several regions.
   * @default - the stack's default
   */
  readonly provider?: TerraformProvider;
}

/** Whether the default ranges have their place on the network. */
function checkRoom(cidr: Cidr, props: DualStackSegmentProps): Problem[] {
  if (cidr.family === 6 && cidr.prefixLength !== 64) {
    return [
      fault("MAAS-CON-05", "ipv6Cidr", {
        what: `${cidr.toString()} is no /64`,
        why: "IPv6 networks of machines are that wide.",
        fix: `Give ${Cidr.of(cidr.first, 64).toString()}.`,
      }),
    ];
  }
  if (cidr.family === 6 || cidr.prefixLength <= 28 || props.ipv4DynamicRange !== undefined) return [];
  return [
    fault("MAAS-CON-05", "ipv4Cidr", {
      what: `${cidr.toString()} has no room for the default dynamic range`,
      fix: "Give a /28 or wider network, or ipv4DynamicRange: AddressBlock.between(first, last).",
    }),
  ];
}

/** A network that must be known at synth. */
function checkNetwork(attribute: string, text: string, props: DualStackSegmentProps): Problem[] {
  if (Token.isUnresolved(text)) {
    const words = { why: "The segment's ranges are worked out at synth.", fix: "Give the network as text." };
    return [fault("MAAS-CON-03", attribute, { what: `${attribute} is not known at synth`, ...words })];
  }
  const malformed = checkFormat.cidr(attribute, text);
  return malformed.length > 0 ? malformed : checkRoom(Cidr.parse(text), props);
}

/** What must hold before any part is made; the parts check themselves. */
function checkProps(props: DualStackSegmentProps): Problem[] {
  const { vlan, fabric, vid, space, ipv4Cidr, ipv6Cidr, dnsServers = [] } = props;
  const { racks = [] } = props as Partial<DualStackSegmentProps>;
  const isMade = fabric !== undefined && vid !== undefined;
  const problems: Problem[] = [
    ...(vlan === undefined ? [] : checkReference("vlan", vlan, KINDS.vlan)),
    ...(fabric === undefined ? [] : checkReference("fabric", fabric, KINDS.fabric)),
    ...(space === undefined ? [] : checkReference("space", space, KINDS.space)),
    ...racks.flatMap(({ rack }) => checkReference("racks", rack, KINDS.rack_controller)),
  ];
  if (vlan === undefined ? !isMade : fabric !== undefined || vid !== undefined || space !== undefined) {
    problems.push(
      fault("MAAS-CON-05", "vlan", {
        what: vlan === undefined ? "the segment has no VLAN" : "the VLAN is given in two ways",
        fix: "Give vlan, such as the fabric's untagged property; or fabric and vid, and a space if you like, to have it made.",
      }),
    );
  }
  if (racks.length === 0 || racks.length > 2) {
    problems.push(
      fault("MAAS-CON-05", "racks", {
        what: `${racks.length} rack controllers can't serve a VLAN`,
        why: "MAAS takes a primary and a secondary one.",
        fix: 'Give racks: [{ rack, interfaceName: "eth1" }], with one or two entries.',
      }),
    );
  }
  for (const [attribute, cidr] of Object.entries({ ipv4Cidr, ipv6Cidr })) {
    problems.push(...checkNetwork(attribute, cidr, props));
  }
  if (Token.isUnresolved(dnsServers) || dnsServers.some((server) => Token.isUnresolved(server))) {
    problems.push(
      fault("MAAS-CON-03", "dnsServers", {
        what: "dnsServers are not known at synth",
        why: "Each goes to the subnet of its family.",
        fix: "Give them as text, such as 2001:db8:20::53.",
      }),
    );
  } else problems.push(...dnsServers.flatMap((server) => checkFormat.ip("dnsServers", server)));
  return problems;
}

const firstAddress = (cidr: string): string => Cidr.parse(cidr).first.plus(1).toString();

/**
 * A VLAN with IPv4 and IPv6 as MAAS wants them: a subnet of each family, DHCP by one or two rack controllers, a static
 * range that machines get their IPv6 addresses from, and router advertisements. With its defaults it passes all IPv6
 * caveats. Each part is a property, to refer to and to add to.
 */
export class DualStackSegment extends Construct {
  /** The VLAN that both subnets are on. */
  readonly vlan: IVlan;
  /** The IPv4 subnet. */
  readonly ipv4Subnet: Ipv4Subnet;
  /** The IPv6 subnet. */
  readonly ipv6Subnet: Ipv6Subnet;
  /** Where machines get their IPv6 addresses from. */
  readonly staticRange: StaticRange;
  /** Where MAAS takes the addresses from that it gives out by DHCP over IPv4. */
  readonly ipv4DynamicRange: DynamicRange;
  /** Undefined without DHCPv6. */
  readonly ipv6DynamicRange?: DynamicRange;
  /** The interfaces of the rack controllers, the primary one's first. */
  readonly rackInterfaces: RackInterface[];
  /** The DHCP of the VLAN. */
  readonly dhcp: VlanDhcp;
  /** What sends router advertisements to the IPv6 subnet. */
  readonly routerAdvertisement: IRouterAdvertisement;

  /** @throws ConstructError when MAAS or radvd would refuse the literals among the properties. */
  constructor(scope: Construct, id: string, props: DualStackSegmentProps) {
    super(scope, id);
    refuseConstruct(this, "dual-stack segment", () => checkProps(props));
    const { ipv4Cidr, ipv6Cidr, provider, addressesFromDhcp = true } = props;

    try {
      this.vlan = this.#vlanOf(props);
      this.ipv4Subnet = new Ipv4Subnet(this, "v4", {
        vlan: this.vlan,
        cidr: ipv4Cidr,
        gatewayIp: props.ipv4Gateway ?? firstAddress(ipv4Cidr),
        dnsServers: serversOf(4, props),
        provider,
      });
      this.ipv6Subnet = new Ipv6Subnet(this, "v6", {
        vlan: this.vlan,
        cidr: ipv6Cidr,
        gatewayIp: props.ipv6Gateway ?? firstAddress(ipv6Cidr),
        dnsServers: serversOf(6, props),
        provider,
      });
      this.staticRange = new StaticRange(this, "nodes", {
        subnet: this.ipv6Subnet,
        ...(props.staticRange ?? AddressBlock.staticRange(ipv6Cidr)),
      });
      this.ipv4DynamicRange = new DynamicRange(this, "pool4", {
        subnet: this.ipv4Subnet,
        ...(props.ipv4DynamicRange ?? AddressBlock.ipv4DynamicRange(ipv4Cidr)),
        provider,
      });
      if (addressesFromDhcp) {
        this.ipv6DynamicRange = new DynamicRange(this, "pool6", {
          subnet: this.ipv6Subnet,
          ...(props.ipv6DynamicRange ?? AddressBlock.dynamicRange(ipv6Cidr)),
          provider,
        });
      }
      this.rackInterfaces = props.racks.map(
        ({ rack, interfaceName }, index) =>
          new RackInterface(this, index === 0 ? "primary" : "secondary", {
            rack,
            name: interfaceName,
            vlan: this.vlan,
            provider,
          }),
      );
      const [primary, secondary] = this.rackInterfaces;
      this.dhcp = new VlanDhcp(this, "dhcp", { vlan: this.vlan, primary, secondary, provider });
      this.routerAdvertisement = this.#advertisement(props, {
        subnet: this.ipv6Subnet,
        router: props.router.name,
        autonomousAddresses: props.autonomousAddresses ?? false,
        otherConfigFromDhcp: addressesFromDhcp,
        addressesFromDhcp,
      });
    } catch (error) {
      throw withdrawn(this, error);
    }
  }

  #vlanOf({ vlan, fabric, vid, space, provider }: DualStackSegmentProps): IVlan {
    if (vlan !== undefined) return vlan;
    if (fabric === undefined || vid === undefined) throw new TypeError("checked before");
    return vid === 0 && space === undefined
      ? fabric.untagged
      : new Vlan(this, "vlan", { fabric, vid, space, provider });
  }

  #advertisement(props: DualStackSegmentProps, flags: Flags): IRouterAdvertisement {
    const { interfaceName } = props.router;
    return interfaceName === undefined
      ? RouterAdvertisement.fromRouter(this, "advertisement", flags)
      : new RouterAdvertisement(this, "advertisement", { ...flags, interfaceName, dnsServers: serversOf(6, props) });
  }
}

type Flags = Required<Parameters<typeof RouterAdvertisement.fromRouter>[2]>;

/** The DNS servers of that family; undefined when the user named none at all. */
function serversOf(family: 4 | 6, { dnsServers }: DualStackSegmentProps): string[] | undefined {
  return dnsServers?.filter((server) => IpAddress.parse(server).family === family);
}
