import type { TerraformStack } from "cdktf";
import { Fabric, Ipv4Subnet, MaasProvider, RackController, RackInterface, Space, Vlan, VlanDhcp } from "cdktf-maas";
import { messageOf, synth } from "../../support/synth";

const refused = (build: (stack: TerraformStack) => void) =>
  messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      build(stack);
    }),
  );

test("two fabrics of one name are refused with both paths", () => {
  const message = refused((stack) => {
    new Fabric(stack, "a", { name: "lab" });
    new Fabric(stack, "b", { name: "lab" });
  });
  expect(message).toContain("lab/a and lab/b are both the fabric lab.");
  expect(message).toContain("Fix: drop lab/b, and pass lab/a wherever it is used.");
});

test("the untagged VLAN twice, once through the fabric, is refused with the way to share it", () => {
  const message = refused((stack) => {
    const fabric = new Fabric(stack, "fabric", { name: "x" });
    new Vlan(stack, "mine", { fabric, vid: 0, mtu: 9000 });
    new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "10.0.0.0/24" });
  });
  expect(message).toContain("lab/fabric/untagged and lab/mine are both the VLAN x:0. A fabric has one untagged VLAN.");
  expect(message).toContain("your own Vlan with vid 0");
});

test("one VLAN through two lookups of one fabric is still one VLAN", () => {
  const message = refused((stack) => {
    new Vlan(stack, "a", { fabric: Fabric.fromName(stack, "f1", "x"), vid: 10 });
    new Vlan(stack, "b", { fabric: Fabric.fromName(stack, "f2", "x"), vid: 10 });
  });
  expect(message).toContain("lab/a and lab/b are both the VLAN x:10.");
});

test("subnets, spaces, rack interfaces and DHCP are compared by their own keys", () => {
  const message = refused((stack) => {
    const vlan = new Fabric(stack, "f", { name: "f" }).untagged;
    const rack = new RackController(stack, "rack", { hostname: "rack1" });
    for (const n of [1, 2]) {
      new Space(stack, `space${n}`, { name: "s" });
      new Ipv4Subnet(stack, `v4-${n}`, { vlan, cidr: "10.0.0.0/24" });
      new RackInterface(stack, `nic${n}`, { rack, name: "eth0", vlan });
      new VlanDhcp(stack, `dhcp${n}`, { vlan, primary: rack });
    }
  });
  expect(message).toContain("lab/space1 and lab/space2 are both the space s.");
  expect(message).toContain("lab/v4-1 and lab/v4-2 are both the subnet 10.0.0.0/24.");
  expect(message).toContain("lab/nic1 and lab/nic2 are both the rack interface rack1/eth0.");
  expect(message).toContain("lab/dhcp1 and lab/dhcp2 are both the DHCP of VLAN f:0.");
});

test("the same names in two regions are no duplicates", () => {
  expect(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      const provider = new MaasProvider(stack, "second", { alias: "second" });
      new Fabric(stack, "a", { name: "lab" });
      new Fabric(stack, "b", { name: "lab", provider });
    }),
  ).not.toThrow();
});
