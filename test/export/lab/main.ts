// Exported from a MAAS region by `cdktf-maas export`. The first plan imports every object and changes nothing; after
// that deployment drop the importFrom() calls.
import { App, TerraformStack } from "cdktf";
import {
  DnsDomain,
  DnsRecord,
  DynamicRange,
  Fabric,
  InterfaceLink,
  Ipv4Subnet,
  Ipv6Subnet,
  LinkMode,
  MaasProvider,
  Machine,
  NodeInterface,
  RackController,
  RackInterface,
  ReservedIp,
  ReservedRange,
  Space,
  StaticRoute,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

export class MaasNetwork extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl: "http://region:5240/MAAS" });

    const labSpace = new Space(this, "lab-space", { name: "lab" });
    labSpace.importFrom("1");

    new Fabric(this, "fabric-0", { name: "fabric-0" }).importFrom("0");

    const lab = new Fabric(this, "lab", { name: "lab", classType: "10g" });
    lab.importFrom("1");
    (lab.untagged as Vlan).importFrom("5002");
    const labUntaggedV4 = new Ipv4Subnet(this, "lab-untagged-v4", {
      cidr: "10.20.0.0/24",
      vlan: lab.untagged,
      name: "lab net",
      gatewayIp: "10.20.0.1",
      dnsServers: ["10.20.0.53"],
      disabledBootArchitectures: [],
    });
    labUntaggedV4.importFrom("1");
    new ReservedRange(this, "lab-untagged-v4-reserved", {
      subnet: labUntaggedV4,
      startIp: "10.20.0.2",
      endIp: "10.20.0.9",
      comment: "switches",
    }).importFrom("3");
    new DynamicRange(this, "lab-untagged-v4-dynamic", {
      subnet: labUntaggedV4,
      startIp: "10.20.0.100",
      endIp: "10.20.0.199",
    }).importFrom("1");
    const labUntaggedV6 = new Ipv6Subnet(this, "lab-untagged-v6", {
      cidr: "2001:db8:20::/64",
      vlan: lab.untagged,
      name: "2001:db8:20::/64",
      description: 'the "lab" costs $${x}',
      gatewayIp: "2001:db8:20::1",
      dnsServers: [],
      disabledBootArchitectures: [],
    });
    labUntaggedV6.importFrom("2");
    new ReservedRange(this, "lab-untagged-v6-reserved", {
      subnet: labUntaggedV6,
      startIp: "2001:db8:20:0:2::",
      endIp: "2001:db8:20:0:ffff:ffff:ffff:ffff",
    }).importFrom("4");
    const lab10 = new Vlan(this, "lab-10", { fabric: lab, vid: 10, name: "storage", mtu: 9000, space: labSpace });
    lab10.importFrom("5003");
    new Ipv6Subnet(this, "lab-10-v6", {
      cidr: "2001:db8:30::/64",
      vlan: lab10,
      name: "2001:db8:30::/64",
      dnsServers: [],
      managed: false,
      disabledBootArchitectures: [],
    }).importFrom("3");
    const lab20 = new Vlan(this, "lab-20", { fabric: lab, vid: 20, mtu: 1500 });
    lab20.importFrom("5004");
    const lab20V4 = new Ipv4Subnet(this, "lab-20-v4", {
      cidr: "10.21.0.0/24",
      vlan: lab20,
      name: "10.21.0.0/24",
      dnsServers: [],
      disabledBootArchitectures: [],
    });
    lab20V4.importFrom("4");
    new DynamicRange(this, "lab-20-v4-dynamic", {
      subnet: lab20V4,
      startIp: "10.21.0.100",
      endIp: "10.21.0.199",
    }).importFrom("2");

    const rack1 = new RackController(this, "rack-1", { hostname: "rack-1" });
    const rack1Eth1 = new RackInterface(this, "rack-1-eth1", { rack: rack1, name: "eth1", vlan: lab.untagged });
    rack1Eth1.importFrom("g8ghqf/1");

    new VlanDhcp(this, "lab-untagged-dhcp", { vlan: lab.untagged, primary: rack1Eth1 }).importFrom("5002");
    new VlanDhcp(this, "lab-20-dhcp", { vlan: lab20, relayTo: lab.untagged }).importFrom("5004");

    const node1 = new Machine(this, "node-1", { hostname: "node-1" });
    const node1Eth0 = new NodeInterface(this, "node-1-eth0", { machine: node1, name: "eth0" });
    new InterfaceLink(this, "node-1-eth0-v4", {
      networkInterface: node1Eth0,
      subnet: labUntaggedV4,
    }).importFrom("abc234/2/1");
    new InterfaceLink(this, "node-1-eth0-v6", {
      networkInterface: node1Eth0,
      subnet: labUntaggedV6,
      mode: LinkMode.STATIC,
      ipAddress: "2001:db8:20:0:1::10",
    }).importFrom("abc234/2/2");

    new StaticRoute(this, "lab-untagged-v4-to-lab-20-v4", {
      source: labUntaggedV4,
      destination: lab20V4,
      gatewayIp: "10.20.0.1",
    }).importFrom("1");

    const labExample = new DnsDomain(this, "lab-example", {
      name: "lab.example",
      ttl: 300,
      authoritative: true,
      isDefault: false,
    });
    labExample.importFrom("1");

    new DnsRecord(this, "lab-example-www-A-AAAA", {
      type: "A/AAAA",
      data: "10.20.0.20 2001:db8:20:0:1::20",
      name: "www",
      domain: labExample,
    }).importFrom("A/AAAA:1");
    new DnsRecord(this, "lab-example-MX", {
      type: "MX",
      data: "10 mail.lab.example.",
      name: "@",
      domain: labExample,
    }).importFrom("MX:1");
    new DnsRecord(this, "lab-example-txt-TXT", {
      type: "TXT",
      data: "costs $${x}",
      name: "txt",
      domain: labExample,
      ttl: 60,
    }).importFrom("TXT:2");

    new ReservedIp(this, "reserved", {
      ip: "10.20.0.50",
      macAddress: "52:54:00:00:00:50",
      subnet: labUntaggedV4,
      comment: "printer",
    }).importFrom("1");
  }
}

const app = new App();
new MaasNetwork(app, "maas-network");
app.synth();
