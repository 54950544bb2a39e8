import { type Construct, type IConstruct, type IResolvable, type TerraformMetaArguments } from "../cdk";
import type { Family } from "../model/address";
import { Cidr } from "../model/cidr";
import { type Diagnostic, fault } from "../model/diagnostic";
import { KINDS } from "../model/kinds";
import type { Value } from "../model/known";
import { toValue } from "./declared";
import { MaasDataSource } from "./maas-data-source";
import { MaasResource } from "./maas-resource";
import type { IVlan } from "./vlan";

/** An IPv4 or IPv6 subnet, managed or looked up. */
export interface ISubnet extends IConstruct {
  /** Terraform's id of the subnet. */
  readonly id: string;
  /** The network in CIDR form. */
  readonly cidr: string;
}

/** Properties of an `Ipv4Subnet` or an `Ipv6Subnet`. */
export interface SubnetProps extends TerraformMetaArguments {
  /** The VLAN that the subnet is on. */
  readonly vlan: IVlan;
  /** The network without host bits, such as `10.20.0.0/24` or `2001:db8:20::/64`. Another CIDR is another subnet. */
  readonly cidr: string;
  /**
   * Name.
   * @default - the CIDR
   */
  readonly name?: string;
  /**
   * Free text.
   * @default ""
   */
  readonly description?: string;
  /**
   * Address of the router: inside the CIDR, or link-local on an IPv6 subnet; `""` = none.
   * @default - left as it is; a rack controller on the subnet may fill it in
   */
  readonly gatewayIp?: string;
  /**
   * Addresses of DNS servers, in order of preference, of the subnet's own family.
   * @default - left as they are
   */
  readonly dnsServers?: string[];
  /**
   * Reverse DNS: 0 = none, 1 = on, 2 = on, with RFC 2317 delegation.
   * @default 2
   */
  readonly rdnsMode?: number;
  /**
   * Whether machines of the subnet may ask MAAS's DNS.
   * @default true
   */
  readonly allowDns?: boolean;
  /**
   * Whether machines of the subnet may use MAAS's proxy.
   * @default true
   */
  readonly allowProxy?: boolean;
  /**
   * Whether MAAS scans the subnet for neighbours.
   * @default false
   */
  readonly activeDiscovery?: boolean;
  /**
   * Whether MAAS manages the subnet's addresses. `false` reverses the meaning of reserved ranges: MAAS then assigns
   * addresses from them only.
   * @default true
   */
  readonly managed?: boolean;
  /**
   * Boot architectures that DHCP does not offer here, by MAAS's names: `pxe`, `uefi_amd64_tftp`, `uefi_amd64_http`,
   * `uefi_ebc_tftp`, `uefi_arm64_tftp`, `uefi_arm64_http`, `open-firmware_ppc64el`, `powernv`, `s390x`, `s390x_partition`.
   * @default - left as they are
   */
  readonly disabledBootArchitectures?: string[];
  /**
   * Take over a subnet of that CIDR if the region has one.
   * @default false
   */
  readonly adoptExisting?: boolean;
  /**
   * Let a destroy delete what MAAS deletes along with the subnet and what is not in Terraform's state, such as addresses of
   * machines; else it is refused. What counts is the value of the last deployment: set it, deploy, then destroy.
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/** A network of the other family, with the class that takes it. */
function checkFamily(family: Family, cidrValue: Value | undefined, instead: (cidr: string) => string): Diagnostic[] {
  const cidr = typeof cidrValue === "string" ? Cidr.tryParse(cidrValue) : undefined;
  if (cidr === undefined || cidr.family === family) return [];
  return [
    fault(
      "cidr",
      `${cidr.toString()} is an IPv${cidr.family} network`,
      `This is the construct of IPv${family} subnets. Write ${instead(cidr.toString())}.`,
    ),
  ];
}

/**
 * What both families' subnets have in common.
 * @internal
 */
export abstract class Subnet extends MaasResource implements ISubnet {
  /** The VLAN that the subnet is on. */
  readonly vlan: IVlan;

  constructor(scope: Construct, id: string, family: Family, props: SubnetProps) {
    const { vlan } = props;
    const instead = (cidr: string) => `new Ipv${10 - family}Subnet(…, { cidr: "${cidr}" })`;
    const given = { ...props, vlan: vlan.id };
    super(scope, id, KINDS.subnet, given, {
      references: { vlan },
      check: ({ cidr }) => checkFamily(family, cidr, instead),
    });
    this.vlan = vlan;
  }

  get cidr(): string {
    return this.getStringAttribute("cidr");
  }

  get name(): string {
    return this.getStringAttribute("name");
  }

  get description(): string {
    return this.getStringAttribute("description");
  }

  get gatewayIp(): string {
    return this.getStringAttribute("gateway_ip");
  }

  get dnsServers(): string[] {
    return this.getListAttribute("dns_servers");
  }

  get rdnsMode(): number {
    return this.getNumberAttribute("rdns_mode");
  }

  get allowDns(): IResolvable {
    return this.getBooleanAttribute("allow_dns");
  }

  get allowProxy(): IResolvable {
    return this.getBooleanAttribute("allow_proxy");
  }

  get activeDiscovery(): IResolvable {
    return this.getBooleanAttribute("active_discovery");
  }

  get managed(): IResolvable {
    return this.getBooleanAttribute("managed");
  }

  get disabledBootArchitectures(): string[] {
    return this.getListAttribute("disabled_boot_architectures");
  }

  /** Terraform's id of the fabric that the subnet's VLAN is in. */
  get fabricId(): string {
    return this.getStringAttribute("fabric_id");
  }

  /** VID of the subnet's VLAN. */
  get vid(): number {
    return this.getNumberAttribute("vid");
  }

  /** Name of the space that the subnet's VLAN is in. */
  get space(): string {
    return this.getStringAttribute("space");
  }
}

/** A subnet that is looked up by its CIDR. */
export class ExistingSubnet extends MaasDataSource implements ISubnet {
  constructor(scope: Construct, id: string, family: Family, cidr: string, options?: TerraformMetaArguments) {
    const instead = (text: string) => `Ipv${10 - family}Subnet.fromCidr(…, "${text}")`;
    const check = () => checkFamily(family, toValue(cidr), instead);
    super(scope, id, KINDS.subnet, { by: { cidr }, check }, options);
  }

  get cidr(): string {
    return this.getStringAttribute("cidr");
  }
}
