import type { TerraformStack } from "cdktf";
import {
  Fabric,
  Ipv4Subnet,
  MaasEngine,
  MaasProvider,
  type MaasProviderProps,
  RackController,
  StaticRange,
} from "cdktf-maas";

/** A region that counts as an example, with the engine. */
export function regionOf(stack: TerraformStack, engine: MaasEngine, props: MaasProviderProps = {}): MaasProvider {
  return new MaasProvider(stack, props.alias ?? "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine, ...props });
}

/** A fabric, its untagged VLAN, a subnet, a static range of it, and a rack controller that is looked up. */
export function network(
  stack: TerraformStack,
  cidr = "10.0.0.0/24",
): { readonly fabric: Fabric; readonly v4: Ipv4Subnet } {
  const fabric = new Fabric(stack, "fabric", { name: "lab" });
  const v4 = new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr, dependsOn: [fabric] });
  new StaticRange(stack, "nodes", {
    subnet: v4,
    startIp: cidr.replace("0/24", "10"),
    endIp: cidr.replace("0/24", "99"),
  });
  new RackController(stack, "rack", { hostname: "rack1", regionUrl: "http://region.example:5240/MAAS" });
  return { fabric, v4 };
}
