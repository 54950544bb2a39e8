import { TerraformStack, Testing } from "cdktf";
import {
  ApplyStep,
  Fabric,
  Ipv4Subnet,
  type ISubnet,
  MaasEngine,
  MaasProvider,
  NextFree,
  ReservedRange,
  Vlan,
} from "cdktf-maas";
import { messageOf, synth, temporaryApp } from "../../support/synth";

const subnetOf = (stack: TerraformStack, provider?: MaasProvider): Ipv4Subnet => {
  const fabric = new Fabric(stack, "fabric", { name: "lab", ...(provider && { provider }) });
  return new Ipv4Subnet(stack, "v4", { vlan: new Vlan(stack, "vlan", { fabric, vid: 10 }), cidr: "10.20.0.0/24" });
};

test("asks for addresses of a subnet or a network of a prefix, and others take the answer", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const subnet = subnetOf(stack);
    const free = new NextFree(stack, "free", { subnet, size: 4 });
    new ReservedRange(stack, "range", { subnet, startIp: free.startIp, endIp: free.endIp });
    new NextFree(stack, "net", { prefix: "2001:db8:40::/48", prefixLength: 60 });
  });
  expect(resource.maas_next_free).toMatchObject({
    free: { subnet: "${maas_subnet.v4.id}", size: 4 },
    net: { prefix: "2001:db8:40::/48", prefix_length: 60 },
  });
  expect(resource.maas_subnet_ip_range?.range).toMatchObject({
    start_ip: "${maas_next_free.free.start_ip}",
    end_ip: "${maas_next_free.free.end_ip}",
  });
});

test("is in the region of its subnet, unless it has a provider itself", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas", { apiUrl: "http://east.example:5240/MAAS" });
    const west = new MaasProvider(stack, "west", { alias: "west", apiUrl: "http://west.example:5240/MAAS" });
    new NextFree(stack, "free", { subnet: subnetOf(stack, west) });
    new NextFree(stack, "net", { prefix: "2001:db8:40::/48" });
    new NextFree(stack, "far", { prefix: "2001:db8:40::/48", provider: west });
  });
  const { free, net, far } = resource.maas_next_free ?? {};
  expect([free?.provider, net?.provider, far?.provider]).toEqual(["maas.west", undefined, "maas.west"]);
});

test("is written in HCL as well", () => {
  const stack = new TerraformStack(Testing.app(), "lab");
  new NextFree(stack, "net", { prefix: "10.20.0.0/16", prefixLength: 26 });
  expect(Testing.synthHcl(stack)).toContain(
    'resource "maas_next_free" "net" {\nprefix = "10.20.0.0/16"\nprefix_length = 26\n}',
  );
});

test("is refused at synth where an apply step is the engine, in words", () => {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  new MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine: MaasEngine.APPLY_STEP });
  new NextFree(stack, "free", { subnet: subnetOf(stack) });
  new ApplyStep(stack, "apply");
  const message = messageOf(() => {
    app.synth();
  });
  expect(message).toContain("lab/free chooses what is free when Terraform applies");
  expect(message).toContain("MaasEngine.PROVIDER");
});

test.each<[string, object, string]>([
  ["neither a subnet nor a prefix", {}, "neither subnet nor prefix is set"],
  ["a length without a prefix", { subnet: "v4", prefixLength: 64 }, "prefixLength is set without prefix"],
  ["a size that is none", { subnet: "v4", size: 0 }, "0 is not possible as size"],
  ["a prefix with host bits", { prefix: "2001:db8:40::1/48" }, "2001:db8:40::/48"],
  ["a subnet by its CIDR", { subnet: "text" }, "is no"],
])("is refused with %s", (_, props, message) => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  const subnet = "subnet" in props && {
    subnet: props.subnet === "v4" ? subnetOf(stack) : ("10.20.0.0/24" as unknown as ISubnet),
  };
  expect(() => new NextFree(stack, "free", { ...props, ...subnet })).toThrow(message);
});
