import { TerraformOutput } from "cdktf";
import { Fabric, MaasProvider, Vlan } from "cdktf-maas";
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
