import { Ipv6Subnet, StaticRange } from "cdktf-maas";
import type { Construct } from "constructs";
import { Lab } from "./lab";

/** A dual-stack lab whose rack reaches the region by the URL. */
abstract class RackWithRegionUrl extends Lab {
  constructor(scope: Construct, id: string, regionUrl: string) {
    super(scope, id, 5, { regionUrl });
    const { vlan } = this;
    this.serveIpv4("lab", vlan, this.connect("eth0", vlan));
    const subnet = new Ipv6Subnet(this, "v6", { vlan, cidr: "2001:db8:5::/64", gatewayIp: "2001:db8:5::1" });
    new StaticRange(this, "nodes", { subnet, startIp: "2001:db8:5:0:1::", endIp: "2001:db8:5:0:1:ffff:ffff:ffff" });
  }
}

/** The rack of an IPv6 network knows the region by an address, which is of one family. */
export class Broken extends RackWithRegionUrl {
  constructor(scope: Construct, id: string) {
    super(scope, id, "http://10.5.0.5:5240/MAAS");
  }
}

/** The rack knows the region by its host name. */
export class Mended extends RackWithRegionUrl {
  constructor(scope: Construct, id: string) {
    super(scope, id, "http://region.lab.example:5240/MAAS");
  }
}
