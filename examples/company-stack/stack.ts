import { TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  StaticRange,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** What is different from site to site. */
export interface SiteNetworkProps {
  /** URL of the region. The key comes from MAAS_API_KEY. */
  readonly apiUrl: string;
  /** Number of the site, 1 to 254: it is in all of the site's networks. */
  readonly site: number;
  /** Host name of the site's rack controller. */
  readonly rack: string;
  /** The rack's interface to the machines, such as `eth1`. */
  readonly nic: string;
}

/** A company's network for machines at one site: IPv4 and IPv6 on one VLAN, served by the site's rack. */
export class SiteNetwork extends TerraformStack {
  constructor(scope: Construct, id: string, { apiUrl, site, rack, nic }: SiteNetworkProps) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl });
    const { untagged: vlan } = new Fabric(this, "fabric", { name: id });

    const v4 = new Ipv4Subnet(this, "v4", { vlan, cidr: `10.${site}.0.0/22`, gatewayIp: `10.${site}.0.1` });
    new DynamicRange(this, "pool", { subnet: v4, startIp: `10.${site}.2.0`, endIp: `10.${site}.3.254` });

    const prefix = `fd5a:7c01:9b3e:${site.toString(16)}`;
    const v6 = new Ipv6Subnet(this, "v6", { vlan, cidr: `${prefix}::/64`, gatewayIp: `${prefix}::1` });
    new StaticRange(this, "machines", { subnet: v6, startIp: `${prefix}:1::`, endIp: `${prefix}:1:ffff:ffff:ffff` });

    const regionUrl = "http://maas.company.example:5240/MAAS";
    const controller = new RackController(this, "rack", { hostname: rack, regionUrl });
    new VlanDhcp(this, "dhcp", {
      vlan,
      primary: new RackInterface(this, "nic", { rack: controller, name: nic, vlan }),
    });
  }
}
