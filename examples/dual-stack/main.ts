import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  ReservedRange,
  Space,
  StaticRange,
  Suppressions,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** The region as the racks reach it: by name, which an IPv6 network needs. */
const REGION_URL = "http://region.lab.example:5240/MAAS";

/** A lab with IPv4 and IPv6 on the untagged VLAN, DHCP for both, and a storage VLAN beside it. */
class LabNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl }); // the key comes from MAAS_API_KEY

    const lab = new Fabric(this, "lab", { name: "lab" });
    const pxe = lab.untagged;

    const v4 = new Ipv4Subnet(this, "lab-v4", { vlan: pxe, cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1" });
    new ReservedRange(this, "routers", {
      subnet: v4,
      startIp: "10.20.0.1",
      endIp: "10.20.0.9",
      comment: "routers and switches",
    });
    const pool = new DynamicRange(this, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });

    const v6 = new Ipv6Subnet(this, "lab-v6", { vlan: pxe, cidr: "2001:db8:20::/64", gatewayIp: "2001:db8:20::1" });
    // Deployed machines get their IPv6 addresses from here.
    new StaticRange(this, "nodes", {
      subnet: v6,
      startIp: "2001:db8:20:0:1::",
      endIp: "2001:db8:20:0:1:ffff:ffff:ffff",
    });
    const pool6 = new DynamicRange(this, "pool6", {
      subnet: v6,
      startIp: "2001:db8:20:0:2::",
      endIp: "2001:db8:20:0:2::ffff",
    });

    Suppressions.of(v6).add({ id: "MAAS6-RTR-01", reason: "the lab's router sends the router advertisements" });

    const rack = new RackController(this, "rack1", { hostname: "rack1", regionUrl: REGION_URL });
    const eth1 = new RackInterface(this, "rack1-eth1", { rack, name: "eth1", vlan: pxe });
    const dhcp = new VlanDhcp(this, "dhcp", { vlan: pxe, primary: eth1, ranges: [pool, pool6] });

    const storage = new Space(this, "storage", { name: "storage" });
    const vlan20 = new Vlan(this, "vlan20", { fabric: lab, vid: 20, name: "storage", mtu: 9000, space: storage });
    new Ipv4Subnet(this, "storage-v4", { vlan: vlan20, cidr: "10.20.20.0/24" });

    new TerraformOutput(this, "lab_v4_id", { value: v4.id });
    new TerraformOutput(this, "lab_v6_id", { value: v6.id });
    new TerraformOutput(this, "dhcp_on", { value: dhcp.dhcpOn });
    new TerraformOutput(this, "rack_addresses", { value: eth1.ipAddresses });
  }
}

const app = new App();
new LabNetwork(app, "lab-network");
app.synth();
