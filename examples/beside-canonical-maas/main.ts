import { App, TerraformElement, TerraformStack } from "cdktf";
import { Fabric, InterfaceLink, Ipv4Subnet, Machine, MaasProvider, NodeInterface } from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** A DNS record by canonical/maas, as its bindings (`cdktf get`) would add it: what that provider alone has, it keeps. */
class CanonicalMaas extends TerraformElement {
  override toTerraform(): object {
    return {
      terraform: { required_providers: { maas: { source: "canonical/maas", version: "2.4.0" } } },
      provider: { maas: [{ api_url: apiUrl }] },
      resource: { maas_dns_record: { www: { type: "A/AAAA", data: "10.20.0.10", name: "www", domain: "maas" } } },
    };
  }
}

/** Names by canonical/maas, networks by this package, in one stack. */
class SharedStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new CanonicalMaas(this, "canonical");
    // Both providers are called "maas": ours gets a name of its own.
    new MaasProvider(this, "networks", { localName: "networks", apiUrl });
    const fabric = new Fabric(this, "lab", { name: "lab" });
    const subnet = new Ipv4Subnet(this, "nodes", { vlan: fabric.untagged, cidr: "10.20.0.0/24" });
    const machine = new Machine(this, "machine", { hostname: "machine1" });
    const networkInterface = new NodeInterface(this, "eth0", { machine, name: "eth0" });
    // All links of an interface by one provider: canonical/maas disconnects the whole interface before it makes one.
    new InterfaceLink(this, "link", { networkInterface, subnet });
  }
}

const app = new App();
new SharedStack(app, "shared-stack");
app.synth();
