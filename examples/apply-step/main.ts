import { App, TerraformStack } from "cdktf";
import {
  ApplyCarrier,
  ApplyStep,
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasEngine,
  MaasProvider,
  RackController,
  Space,
  StaticRange,
  Suppressions,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** A dual-stack network for a pipeline that allows no Terraform provider of one's own. */
class AppliedNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl, engine: MaasEngine.APPLY_STEP }); // the key comes from MAAS_API_KEY

    // The rack was there first, with its addresses: from these MAAS has made the two subnets, which are adopted.
    const site = Fabric.fromName(this, "site", "site");
    const vlan = site.untagged;
    const adoptExisting = true;
    const v4 = new Ipv4Subnet(this, "v4", { vlan, cidr: "10.40.0.0/24", gatewayIp: "10.40.0.1", adoptExisting });
    const pool = new DynamicRange(this, "pool", { subnet: v4, startIp: "10.40.0.100", endIp: "10.40.0.199" });

    const prefix = "fd5a:7c01:9b3e:40";
    const v6 = new Ipv6Subnet(this, "v6", { vlan, cidr: `${prefix}::/64`, gatewayIp: `${prefix}::1`, adoptExisting });
    new StaticRange(this, "machines", { subnet: v6, startIp: `${prefix}:1::`, endIp: `${prefix}:1:ffff:ffff:ffff` });
    const pool6 = new DynamicRange(this, "pool6", { subnet: v6, startIp: `${prefix}:2::`, endIp: `${prefix}:2::ffff` });
    Suppressions.of(v6).add({ id: "MAAS6-RTR-01", reason: "the site's router sends the router advertisements" });

    const regionUrl = "http://region.lab.example:5240/MAAS";
    const rack = new RackController(this, "rack", { hostname: "rack1", regionUrl });
    new VlanDhcp(this, "dhcp", { vlan, primary: rack, ranges: [pool, pool6] });

    // Makes all objects when the stack is deployed, whether they are above or below this line. Terraform needs no provider for it.
    new ApplyStep(this, "apply", { carrier: ApplyCarrier.TERRAFORM_DATA });

    const storage = new Space(this, "storage", { name: "storage" });
    const vlan20 = new Vlan(this, "vlan20", { fabric: site, vid: 20, name: "storage", mtu: 9000, space: storage });
    new Ipv4Subnet(this, "storage-v4", { vlan: vlan20, cidr: "10.40.20.0/24" });
  }
}

const app = new App();
new AppliedNetwork(app, "applied-network");
app.synth();
