import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Fabric, InterfaceLink, Ipv4Subnet, MaasProvider, ReservedRange, Space, Vlan } from "cdktf-maas";
import { MaasSimulator } from "../../src/simulator";
import { succeeded } from "../support/command-line";
import { temporaryFolder } from "../support/synth";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../support/terraform";

jest.setTimeout(180_000);

describeWithTerraform()("generateConfigForImport, as `cdktf plan` has Terraform go about it", () => {
  let region: MaasSimulator;

  beforeAll(async () => {
    region = await MaasSimulator.start({
      seed: {
        spaces: [{ name: "storage" }],
        fabrics: [{ name: "lab", vlans: [{ vid: 10, name: "ten" }] }],
        subnets: [{ cidr: "198.18.1.0/24", vlan: "lab:10" }],
        ip_ranges: [{ subnet: "198.18.1.0/24", type: "reserved", start_ip: "198.18.1.10", end_ip: "198.18.1.20" }],
        machines: [
          {
            hostname: "node-1",
            interfaces: [{ name: "eth0", vlan: "lab:10", links: [{ subnet: "198.18.1.0/24", mode: "AUTO" }] }],
          },
        ],
      },
    });
  });
  afterAll(() => region.stop());

  test("writes a configuration of each object by its natural key, which plans no change of it", async () => {
    const root = temporaryFolder();
    const app = new App({ outdir: join(root, "cdktf.out"), stackTraces: false });
    const stack = new TerraformStack(app, "lab");
    new LocalBackend(stack, { path: join(root, "lab.tfstate") });
    Space.generateConfigForImport(stack, "storage", "storage");
    Fabric.generateConfigForImport(stack, "fabric", "lab");
    Vlan.generateConfigForImport(stack, "vlan", "lab:10");
    Ipv4Subnet.generateConfigForImport(stack, "v4", "198.18.1.0/24");
    ReservedRange.generateConfigForImport(stack, "kept", "198.18.1.10-198.18.1.20");
    InterfaceLink.generateConfigForImport(stack, "link", "node-1/eth0:198.18.1.0/24");
    new MaasProvider(stack, "maas", { apiUrl: region.url });
    app.synth();

    const folder = join(app.outdir, "stacks", "lab");
    const env = { ...quietEnvironment(folder), MAAS_API_KEY: region.apiKey };
    const terraform = (...args: string[]) =>
      run(TERRAFORM, [...args, "-no-color", "-input=false"], { cwd: folder, env });
    succeeded(await terraform("init"));
    const planned = await terraform("plan", "-generate-config-out=generated.tf");
    expect(planned.output).toContain("Plan: 6 to import, 0 to add, 0 to change, 0 to destroy.");
    const written = readFileSync(join(folder, "generated.tf"), "utf8");
    expect(written.match(/^resource "\w+" "\w+" \{$/gm)).toEqual(
      expect.arrayContaining(['resource "maas_vlan" "vlan" {', 'resource "maas_network_interface_link" "link" {']),
    );
  });
});
