import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  AddressBlock,
  DnsZone,
  DualStackSegment,
  Fabric,
  MaasProvider,
  RackController,
  ReservedRange,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** The region as the racks reach it: by name, which an IPv6 network needs. */
const REGION_URL = "http://region.lab.example:5240/MAAS";

const IPV6 = "fd5a:7c01:9b3e:20::/64";

/** A VLAN with IPv4 and IPv6 as MAAS wants them, in one construct. */
class SegmentNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl }); // the key comes from MAAS_API_KEY

    const fabric = new Fabric(this, "plant", { name: "plant" });
    const rack = new RackController(this, "rack1", { hostname: "rack1", regionUrl: REGION_URL });
    const segment = new DualStackSegment(this, "machines", {
      fabric,
      vid: 20,
      ipv4Cidr: "10.20.20.0/24",
      ipv6Cidr: IPV6,
      racks: [{ rack, interfaceName: "eth1" }],
      router: { name: "core-1" },
      // A million addresses for containers and virtual machines, in place of 65536.
      ipv6DynamicRange: AddressBlock.dynamicRange(IPV6, 20),
    });

    // Every part is there to be added to.
    new ReservedRange(this, "switches", {
      subnet: segment.ipv4Subnet,
      startIp: "10.20.20.2",
      endIp: "10.20.20.9",
      comment: "switches",
    });
    // Names for addresses of both families. MAAS makes the reverse names, from its subnets.
    const zone = new DnsZone(this, "names", {
      name: "plant.example",
      subnets: [segment.ipv4Subnet, segment.ipv6Subnet],
      hosts: [{ name: "depot", addresses: ["10.20.20.10", "fd5a:7c01:9b3e:20:3::10"], aliases: ["backup"] }],
    });
    zone.addRecord("TXT", "@", "the names of the plant");
    new TerraformOutput(this, "ipv6_subnet_id", { value: segment.ipv6Subnet.id });
    new TerraformOutput(this, "first_machine", { value: segment.staticRange.startIp });
  }
}

const app = new App();
new SegmentNetwork(app, "segment-network");
app.synth();
