import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { succeeded } from "../test/support/command-line";
import { bindingsOf, CACHE, kernelEnvironment, notTested } from "./support/bindings";
import { documentOf, exampleIn, readmesDocument, reportsOf, synthesised } from "./support/examples";
import { artefact, Project } from "./support/project";

/** What the program does besides, by the name that it is started with. One program, as building it is what takes long. */
const VARIANTS = {
  gateway: `cdktfmaas.NewIpv4Subnet(stack, jsii.String("bad"), &cdktfmaas.SubnetProps{
    Vlan: pxe, Cidr: jsii.String("10.21.0.0/24"), GatewayIp: jsii.String("10.22.0.1"),
  })`,
  step: 'cdktfmaas.NewApplyStep(cdktf.NewTerraformStack(app, jsii.String("two")), jsii.String("apply"), nil)',
  caveat: `alone := cdktfmaas.NewVlan(stack, jsii.String("alone"), &cdktfmaas.VlanProps{Fabric: lab, Vid: jsii.Number(30)})
  cdktfmaas.NewIpv6Subnet(stack, jsii.String("v6only"), &cdktfmaas.SubnetProps{
    Vlan: alone, Cidr: jsii.String("2001:db8:30::/64"), GatewayIp: jsii.String("2001:db8:30::1"),
  })`,
  lookups: `cdktfmaas.NewVlan(stack, jsii.String("storage"), &cdktfmaas.VlanProps{
    Fabric: lab, Vid: jsii.Number(20),
    DependsOn: &[]cdktf.ITerraformDependable{
      pxe,
      cdktfmaas.Space_FromName(stack, jsii.String("space"), jsii.String("default"), nil),
      cdktfmaas.Fabric_FromName(stack, jsii.String("other"), jsii.String("fabric-9"), nil),
      cdktfmaas.Vlan_FromVid(stack, jsii.String("vid9"), lab, jsii.Number(9), nil),
      cdktfmaas.Ipv6Subnet_FromCidr(stack, jsii.String("there"), jsii.String("2001:db8:9::/64"), nil),
    },
  })`,
};

const MODULES = {
  "cdktf-maas.invalid/go/cdktfmaas": "v0.1.0",
  "github.com/hashicorp/terraform-cdk-go/cdktf": "v0.21.0",
  "github.com/aws/constructs-go/constructs/v10": "v10.7.2",
};

/** The program, built in a project of its own. The CDK and constructs are no modules of the proxy at these versions: made from npm's. */
function built(): Project | undefined {
  const project = new Project();
  try {
    project.succeed("go", ["version"]);
    const folders: Readonly<Record<keyof typeof MODULES, string>> = {
      "cdktf-maas.invalid/go/cdktfmaas": join(project.unzip(artefact("go", "cdktf-maas-"), "module"), "cdktfmaas"),
      "github.com/hashicorp/terraform-cdk-go/cdktf": join(bindingsOf("cdktf", "go", project), "cdktf"),
      "github.com/aws/constructs-go/constructs/v10": join(bindingsOf("constructs", "go", project), "constructs"),
    };
    const required = Object.entries(MODULES).map(([module, version]) => `require ${module} ${version}`);
    const replaced = Object.entries(folders).map(([module, folder]) => `replace ${module} => ${folder}`);
    project.write("go.mod", ["module lab-network", "go 1.21", ...required, ...replaced, ""].join("\n"));
    const cases = Object.entries(VARIANTS).map(([name, code]) => `case "${name}":\n${code}`);
    const more = `switch os.Getenv("VARIANT") {\n${cases.join("\n")}\n}\n`;
    const program = exampleIn("go").replace("import (", 'import (\n\t"os"');
    project.write("main.go", program.replace("\tapp.Synth()", `${more}\tapp.Synth()`));
    project.succeed("go", ["build", "-o", "stack", "."], {
      ...{ GOFLAGS: "-mod=mod -modcacherw -buildvcs=false", GOTOOLCHAIN: "local" },
      ...{ GOMODCACHE: join(CACHE, "go", "modules"), GOCACHE: join(CACHE, "go", "build") },
    });
    return project;
  } catch (error) {
    // A program that does not compile is a fault of ours.
    if (/main\.go:\d+/.test(String(error))) throw error;
    project.remove();
    return notTested("Go", error);
  }
}

const project = built();

(project === undefined ? describe.skip : describe)("a stack in Go", () => {
  const at = project ?? new Project();
  const stack = (VARIANT?: keyof typeof VARIANTS) =>
    at.run(join(at.folder, "stack"), [], { ...kernelEnvironment(at), ...(VARIANT && { VARIANT }) });

  afterAll(() => {
    at.remove();
  });

  it("is the example of the guide, and says what the README's says", () => {
    succeeded(stack());
    expect(documentOf(at)).toEqual(readmesDocument());
    expect(readFileSync(join(at.folder, "module", "cdktfmaas", "README.md"), "utf8")).toContain(exampleIn("go"));
    expect(existsSync(join(at.folder, "cdktf.out/stacks/lab-network/.terraform.lock.hcl"))).toBe(true);
  });

  it("can wait for what is looked up", () => {
    succeeded(stack("lookups"));
    const { resource } = JSON.parse(synthesised(at, "cdk.tf.json")) as { resource: { maas_vlan: unknown } };
    const waitsFor = ["maas_space.space", "maas_fabric.other", "maas_vlan.vid9", "maas_subnet.there"];
    expect(resource.maas_vlan).toMatchObject({
      storage: { depends_on: expect.arrayContaining(waitsFor.map((name) => `data.${name}`)) as unknown },
    });
  });

  it("is told in Go what is wrong, and where", () => {
    const { code, output } = stack("gateway");
    expect([code, output]).toEqual([2, expect.stringContaining("[lab-network/bad] this subnet can't be right")]);
    expect(output).toContain("GatewayIp: the gateway 10.22.0.1 is outside 10.21.0.0/24");
    const made = 'cdktfmaas.NewMaasProvider(stack, jsii.String("maas"), &cdktfmaas.MaasProviderProps{ApiUrl: apiUrl})';
    expect(stack("step").output).toContain(`such as ${made}`);
  });

  it("stops at a broken caveat, in Go's words, and reports no place in jsii's kernel, the same each time", () => {
    const { code, output } = stack("caveat");
    expect([code, output]).toEqual([2, expect.stringContaining("MAAS6-DUA-02[lab-network/v6only]")]);
    expect(output).toContain("RelayTo");
    expect(output).not.toContain("relayTo");
    const [first, second] = [stack(), stack()].map(() => reportsOf(at));
    expect(second).toBe(first);
    expect(first).not.toMatch(/program\.js|jsii|\/tmp/);
  });
});
