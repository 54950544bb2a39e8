import { Construct, type IConstruct } from "../cdk";
import { checkFileName } from "../model/checks/file-name";
import { checkRadvdInterface } from "../model/checks/radvd";
import { fault, type Problem } from "../model/problem";
import { renderRadvd } from "../model/radvd";
import { KINDS } from "../model/kinds";
import { refuseConstruct } from "./construct-error";
import { literalCidr } from "./internal/static-ranges";
import { checkReference } from "./internal/properties";
import { checkLiterals } from "./internal/rendered-files";
import { type Advertised, mergeAdvertised, RadvdFiles, registerAdvertisement } from "./internal/radvd-files";
import type { ISubnet } from "./subnet";

/** How much hosts prefer a router as their default router over others on the link (RFC 4191). */
export enum RouterPreference {
  /** Taken when no other router is there. */
  LOW = "low",
  /** What routers have that say nothing. */
  MEDIUM = "medium",
  /** Taken before all others. */
  HIGH = "high",
}

/** A named source of router advertisements on an IPv6 subnet. A flag that is undefined is not known, and not checked. */
export interface IRouterAdvertisement extends IConstruct {
  /** The subnet that they are about. */
  readonly subnet: ISubnet;
  /** Name of the router that sends them. */
  readonly router: string;
  /** The flag A: hosts make an address of their own from the prefix. */
  readonly autonomousAddresses?: boolean;
  /** The flag O: hosts ask a DHCPv6 server for configuration other than addresses. */
  readonly otherConfigFromDhcp?: boolean;
  /** The flag M: hosts ask a DHCPv6 server for an address. */
  readonly addressesFromDhcp?: boolean;
  /** How long hosts use the router as default router, in seconds, where it was set. */
  readonly routerLifetime?: number;
  /** How long the prefix is valid, in seconds, where it was set. */
  readonly validLifetime?: number;
  /** How long addresses made from the prefix are preferred, in seconds, where it was set. */
  readonly preferredLifetime?: number;
  /** DNS servers that are announced, where they were set. */
  readonly dnsServers?: string[];
}

/** Properties of a {@link RouterAdvertisement}. All must be literals: radvd.conf is written at synth. Times are in seconds. */
export interface RouterAdvertisementProps {
  /** The IPv6 subnet, with a literal CIDR. */
  readonly subnet: ISubnet;
  /**
   * Name of the router: letters, digits, `.`, `_` and `-`. All advertisements of a stack with the same router go into
   * one file, `radvd/<router>.conf`.
   */
  readonly router: string;
  /**
   * The router's interface on the subnet's VLAN, such as `eth1`. Advertisements of several subnets with the same router and
   * interface become one section with several prefixes; what they set for the interface must be the same then, the flags
   * M and O are on if one of them asks for it, and the DNS servers and domains are put together.
   */
  readonly interfaceName: string;
  /**
   * The flag A: hosts make an address of their own from the prefix, which must be a /64. They may have others beside it.
   * @default false
   */
  readonly autonomousAddresses?: boolean;
  /**
   * The flag O: hosts ask a DHCPv6 server for configuration other than addresses, such as DNS servers.
   * @default false
   */
  readonly otherConfigFromDhcp?: boolean;
  /**
   * The flag M: hosts ask a DHCPv6 server for an address. The subnet needs a `DynamicRange` and its VLAN DHCP.
   * @default false
   */
  readonly addressesFromDhcp?: boolean;
  /**
   * How long hosts use the router as default router after an advertisement: 12 to 9000, or 0 for a router that leads
   * nowhere. Advertisements come three times as often, at least every 600 seconds.
   * @default 1800
   */
  readonly routerLifetime?: number;
  /**
   * How long the prefix and addresses made from it are valid; 4294967295 = for ever.
   * @default 86400
   */
  readonly validLifetime?: number;
  /**
   * How long addresses made from the prefix are preferred for new connections; no longer than `validLifetime`.
   * @default 14400
   */
  readonly preferredLifetime?: number;
  /**
   * How hosts choose between several default routers (RFC 4191).
   * @default RouterPreference.MEDIUM
   */
  readonly routerPreference?: RouterPreference;
  /**
   * Largest packet on the link, in octets: 1280 to 131072. Hosts take it in place of their own, if it is smaller.
   * @default - not advertised
   */
  readonly mtu?: number;
  /**
   * IPv6 addresses of DNS servers (RDNSS), for hosts that ask no DHCPv6 server.
   * @default - none
   */
  readonly dnsServers?: string[];
  /**
   * How long hosts use the DNS servers after an advertisement: at least three times as long as the interval between two
   * (RFC 8106), 0 = no longer, 4294967295 = for ever.
   * @default - three intervals: 1800, or the router's lifetime where that is shorter and not 0
   */
  readonly dnsServersLifetime?: number;
  /**
   * Domains that hosts complete short names with (DNSSL), such as `lab.example`.
   * @default - none
   */
  readonly dnsSearch?: string[];
  /**
   * How long hosts use the domains after an advertisement, like `dnsServersLifetime`.
   * @default - three intervals: 1800, or the router's lifetime where that is shorter and not 0
   */
  readonly dnsSearchLifetime?: number;
}

/** Properties of `RouterAdvertisement.fromRouter`. */
export interface ExistingRouterAdvertisementProps {
  /** The IPv6 subnet. */
  readonly subnet: ISubnet;
  /** Who sends the advertisements, in words for reports: `core-1`. */
  readonly router: string;
  /**
   * Whether the router sets the flag A: hosts make an address of their own from the prefix.
   * @default - not known, and not checked
   */
  readonly autonomousAddresses?: boolean;
  /**
   * Whether the router sets the flag O: hosts ask a DHCPv6 server for other configuration.
   * @default - not known, and not checked
   */
  readonly otherConfigFromDhcp?: boolean;
  /**
   * Whether the router sets the flag M: hosts ask a DHCPv6 server for an address.
   * @default - not known, and not checked
   */
  readonly addressesFromDhcp?: boolean;
}

const TITLE = "router advertisement";

const ROUTER = {
  code: "MAAS-RAD-01",
  attribute: "router",
  file: "the router's radvd.conf",
  fix: "Write it as core-1.",
} as const;

const WRITTEN_AT_SYNTH = "radvd.conf is written at synth.";

/** Properties whose value Terraform knows only later. */
function checkKnown({ subnet, ...given }: RouterAdvertisementProps): Problem[] {
  return [
    ...checkLiterals(given, WRITTEN_AT_SYNTH),
    ...(literalCidr(subnet) === undefined
      ? [
          fault("MAAS-CON-03", "subnet", {
            what: `the CIDR of ${subnet.node.path} is not known at synth`,
            why: WRITTEN_AT_SYNTH,
            fix: 'Give the subnet\'s cidr as text, such as "2001:db8:20::/64".',
          }),
        ]
      : []),
  ];
}

function advertisedOf(props: RouterAdvertisementProps): Advertised {
  const { subnet, router: _router, ...given } = props;
  return { ...given, prefix: literalCidr(subnet)?.toString() ?? "" };
}

/**
 * What a router that runs radvd tells the hosts of an IPv6 subnet. MAAS sends no router advertisements and has no object
 * for them, so this makes no Terraform resource: it writes the router's radvd.conf into the stack's folder at synth.
 *
 * Machines that MAAS deploys need none: MAAS writes their address and default route. DHCPv6 clients do, for a route and
 * to be told to ask at all. The flags may be combined; the rules MAAS6-RTR-03 and 04 check that they fit the subnet.
 */
export class RouterAdvertisement extends Construct implements IRouterAdvertisement {
  /** Names a router that sends advertisements without this package's doing. Nothing is written. */
  static fromRouter(scope: Construct, id: string, props: ExistingRouterAdvertisementProps): IRouterAdvertisement {
    return new ExistingRouterAdvertisement(scope, id, props);
  }

  readonly subnet: ISubnet;
  readonly router: string;
  readonly autonomousAddresses?: boolean;
  readonly otherConfigFromDhcp?: boolean;
  readonly addressesFromDhcp?: boolean;
  readonly routerLifetime?: number;
  readonly validLifetime?: number;
  readonly preferredLifetime?: number;
  readonly dnsServers?: string[];
  /** Text of a radvd.conf with just this advertisement. */
  readonly config: string;
  /** The router's radvd.conf, relative to the stack's folder: this and the stack's other advertisements of the router. */
  readonly configFile: string;

  /** @throws ConstructError when radvd would refuse the properties, or one is not known at synth. */
  constructor(scope: Construct, id: string, props: RouterAdvertisementProps) {
    super(scope, id);
    refuseConstruct(this, TITLE, checkReference("subnet", props.subnet, KINDS.subnet));
    refuseConstruct(this, TITLE, checkKnown(props));
    const advertised = advertisedOf(props);
    const settings = mergeAdvertised([advertised]);
    refuseConstruct(this, TITLE, [...checkFileName(props.router, ROUTER), ...checkRadvdInterface(settings)]);

    this.subnet = props.subnet;
    this.router = props.router;
    this.autonomousAddresses = props.autonomousAddresses ?? false;
    this.otherConfigFromDhcp = settings.otherConfig;
    this.addressesFromDhcp = settings.managedAddress;
    this.routerLifetime = props.routerLifetime;
    this.validLifetime = props.validLifetime;
    this.preferredLifetime = props.preferredLifetime;
    this.dnsServers = props.dnsServers;
    this.config = renderRadvd([settings]);
    this.configFile = RadvdFiles.pathOf(props.router);
    registerAdvertisement(this);
    RadvdFiles.installFor(this).add({ construct: this, router: props.router, advertised });
  }
}

class ExistingRouterAdvertisement extends Construct implements IRouterAdvertisement {
  readonly subnet: ISubnet;
  readonly router: string;
  readonly autonomousAddresses?: boolean;
  readonly otherConfigFromDhcp?: boolean;
  readonly addressesFromDhcp?: boolean;

  constructor(scope: Construct, id: string, props: ExistingRouterAdvertisementProps) {
    super(scope, id);
    refuseConstruct(this, TITLE, checkReference("subnet", props.subnet, KINDS.subnet));
    if (literalCidr(props.subnet)?.family === 4) {
      refuseConstruct(this, TITLE, [
        fault("MAAS-CON-04", "subnet", {
          what: `${props.subnet.node.path} is an IPv4 subnet`,
          fix: "Give the Ipv6Subnet of the same VLAN.",
        }),
      ]);
    }
    this.subnet = props.subnet;
    this.router = props.router;
    this.autonomousAddresses = props.autonomousAddresses;
    this.otherConfigFromDhcp = props.otherConfigFromDhcp;
    this.addressesFromDhcp = props.addressesFromDhcp;
    registerAdvertisement(this);
  }
}
