import type { Construct, IResolvable, TerraformMetaArguments } from "../cdk";
import { fieldsOf } from "../model/kind";
import { KINDS } from "../model/kinds";
import type { IFabric } from "./fabric";
import { RegionReading } from "./internal/region-reading";
import type { ISubnet } from "./subnet";

const SOURCE = "src/provider/network-data-source.ts, src/provider/subnet-addresses.ts";

/** Properties of a {@link RegionNetwork}. */
export interface RegionNetworkProps extends TerraformMetaArguments {
  /**
   * Only these fabrics, with all that is in them.
   * @default - all
   */
  readonly fabrics?: IFabric[];
  /**
   * Also the links of machines, whose list costs the region most.
   * @default false
   */
  readonly machines?: boolean;
}

const NETWORK = fieldsOf({
  fabrics: {
    type: ["set", "string"],
    presence: "optional",
    references: "fabric",
    doc: "Only these fabrics.",
    source: SOURCE,
  },
  machines: { type: "bool", presence: "optional", doc: "Also the links of machines.", source: SOURCE },
});

/** The whole network of the region, or of some fabrics, as a desired-state document. Terraform reads it at plan. */
export class RegionNetwork extends RegionReading {
  /** Terraform's type of the data source, which CDKTF's matchers go by. */
  static readonly tfResourceType = "maas_network";

  /** @throws ConstructError when a fabric is no construct. */
  constructor(scope: Construct, id: string, props: RegionNetworkProps = {}) {
    const { tfResourceType: type } = RegionNetwork;
    super(scope, id, props, { type, title: "network of a region", kind: KINDS.fabric, fields: NETWORK });
  }

  /** The network as `cdktf-maas export --format document` writes it: read it with `Fn.jsondecode`. */
  get document(): string {
    return this.getStringAttribute("document");
  }

  /** How many objects of each kind it has, by kind. */
  get counts(): IResolvable {
    return this.interpolationForAttribute("counts");
  }

  /** Release of the region. */
  get maasVersion(): string {
    return this.getStringAttribute("maas_version");
  }

  /** What the region has and no document can say, in sentences. */
  get leftOut(): string[] {
    return this.getListAttribute("left_out");
  }
}

/** Properties of {@link SubnetAddresses}. */
export interface SubnetAddressesProps extends TerraformMetaArguments {
  /** The subnet, of either family. */
  readonly subnet: ISubnet;
}

const ADDRESSES = fieldsOf({
  subnet: { type: "string", presence: "required", references: "subnet", doc: "The subnet.", source: SOURCE },
});

/** Who has which address of a subnet of either family, as MAAS knows it. Terraform reads it at plan. */
export class SubnetAddresses extends RegionReading {
  /** Terraform's type of the data source, which CDKTF's matchers go by. */
  static readonly tfResourceType = "maas_subnet_addresses";

  /** The subnet. */
  readonly subnet: ISubnet;

  /** @throws ConstructError when the subnet is no construct. */
  constructor(scope: Construct, id: string, props: SubnetAddressesProps) {
    const { tfResourceType: type } = SubnetAddresses;
    super(scope, id, props, { type, title: "list of addresses", kind: KINDS.subnet, fields: ADDRESSES });
    this.subnet = props.subnet;
  }

  /** Every address that somebody has, in their order, with its `type`, `hostname`, `fqdn`, `system_id`, `network_interface`, `user` and `dns_names`. */
  get addresses(): IResolvable {
    return this.interpolationForAttribute("addresses");
  }

  /** The addresses alone. */
  get ipAddresses(): string[] {
    return this.each("addresses", "ip");
  }

  /** The subnet's dynamic and reserved ranges, with `type`, `start_ip`, `end_ip` and `comment`. */
  get ranges(): IResolvable {
    return this.interpolationForAttribute("ranges");
  }

  /** The network. */
  get cidr(): string {
    return this.getStringAttribute("cidr");
  }

  /** 4 or 6. */
  get family(): number {
    return this.getNumberAttribute("family");
  }

  /** Address of the router. */
  get gatewayIp(): string {
    return this.getStringAttribute("gateway_ip");
  }

  /** Addresses of the DNS servers. */
  get dnsServers(): string[] {
    return this.getListAttribute("dns_servers");
  }
}
