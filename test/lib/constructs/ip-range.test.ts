import { TerraformVariable } from "cdktf";
import { DynamicRange, Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, ReservedRange } from "cdktf-maas";
import type { Construct } from "constructs";
import { IPV6_ALONE, block, messageOf, synth } from "../../support/synth";

const v4 = (scope: Construct) =>
  new Ipv4Subnet(scope, "v4", { vlan: new Fabric(scope, "lab", { name: "lab" }).untagged, cidr: "10.0.0.0/24" });

test("dynamic and reserved ranges differ in their type", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const subnet = v4(stack);
    new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199", adoptExisting: true });
    new ReservedRange(stack, "routers", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.9", comment: "routers" });
  });
  const subnet = "${maas_subnet.v4.id}";
  expect(block(resource, "maas_subnet_ip_range", "pool")).toEqual({
    subnet,
    type: "dynamic",
    start_ip: "10.0.0.100",
    end_ip: "10.0.0.199",
    adopt_existing: true,
  });
  expect(block(resource, "maas_subnet_ip_range", "routers")).toEqual({
    subnet,
    type: "reserved",
    start_ip: "10.0.0.1",
    end_ip: "10.0.0.9",
    comment: "routers",
  });
});

test("a range is checked against the literal CIDR of its subnet, managed or looked up", () => {
  const managed = messageOf(() =>
    synth((stack) => new DynamicRange(stack, "pool", { subnet: v4(stack), startIp: "10.0.1.1", endIp: "10.0.1.9" })),
  );
  expect(managed).toContain("[lab/pool] this IP range can't be right:");
  expect(managed).toContain("startIp: 10.0.1.1 is outside the subnet 10.0.0.0/24");
  expect(managed).toContain("endIp: 10.0.1.9 is outside the subnet 10.0.0.0/24");
  expect(managed).toContain("use addresses from 10.0.0.1 to 10.0.0.254");

  const existing = messageOf(() =>
    synth((stack) => {
      const subnet = Ipv6Subnet.fromCidr(stack, "v6", "2001:db8::/64");
      new ReservedRange(stack, "r", { subnet, startIp: "2001:db8::10", endIp: "2001:db8::20" });
    }),
  );
  expect(existing).toContain("Start at 2001:db8::1:0:0 or later");
});

test("a range is its own check where the CIDR is a token", () => {
  const range = (startIp: string, endIp: string) =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      const cidr = new TerraformVariable(stack, "cidr", {}).stringValue;
      const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
      new DynamicRange(stack, "pool", { subnet: new Ipv6Subnet(stack, "v6", { vlan, cidr }), startIp, endIp });
    }, IPV6_ALONE);
  expect(messageOf(() => range("2001:db8::1:0:0:0", "2001:db8::1:0:0:9"))).toContain("MAAS needs at least 256");
  expect(messageOf(() => range("2001:db8::2", "2001:db8::1"))).toContain("Swap them: startIp 2001:db8::1");
  expect(() => range("2001:db8::1:0:0:0", "2001:db8::1:0:0:ff")).not.toThrow();
});
