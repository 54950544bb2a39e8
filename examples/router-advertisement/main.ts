import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  RouterAdvertisement,
  RouterPreference,
  StaticRange,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** The region as the racks reach it: by name, which an IPv6 network needs. */
const REGION_URL = "http://region.lab.example:5240/MAAS";

/** A network whose router runs radvd: machines have static addresses, virtual machines ask DHCPv6, phones help themselves. */
class AdvertisedNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl }); // the key comes from MAAS_API_KEY

    const vlan = new Fabric(this, "office", { name: "office" }).untagged;
    const v4 = new Ipv4Subnet(this, "v4", { vlan, cidr: "10.30.0.0/24", gatewayIp: "10.30.0.1" });
    new DynamicRange(this, "pool4", { subnet: v4, startIp: "10.30.0.100", endIp: "10.30.0.199" });

    const v6 = new Ipv6Subnet(this, "v6", {
      vlan,
      cidr: "fd5a:7c01:9b3e:30::/64",
      gatewayIp: "fd5a:7c01:9b3e:30::1",
      dnsServers: ["fd5a:7c01:9b3e:30::53"],
    });
    new StaticRange(this, "nodes", {
      subnet: v6,
      startIp: "fd5a:7c01:9b3e:30:1::",
      endIp: "fd5a:7c01:9b3e:30:1:ffff:ffff:ffff",
    });
    new DynamicRange(this, "pool6", {
      subnet: v6,
      startIp: "fd5a:7c01:9b3e:30:2::",
      endIp: "fd5a:7c01:9b3e:30:2::ffff",
    });

    const rack = new RackController(this, "rack1", { hostname: "rack1", regionUrl: REGION_URL });
    const eth1 = new RackInterface(this, "rack1-eth1", { rack, name: "eth1", vlan });
    new VlanDhcp(this, "dhcp", { vlan, primary: eth1 });

    // The router that runs radvd. Its file is written to radvd/core-1.conf in the stack's folder.
    const advertisement = new RouterAdvertisement(this, "advertisement", {
      subnet: v6,
      router: "core-1",
      interfaceName: "eth3",
      addressesFromDhcp: true, // M: ask DHCPv6 for an address
      otherConfigFromDhcp: true, // O: and for DNS servers
      autonomousAddresses: true, // A: or make one from the prefix
      routerLifetime: 1800,
      validLifetime: 86400,
      preferredLifetime: 14400,
      routerPreference: RouterPreference.HIGH, // over core-2
      dnsServers: ["fd5a:7c01:9b3e:30::53"],
      dnsServersLifetime: 3600,
      dnsSearch: ["office.example"],
    });
    // A second router on the same network, which somebody else looks after. Nothing is written for it.
    RouterAdvertisement.fromRouter(this, "backup", {
      subnet: v6,
      router: "core-2",
      addressesFromDhcp: true,
      otherConfigFromDhcp: true,
      autonomousAddresses: true,
    });

    new TerraformOutput(this, "radvd_conf", { value: advertisement.config });
    new TerraformOutput(this, "radvd_conf_file", { value: advertisement.configFile });
  }
}

const app = new App();
new AdvertisedNetwork(app, "advertised-network");
app.synth();
