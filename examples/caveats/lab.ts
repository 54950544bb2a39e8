import { TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  type IRack,
  Ipv4Subnet,
  type IVlan,
  MaasProvider,
  RackController,
  RackInterface,
  VlanDhcp,
} from "cdktf-maas";
import type { Construct } from "constructs";

/** URL of the region; the default is that of `cdktf-maas simulate`. */
export const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

/** What a lab may have in its own way. */
export interface LabProps {
  /** URL of the region, as Terraform reaches it. */
  readonly apiUrl?: string;
  /** URL of the region, as the lab's rack reaches it. */
  readonly regionUrl?: string;
}

/** What all examples have in common: a fabric and a rack of their own, so that one region holds them side by side. */
export abstract class Lab extends TerraformStack {
  /** The untagged VLAN of the lab's fabric. */
  readonly vlan: IVlan;
  readonly rack: RackController;
  protected readonly fabric: Fabric;
  readonly #number: number;

  constructor(scope: Construct, id: string, number: number, props: LabProps = {}) {
    super(scope, id);
    const { regionUrl = "http://region.lab.example:5240/MAAS" } = props;
    new MaasProvider(this, "maas", { apiUrl: props.apiUrl ?? apiUrl }); // the key comes from MAAS_API_KEY
    this.#number = number;
    this.fabric = new Fabric(this, "fabric", { name: `caveat-${number}` });
    this.vlan = this.fabric.untagged;
    this.rack = new RackController(this, "rack", { hostname: `rack-s${number}`, regionUrl });
  }

  /** IPv4 on a VLAN, with DHCP by MAAS: what IPv6 needs beside it. */
  protected serveIpv4(name: string, vlan: IVlan, primary: IRack): void {
    const prefix = `10.${this.#number}.${vlan === this.vlan ? 0 : 20}`;
    const v4 = new Ipv4Subnet(this, `${name}-v4`, { vlan, cidr: `${prefix}.0/24`, gatewayIp: `${prefix}.1` });
    new DynamicRange(this, `${name}-pool`, { subnet: v4, startIp: `${prefix}.100`, endIp: `${prefix}.199` });
    new VlanDhcp(this, `${name}-dhcp`, { vlan, primary });
  }

  /** Puts a network interface of the lab's rack on a VLAN. */
  protected connect(name: string, vlan: IVlan): RackInterface {
    return new RackInterface(this, name, { rack: this.rack, name, vlan });
  }
}
