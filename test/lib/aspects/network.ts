import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  type IVlan,
  MaasProvider,
  RackController,
  RackInterface,
  StaticRange,
  VlanDhcp,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import type { Finding } from "../../../lib/rules/report";
import { temporaryFolder } from "../../support/synth";

/** An app that writes to a fresh folder. */
export const appOf = (config: { readonly skipValidation?: boolean; readonly stackTraces?: boolean } = {}): App =>
  new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false, ...config });

/** A stack with a region that counts as an example, so that documentation prefixes pass. */
export function stackOf(app: App, id: string, apiUrl = "http://127.0.0.1:5240/MAAS"): TerraformStack {
  const stack = new TerraformStack(app, id);
  new MaasProvider(stack, "maas", { apiUrl });
  return stack;
}

/** An IPv4 subnet, which alone passes all rules. */
export function ipv4(stack: TerraformStack, cidr: string, id = "v4"): Ipv4Subnet {
  const { untagged } = new Fabric(stack, `${id}-fabric`, { name: `${stack.node.id}-${id}` });
  return new Ipv4Subnet(stack, id, { vlan: untagged, cidr });
}

/** An IPv6 subnet on a VLAN without IPv4: MAAS6-DUA-01 and 02. */
export function ipv6Alone(stack: TerraformStack, cidr = "2001:db8:1::/64"): Ipv6Subnet {
  const { untagged } = new Fabric(stack, "fabric", { name: stack.node.id });
  return new Ipv6Subnet(stack, "v6", { vlan: untagged, cidr, gatewayIp: cidr.replace("/64", "1") });
}

/** A dual-stack VLAN that passes all rules, but for MAAS6-RTR-01 (a warning) and RNG-07 (information). */
export function dualStack(stack: TerraformStack): { readonly vlan: IVlan; readonly v6: Ipv6Subnet } {
  const { untagged: vlan } = new Fabric(stack, "fabric", { name: stack.node.id });
  const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.1.0.0/24" });
  new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.1.0.100", endIp: "10.1.0.199" });
  const rack = new RackController(stack, "rack", { hostname: "rack1", regionUrl: "http://region.example:5240/MAAS" });
  new VlanDhcp(stack, "dhcp", { vlan, primary: new RackInterface(stack, "nic", { rack, name: "eth1", vlan }) });
  const v6 = new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:1::/64", gatewayIp: "2001:db8:1::1" });
  new StaticRange(stack, "nodes", { subnet: v6, startIp: "2001:db8:1:0:1::", endIp: "2001:db8:1:0:1:ffff:ffff:ffff" });
  new DynamicRange(stack, "pool6", { subnet: v6, startIp: "2001:db8:1:0:2::", endIp: "2001:db8:1:0:2::ffff" });
  return { vlan, v6 };
}

/** The findings about the app, suppressed ones included. */
export const findingsOf = (app: App): readonly Finding[] => caveatReport(app).findings;

/** The findings as `ID path`, suppressed ones left out. */
export const saidOf = (app: App): string[] =>
  findingsOf(app)
    .filter(({ suppressed }) => suppressed === undefined)
    .map(({ id, where }) => `${id} ${where.path}`);
