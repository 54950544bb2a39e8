import { DynamicRange, Fabric, Ipv4Subnet, MaasProvider, RackController, RackInterface, VlanDhcp } from "cdktf-maas";
import type { TerraformStack } from "cdktf";
import { block, messageOf, synth } from "../../support/synth";

function lab(stack: TerraformStack) {
  new MaasProvider(stack, "maas");
  const fabric = new Fabric(stack, "lab", { name: "lab" });
  const vlan = fabric.untagged;
  const subnet = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24" });
  const rack = new RackController(stack, "rack1", { hostname: "rack1", regionUrl: "http://region.example:5240/MAAS" });
  const nic = new RackInterface(stack, "rack1-eth1", { rack, name: "eth1", vlan });
  return { fabric, vlan, subnet, rack, nic };
}

const VLAN = expect.stringMatching(/^\$\{maas_vlan\.lab_untagged_\w+\.id\}$/) as string;

test("a rack controller is looked up, and its interface is put on the VLAN", () => {
  const { data, resource } = synth((stack) => {
    expect(lab(stack).rack.regionUrl).toBe("http://region.example:5240/MAAS");
  });
  expect(block(data, "maas_rack_controller", "rack1")).toEqual({ hostname: "rack1" });
  expect(block(resource, "maas_rack_interface", "rack1-eth1")).toEqual({
    rack_controller: "${data.maas_rack_controller.rack1.id}",
    name: "eth1",
    vlan: VLAN,
  });
});

test("DHCP refers to the rack's interface and to every dynamic range of the VLAN, made before or after it", () => {
  const { resource } = synth((stack) => {
    const { vlan, subnet, nic } = lab(stack);
    const rack2 = new RackController(stack, "rack2", { hostname: "rack2" });
    const pool = new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199" });
    new RackInterface(stack, "rack2-eth1", { rack: rack2, name: "eth1", vlan });
    new VlanDhcp(stack, "dhcp", { vlan, primary: nic, secondary: rack2, ranges: [pool] });
    new DynamicRange(stack, "later", { subnet, startIp: "10.0.0.200", endIp: "10.0.0.220" });
  });
  expect(block(resource, "maas_vlan_dhcp", "dhcp")).toEqual({
    vlan: VLAN,
    primary_rack_controller: "${maas_rack_interface.rack1-eth1.rack_controller}",
    secondary_rack_controller: "${data.maas_rack_controller.rack2.id}",
    ip_ranges: ["${maas_subnet_ip_range.pool.id}", "${maas_subnet_ip_range.later.id}"],
  });
});

test("a relayed VLAN names the VLAN it relays to and no ranges", () => {
  const { resource } = synth((stack) => {
    const { vlan, fabric, subnet, nic } = lab(stack);
    new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199" });
    new VlanDhcp(stack, "served", { vlan, primary: nic });
    const other = Fabric.fromName(stack, "other", "other").untagged;
    new VlanDhcp(stack, "relayed", { vlan: other, relayTo: vlan });
    expect(fabric.untagged).toBe(vlan);
  });
  expect(block(resource, "maas_vlan_dhcp", "relayed")).toEqual({
    vlan: expect.stringContaining("data.maas_vlan.other_untagged") as string,
    relay_vlan: VLAN,
  });
});

test("a VLAN that is neither served nor relayed is refused in the words of the construct", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const { vlan } = lab(stack);
      new VlanDhcp(stack, "dhcp", { vlan });
    }),
  );
  expect(message).toContain("[lab/dhcp] the DHCP of this VLAN can't be right:");
  expect(message).toContain("primary: DHCP needs a primary rack controller. Give primary");
  expect(message).toContain("or relayTo");
});

test("a VLAN that is both served and relayed is refused", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const { vlan, nic } = lab(stack);
      new VlanDhcp(stack, "dhcp", { vlan, primary: nic, relayTo: Fabric.fromName(stack, "o", "o").untagged });
    }),
  );
  expect(message).toContain("relayTo: a relayed VLAN has no rack controllers of its own");
});

test("one rack can't be primary and secondary, also when it is named through its interface", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const { vlan, nic, rack } = lab(stack);
      new VlanDhcp(stack, "dhcp", { vlan, primary: nic, secondary: rack });
    }),
  );
  expect(message).toContain("secondary: the primary and the secondary rack controller are the same");
});
