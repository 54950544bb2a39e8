import { TerraformVariable } from "cdktf";
import { Fabric, MaasProvider, Space, Vlan } from "cdktf-maas";
import { block, messageOf, synth } from "../../support/synth";

test("a VLAN refers to its fabric by id and to its space by name", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const fabric = new Fabric(stack, "lab", { name: "lab" });
    const space = new Space(stack, "storage", { name: "storage", description: "disks" });
    new Vlan(stack, "v20", {
      fabric,
      vid: 20,
      name: "storage",
      description: "d",
      mtu: 9000,
      space,
      adoptExisting: true,
    });
  });
  expect(block(resource, "maas_space", "storage")).toEqual({ name: "storage", description: "disks" });
  expect(block(resource, "maas_vlan", "v20")).toEqual({
    fabric: "${maas_fabric.lab.id}",
    vid: 20,
    name: "storage",
    description: "d",
    mtu: 9000,
    space: "${maas_space.storage.name}",
    adopt_existing: true,
  });
});

test("existing VLANs and spaces are looked up by their natural keys", () => {
  const { data, resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const fabric = Fabric.fromName(stack, "lab", "lab");
    const v10 = Vlan.fromVid(stack, "v10", fabric, 10);
    const space = Space.fromName(stack, "storage", "storage");
    new Vlan(stack, "v20", { fabric: v10.fabric, vid: 20, space });
  });
  expect(block(data, "maas_vlan", "v10")).toEqual({ fabric: "${data.maas_fabric.lab.id}", vid: 10 });
  expect(block(resource, "maas_vlan", "v20")).toMatchObject({ space: "${data.maas_space.storage.name}" });
});

test("tokens pass wherever a literal is taken", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const vid = new TerraformVariable(stack, "vid", { type: "number" });
    const site = new TerraformVariable(stack, "site", { type: "string" });
    const fabric = new Fabric(stack, "lab", { name: `lab-${site.stringValue}` });
    new Vlan(stack, "v", { fabric, vid: vid.numberValue, mtu: vid.numberValue });
  });
  expect(block(resource, "maas_fabric", "lab")).toEqual({ name: "lab-${var.site}" });
  expect(block(resource, "maas_vlan", "v")).toMatchObject({ vid: "${var.vid}", mtu: "${var.vid}" });
});

test.each([
  [{ vid: 4095 }, "vid: 4095 is out of range"],
  [{ vid: 1.5 }, "vid: 1.5 is not a whole number"],
  [{ vid: 10, mtu: 100 }, "mtu: 100 is out of range"],
  [{ vid: 0, name: "pxe" }, "name: the untagged VLAN takes no name"],
])("%j is refused: %s", (props, text) => {
  const message = messageOf(() =>
    synth((stack) => new Vlan(stack, "v", { fabric: new Fabric(stack, "lab", { name: "lab" }), ...props })),
  );
  expect(message).toContain("[lab/v] this VLAN can't be right:");
  expect(message).toContain(text);
});
