import { DynamicRange, Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, ReservedIp } from "cdktf-maas";
import type { TerraformStack } from "cdktf";
import { block, messageOf, synth } from "../../support/synth";

const MAC = "52:54:00:00:00:50";

function subnets(stack: TerraformStack): { v4: Ipv4Subnet; v6: Ipv6Subnet } {
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24", gatewayIp: "10.0.0.1" });
  const v6 = new Ipv6Subnet(stack, "v6", {
    ...{ vlan, cidr: "2001:db8:20::/64", gatewayIp: "2001:db8:20::1" },
    managed: false,
  });
  new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.0.0.100", endIp: "10.0.0.199" });
  return { v4, v6 };
}

test("a reserved IP of each family refers to its subnet", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const { v4, v6 } = subnets(stack);
    new ReservedIp(stack, "a", { subnet: v4, ip: "10.0.0.50", macAddress: MAC, comment: "printer" });
    new ReservedIp(stack, "aaaa", { subnet: v6, ip: "2001:db8:20:0:3::50", macAddress: MAC });
  });
  expect(block(resource, "maas_reserved_ip", "a")).toEqual({
    ip: "10.0.0.50",
    mac_address: MAC,
    subnet: "${maas_subnet.v4.id}",
    comment: "printer",
  });
  expect(block(resource, "maas_reserved_ip", "aaaa")).toMatchObject({ subnet: "${maas_subnet.v6.id}" });
});

const broken = (make: (stack: TerraformStack) => unknown): string =>
  messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      make(stack);
    }),
  );

test.each([
  ["outside its subnet", "10.0.1.50", "MAAS6-RSV-01"],
  ["of the other family", "2001:db8:20::50", "MAAS6-RSV-01"],
  ["the broadcast address", "10.0.0.255", "MAAS6-RSV-02"],
  ["in a dynamic range", "10.0.0.150", "MAAS6-RSV-03"],
])("an address %s is refused at synth, with one that is free", (_, ip, rule) => {
  const said = broken((stack) => new ReservedIp(stack, "lease", { subnet: subnets(stack).v4, ip, macAddress: MAC }));
  expect(said).toContain(rule);
  expect(said).toContain("such as 10.0.0.2");
});

test("where no subnet is named, the one that holds the address counts", () => {
  const said = broken((stack) => {
    subnets(stack);
    new ReservedIp(stack, "lease", { ip: "10.0.0.150", macAddress: MAC });
  });
  expect(said).toContain("MAAS6-RSV-03");
});

test("a MAC address in any spelling has one reserved IP on a subnet, and one address is reserved once", () => {
  const twice = broken((stack) => {
    const { v4 } = subnets(stack);
    new ReservedIp(stack, "one", { subnet: v4, ip: "10.0.0.50", macAddress: MAC });
    new ReservedIp(stack, "two", { ip: "10.0.0.51", macAddress: "52-54-00-00-00-50" });
  });
  expect(twice).toContain("MAAS6-RSV-04");
  const same = broken((stack) => {
    const { v6 } = subnets(stack);
    new ReservedIp(stack, "one", { subnet: v6, ip: "2001:db8:20:0:3::5", macAddress: MAC });
    new ReservedIp(stack, "two", { subnet: v6, ip: "2001:DB8:20:0:3:0:0:5", macAddress: "52:54:00:00:00:51" });
  });
  expect(same).toContain("2001:db8:20:0:3::5");
});

test("a dynamic range that comes to hold a reserved IP is told of it", () => {
  const said = broken((stack) => {
    const { v4 } = subnets(stack);
    new ReservedIp(stack, "lease", { subnet: v4, ip: "10.0.0.50", macAddress: MAC });
    new DynamicRange(stack, "more", { subnet: v4, startIp: "10.0.0.40", endIp: "10.0.0.60" });
  });
  expect(said).toContain("holds 10.0.0.50");
});
