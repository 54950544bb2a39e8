import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  AddressPlan,
  DualStackSegment,
  Fabric,
  Ipv4Subnet,
  MaasProvider,
  RackController,
  ReservedIp,
  StaticRoute,
  UniqueLocalPrefix,
  Vlan,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** The region as the racks reach it: by name, which an IPv6 network needs. */
const REGION_URL = "http://region.plan.example:5240/MAAS";

/** One /48 for the organisation, made once from a text that nobody else has. */
const PLAN = new AddressPlan({
  ipv6: UniqueLocalPrefix.fromSeed("plan.example 3f0c8d5f0a6e4b0f9d5c7a1e2b4d6f80"),
  ipv4: "10.32.0.0/11",
  ipv4PrefixLength: 24,
  sites: 16,
});

/** Sites by their index in the plan. An index is never used again, so that no network ever moves. */
const SITES = [
  { index: 0, name: "north", rack: "rack1", interfaceName: "eth1" },
  { index: 1, name: "south", rack: "rack2", interfaceName: "eth0" },
];

/** Who always gets the same address, by the index of the lease at the site. */
const LEASES = [
  { site: "north", lease: 0, host: "printer", macAddress: "52:54:00:32:00:01" },
  { site: "south", lease: 0, host: "printer", macAddress: "52:54:00:32:01:01" },
];

/** VIDs, which are the segments' indexes too. */
const MACHINES = 20;
const STORAGE = 30;

/** The router that leads from the machines to the storage: the segment's gateway is router 0. */
const STORAGE_ROUTER = 1;

/** Two sites with the same VLANs; all their networks come from the plan. */
class PlannedNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl }); // the key comes from MAAS_API_KEY

    for (const { index, name, rack: hostname, interfaceName } of SITES) {
      const site = PLAN.site(index);
      const fabric = new Fabric(this, name, { name });
      const rack = new RackController(this, hostname, { hostname, regionUrl: REGION_URL });

      const { ipv4Cidr = "", ipv6Cidr } = site.segment(MACHINES);
      const machines = new DualStackSegment(this, `${name}-machines`, {
        fabric,
        vid: MACHINES,
        ipv4Cidr,
        ipv6Cidr,
        racks: [{ rack, interfaceName }],
        router: { name: `${name}-core` },
      });

      const storage = new Vlan(this, `${name}-storage`, { fabric, vid: STORAGE, name: "storage" });
      const storageCidr = site.segment(STORAGE).ipv4Cidr ?? "";
      const destination = new Ipv4Subnet(this, `${name}-storage-v4`, { vlan: storage, cidr: storageCidr });

      const { ipv4Gateway = "" } = site.route(MACHINES, site.segment(STORAGE), STORAGE_ROUTER);
      new StaticRoute(this, `${name}-to-storage`, {
        source: machines.ipv4Subnet,
        destination,
        gatewayIp: ipv4Gateway,
      });

      for (const { lease, host, macAddress } of LEASES.filter((one) => one.site === name)) {
        const { ipv4 = "", ipv6 } = site.lease(MACHINES, lease);
        new ReservedIp(this, `${name}-${host}-v4`, { ip: ipv4, macAddress, subnet: machines.ipv4Subnet });
        new ReservedIp(this, `${name}-${host}-v6`, { ip: ipv6, macAddress, subnet: machines.ipv6Subnet });
      }

      new TerraformOutput(this, `${name}_ipv6`, { value: machines.ipv6Subnet.cidr });
    }
  }
}

const app = new App();
new PlannedNetwork(app, "planned-network");
app.synth();
