import { Ipv6Subnet, StaticRange } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** A dual-stack lab without a range of IPv6 addresses for machines. */
export class Broken extends Lab {
  protected readonly v6: Ipv6Subnet;

  constructor(scope: Construct, id: string) {
    super(scope, id, 8);
    const { vlan } = this;
    this.serveIpv4("lab", vlan, this.connect("eth0", vlan));
    this.v6 = new Ipv6Subnet(this, "v6", { vlan, cidr: "2001:db8:8::/64", gatewayIp: "2001:db8:8::1" });
  }
}

/** The same, with 2^48 addresses for machines. */
export class Mended extends Broken {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new StaticRange(this, "nodes", {
      subnet: this.v6,
      startIp: "2001:db8:8:0:1::",
      endIp: "2001:db8:8:0:1:ffff:ffff:ffff",
    });
  }
}
