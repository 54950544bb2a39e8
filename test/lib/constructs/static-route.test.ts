import { Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, StaticRoute } from "cdktf-maas";
import type { TerraformStack } from "cdktf";
import { block, messageOf, synth } from "../../support/synth";

const subnets = (stack: TerraformStack) => {
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  return {
    a: new Ipv4Subnet(stack, "a", { vlan, cidr: "10.0.0.0/24" }),
    b: new Ipv4Subnet(stack, "b", { vlan, cidr: "10.1.0.0/24" }),
    vlan,
  };
};

test("a static route refers to both of its subnets", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const { a, b } = subnets(stack);
    new StaticRoute(stack, "route", { source: a, destination: b, gatewayIp: "10.0.0.1", metric: 5 });
  });
  expect(block(resource, "maas_static_route", "route")).toEqual({
    source: "${maas_subnet.a.id}",
    destination: "${maas_subnet.b.id}",
    gateway_ip: "10.0.0.1",
    metric: 5,
  });
});

const broken = (make: (stack: TerraformStack) => unknown): string =>
  messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      make(stack);
    }),
  );

test.each(["10.1.0.1", "10.0.1.1"])("the gateway %s is not in the source subnet", (gatewayIp) => {
  const said = broken((stack) => {
    const { a, b } = subnets(stack);
    new StaticRoute(stack, "route", { source: a, destination: b, gatewayIp });
  });
  expect(said).toContain("MAAS6-RTE-01");
  expect(said).toContain(`the gateway ${gatewayIp} is outside the source 10.0.0.0/24`);
  expect(said).toContain("such as 10.0.0.1");
});

test("a link-local gateway is refused, unlike that of a subnet", () => {
  const said = broken((stack) => {
    const { vlan } = subnets(stack);
    const c = new Ipv6Subnet(stack, "c", { vlan, cidr: "2001:db8:20::/64" });
    const d = new Ipv6Subnet(stack, "d", { vlan, cidr: "2001:db8:21::/64" });
    new StaticRoute(stack, "route", { source: c, destination: d, gatewayIp: "fe80::1" });
  });
  expect(said).toContain("the gateway fe80::1 is outside the source 2001:db8:20::/64");
});

test("both subnets are of one family", () => {
  const said = broken((stack) => {
    const { a, vlan } = subnets(stack);
    const c = new Ipv6Subnet(stack, "c", { vlan, cidr: "2001:db8:20::/64" });
    new StaticRoute(stack, "route", { source: a, destination: c, gatewayIp: "10.0.0.1" });
  });
  expect(said).toContain("MAAS6-RTE-02");
  expect(said).toContain("Give an IPv4 subnet as destination, such as");
});

test("a route leads to another subnet", () => {
  const said = broken((stack) => {
    const { a } = subnets(stack);
    new StaticRoute(stack, "route", { source: a, destination: a, gatewayIp: "10.0.0.1" });
  });
  expect(said).toContain("itself");
});

test("one route is made once", () => {
  const said = broken((stack) => {
    const { a, b } = subnets(stack);
    for (const id of ["one", "two"]) new StaticRoute(stack, id, { source: a, destination: b, gatewayIp: "10.0.0.1" });
  });
  expect(said).toContain("10.0.0.0/24 to 10.1.0.0/24 via 10.0.0.1");
});
