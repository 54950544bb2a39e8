import { DynamicRange, Ipv4Subnet, Ipv6Subnet, StaticRange, VlanDhcp } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** IPv4 and IPv6 on a VLAN whose IPv4 DHCP MAAS does not manage. */
export class Broken extends Lab {
  protected readonly v4: Ipv4Subnet;

  constructor(scope: Construct, id: string) {
    super(scope, id, 2);
    const { vlan } = this;
    this.v4 = new Ipv4Subnet(this, "v4", { vlan, cidr: "10.2.0.0/24", gatewayIp: "10.2.0.1" });
    const v6 = new Ipv6Subnet(this, "v6", { vlan, cidr: "2001:db8:2::/64", gatewayIp: "2001:db8:2::1" });
    new StaticRange(this, "nodes", { subnet: v6, startIp: "2001:db8:2:0:1::", endIp: "2001:db8:2:0:1:ffff:ffff:ffff" });
  }
}

/** The same, with a pool of IPv4 addresses and DHCP by the rack. */
export class Mended extends Broken {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { vlan } = this;
    new DynamicRange(this, "pool", { subnet: this.v4, startIp: "10.2.0.100", endIp: "10.2.0.199" });
    new VlanDhcp(this, "dhcp", { vlan, primary: this.connect("eth0", vlan) });
  }
}
