import { Ipv6Subnet, StaticRange } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** An IPv6 subnet on a VLAN without IPv4: MAAS could not deploy a machine there. */
export class Broken extends Lab {
  constructor(scope: Construct, id: string) {
    super(scope, id, 1);
    const subnet = new Ipv6Subnet(this, "v6", {
      vlan: this.vlan,
      cidr: "2001:db8:1::/64",
      gatewayIp: "2001:db8:1::1",
    });
    new StaticRange(this, "nodes", { subnet, startIp: "2001:db8:1:0:1::", endIp: "2001:db8:1:0:1:ffff:ffff:ffff" });
  }
}

/** The same, with IPv4 on the VLAN. */
export class Mended extends Broken {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.serveIpv4("lab", this.vlan, this.connect("eth0", this.vlan));
  }
}
