import { TerraformStack } from "cdktf";
import {
  Fabric,
  InterfaceLink,
  Ipv6Subnet,
  type ISubnet,
  type IVlan,
  Machine,
  MaasProvider,
  NodeInterface,
  Vlan,
} from "cdktf-maas";
import type { Construct } from "constructs";
import { apiUrl } from "./lab";

/** A machine and its VLANs: commissioning found them, so they are looked up. */
abstract class Node extends TerraformStack {
  readonly #machine: Machine;
  readonly #fabric = Fabric.fromName(this, "fabric", "machines");
  protected readonly front = this.#fabric.untagged;
  protected readonly storage = Vlan.fromVid(this, "storage-vlan", this.#fabric, 20);

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas", { apiUrl }); // the key comes from MAAS_API_KEY
    this.#machine = new Machine(this, "node", { hostname: "node-s3" });
  }

  protected nic(name: string): NodeInterface {
    return new NodeInterface(this, name, { machine: this.#machine, name });
  }

  protected subnet(name: string, vlan: IVlan, prefix: string): ISubnet {
    return new Ipv6Subnet(this, name, { vlan, cidr: `${prefix}::/64`, gatewayIp: `${prefix}::1` });
  }

  protected link(networkInterface: NodeInterface, subnet: ISubnet): void {
    new InterfaceLink(this, `to-${subnet.node.id}`, { networkInterface, subnet });
  }
}

/** One interface of a machine on two IPv6 subnets. */
export class Broken extends Node {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const eth0 = this.nic("eth0");
    this.link(eth0, this.subnet("front", this.front, "2001:db8:3:1"));
    this.link(eth0, this.subnet("storage", this.front, "2001:db8:3:2"));
  }
}

/** The second subnet on a VLAN of its own, where the machine has another interface. */
export class Mended extends Node {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.link(this.nic("eth0"), this.subnet("front", this.front, "2001:db8:3:1"));
    this.link(this.nic("eth1"), this.subnet("storage", this.storage, "2001:db8:3:2"));
  }
}
