import { Ipv6Subnet, type IVlan, StaticRange, Vlan } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** A lab with IPv6 subnets for two purposes. */
abstract class TwoNetworks extends Lab {
  constructor(scope: Construct, id: string) {
    super(scope, id, 4);
    this.serveIpv4("front", this.vlan, this.connect("eth0", this.vlan));
  }

  protected serveIpv6(name: string, vlan: IVlan, prefix: string): void {
    const subnet = new Ipv6Subnet(this, name, { vlan, cidr: `${prefix}::/64`, gatewayIp: `${prefix}::1` });
    const startIp = `${prefix}:1::`;
    new StaticRange(this, `${name}-nodes`, { subnet, startIp, endIp: `${prefix}:1:ffff:ffff:ffff` });
  }
}

/** Two IPv6 subnets on one VLAN, where the rack has one interface. */
export class Broken extends TwoNetworks {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.serveIpv6("front", this.vlan, "2001:db8:4:1");
    this.serveIpv6("storage", this.vlan, "2001:db8:4:2");
  }
}

/** Each IPv6 subnet on a VLAN of its own, with an interface of the rack there. */
export class Mended extends TwoNetworks {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.serveIpv6("front", this.vlan, "2001:db8:4:1");

    const vlan20 = new Vlan(this, "vlan20", { fabric: this.fabric, vid: 20 });
    this.serveIpv4("storage", vlan20, this.connect("eth1", vlan20));
    this.serveIpv6("storage", vlan20, "2001:db8:4:2");
  }
}
