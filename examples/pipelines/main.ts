import { App, TerraformStack } from "cdktf";
import { DynamicRange, Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, StaticRange } from "cdktf-maas";
import { RackController, RackInterface, VlanDhcp } from "cdktf-maas";

const app = new App();
const stack = new TerraformStack(app, "site-network");
new MaasProvider(stack, "maas", { apiUrl: process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS" });

const { untagged } = new Fabric(stack, "site", { name: "site" });
const v4 = new Ipv4Subnet(stack, "v4", { vlan: untagged, cidr: "10.50.0.0/24", gatewayIp: "10.50.0.1" });
const pool = new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.50.0.100", endIp: "10.50.0.199" });
const v6 = new Ipv6Subnet(stack, "v6", { vlan: untagged, cidr: "2001:db8:50::/64", gatewayIp: "2001:db8:50::1" });
new StaticRange(stack, "machines", {
  subnet: v6,
  startIp: "2001:db8:50:0:1::",
  endIp: "2001:db8:50:0:1:ffff:ffff:ffff",
});
const pool6 = new DynamicRange(stack, "pool6", {
  subnet: v6,
  startIp: "2001:db8:50:0:2::",
  endIp: "2001:db8:50:0:2::ffff",
});
const rack = new RackController(stack, "rack", {
  hostname: "rack1",
  regionUrl: "http://region.site.example:5240/MAAS",
});
const nic = new RackInterface(stack, "nic", { rack, name: "eth1", vlan: untagged });
new VlanDhcp(stack, "dhcp", { vlan: untagged, primary: nic, ranges: [pool, pool6] });

app.synth();
