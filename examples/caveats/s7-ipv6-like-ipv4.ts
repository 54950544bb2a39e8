import { type IRack, Ipv6Subnet, StaticRange } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** A dual-stack lab that a rack serves. */
abstract class DualStack extends Lab {
  constructor(scope: Construct, id: string) {
    super(scope, id, 7);
    const { vlan } = this;
    this.serveIpv4("lab", vlan, this.server());
    const subnet = new Ipv6Subnet(this, "v6", { vlan, cidr: "2001:db8:7::/64", gatewayIp: "2001:db8:7::1" });
    new StaticRange(this, "nodes", { subnet, startIp: "2001:db8:7:0:1::", endIp: "2001:db8:7:0:1:ffff:ffff:ffff" });
  }

  protected abstract server(): IRack;
}

/** The rack is named as DHCP server, but none of its interfaces is on the VLAN. */
export class Broken extends DualStack {
  protected override server(): IRack {
    return this.rack;
  }
}

/** An interface of the rack is on the VLAN, for IPv4 and IPv6. */
export class Mended extends DualStack {
  protected override server(): IRack {
    return this.connect("eth0", this.vlan);
  }
}
