import { TerraformOutput, TerraformVariable } from "cdktf";
import { Fabric, MaasProvider, Space, Vlan } from "cdktf-maas";
import { block, messageOf, synth } from "../../support/synth";

test("a fabric synthesises what was given and nothing else", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    new Fabric(stack, "bare", { name: "bare" });
    new Fabric(stack, "full", {
      name: "full",
      description: "d",
      classType: "10g",
      adoptExisting: true,
      forceDestroy: true,
    });
  });
  expect(block(resource, "maas_fabric", "bare")).toEqual({ name: "bare" });
  expect(block(resource, "maas_fabric", "full")).toEqual({
    name: "full",
    description: "d",
    class_type: "10g",
    adopt_existing: true,
    force_destroy: true,
  });
});

test("the untagged VLAN is made once, when it is first asked for", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const lab = new Fabric(stack, "lab", { name: "lab" });
    new Fabric(stack, "other", { name: "other" });
    expect(lab.untagged).toBe(lab.untagged);
  });
  expect(Object.values(resource.maas_vlan ?? {})).toEqual([
    expect.objectContaining({ fabric: "${maas_fabric.lab.id}", vid: 0 }),
  ]);
});

test("attributes can be used in other resources and outputs", () => {
  const stack = synth((stack) => {
    new MaasProvider(stack, "maas");
    const lab = new Fabric(stack, "lab", { name: "lab" });
    new TerraformOutput(stack, "all", {
      value: [lab.id, lab.name, lab.description, lab.classType, lab.untaggedVlan],
    });
  }) as unknown as { output: { all: { value: string[] } } };
  expect(stack.output.all.value).toEqual(
    ["id", "name", "description", "class_type", "untagged_vlan"].map((name) => `\${maas_fabric.lab.${name}}`),
  );
});

test("a fabric that is looked up can stand wherever a fabric is taken", () => {
  const { data, resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const lab = Fabric.fromName(stack, "lab", "lab");
    new Vlan(stack, "v10", { fabric: lab, vid: 10 });
    new Vlan(stack, "v20", { fabric: lab.untagged.fabric, vid: 20 });
  });
  expect(block(data, "maas_fabric", "lab")).toEqual({ name: "lab" });
  expect(block(resource, "maas_vlan", "v10")).toEqual({ fabric: "${data.maas_fabric.lab.id}", vid: 10 });
  expect(block(resource, "maas_vlan", "v20")).toEqual({ fabric: "${data.maas_fabric.lab.id}", vid: 20 });
  expect(Object.values(data.maas_vlan ?? {})).toEqual([
    expect.objectContaining({ fabric: "${data.maas_fabric.lab.id}", vid: 0 }),
  ]);
});

test("dependsOn, provider and lifecycle pass through", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const second = new MaasProvider(stack, "second", { alias: "second", apiUrl: "http://second.example/MAAS" });
    const first = new Fabric(stack, "first", { name: "first" });
    new Fabric(stack, "next", {
      name: "next",
      dependsOn: [first],
      provider: second,
      lifecycle: { preventDestroy: true },
    });
  });
  expect(block(resource, "maas_fabric", "next")).toEqual({
    name: "next",
    depends_on: ["maas_fabric.first"],
    provider: "maas.second",
    lifecycle: { prevent_destroy: true },
  });
});

test("a bad literal is refused with the construct's path, every attribute at fault, and the fix", () => {
  const message = messageOf(() =>
    synth((stack) => new Fabric(stack, "lab", { name: "my lab", classType: "", description: "fine" })),
  );
  expect(message).toContain("[lab/lab] this fabric can't be right:");
  expect(message).toContain('name: "my lab" is not a name that MAAS takes');
  expect(message).toContain("letters, digits, _ and - only");
  expect(message).toContain("classType: classType can't be empty");
  expect(message).not.toContain("class_type");
});

test("a lookup by an impossible name is refused at synth", () => {
  expect(messageOf(() => synth((stack) => Fabric.fromName(stack, "lab", "my lab")))).toContain("[lab/lab]");
});

describe("vlan", () => {
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
});
