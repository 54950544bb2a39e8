import { App, TerraformStack } from "cdktf";
import { Fabric, MaasProvider, Vlan } from "cdktf-maas";
import { synth } from "../../support/synth";

test("an object is taken over by an import block, which Terraform need not be there for", () => {
  const { PATH } = process.env;
  process.env.PATH = "";
  try {
    const stack = synth((scope) => {
      new MaasProvider(scope, "maas");
      const north = new MaasProvider(scope, "north", { alias: "north" });
      const lab = new Fabric(scope, "lab", { name: "lab" });
      lab.importFrom("lab");
      (lab.untagged as Vlan).importFrom("lab:untagged");
      new Fabric(scope, "far", { name: "far", provider: north }).importFrom("3", north);
    }) as unknown as { readonly import: object };
    expect(stack.import).toEqual([
      { to: "maas_fabric.lab", id: "lab" },
      { to: expect.stringMatching(/^maas_vlan\.lab_untagged_/) as string, id: "lab:untagged" },
      { to: "maas_fabric.far", id: "3", provider: "maas.north" },
    ]);
  } finally {
    process.env.PATH = PATH;
  }
});

test("the block is there in HCL as well, in the form of CDKTF's own resources", () => {
  const stack = new TerraformStack(new App({ stackTraces: false }), "lab");
  const provider = new MaasProvider(stack, "maas", { alias: "north" });
  const fabric = new Fabric(stack, "lab", { name: "lab", provider });
  fabric.importFrom("lab", provider);
  const reference = (value: string) => ({ value, type: "simple", storageClassType: "reference" });
  expect(fabric.toHclTerraform()).toMatchObject({
    import: [
      {
        to: reference("maas_fabric.lab"),
        id: { value: "lab", type: "simple", storageClassType: "string" },
        provider: reference("maas.north"),
      },
    ],
  });
});
