import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import type { ObjectJson } from "../../src/maas/codec";
import { CdktfProject, writeApp } from "../support/cdktf";
import { Example } from "../support/example";
import { expectAsBefore, inventory, onLentInterface, ownNames, startRegion, type TestRegion } from "../support/region";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

/** One or two stacks, each with a fabric, a VLAN and a subnet, named by the environment. */
const TWO_STACKS = `
const { PREFIX, V4, STACKS } = process.env;
const networks = V4.split(",");
class Site extends cdktf.TerraformStack {
  constructor(scope, id, number) {
    super(scope, id);
    new maas.MaasProvider(this, "maas", {});
    const fabric = new maas.Fabric(this, "fabric", { name: PREFIX + "-" + id });
    const vlan = new maas.Vlan(this, "vlan", { fabric, vid: 100 + number, mtu: 9000 });
    const subnet = new maas.Ipv4Subnet(this, "v4", { vlan, cidr: networks[number] + ".0/24" });
    new maas.StaticRange(this, "nodes", { subnet, startIp: networks[number] + ".10", endIp: networks[number] + ".99" });
  }
}
const app = new cdktf.App();
STACKS.split(",").forEach((id, index) => new Site(app, id, index + 1));
app.synth();
`;

suite("cdktf deploy", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-apps-"));
  const projects: CdktfProject[] = [];
  let region: TestRegion;
  let before: Record<string, unknown[]>;
  /** Set while there may be something left on a real region. */
  let cleanUp: (() => Promise<unknown>) | undefined;

  const projectOf = (app: string, env: NodeJS.ProcessEnv = {}): CdktfProject => {
    const project = new CdktfProject(app, { MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey, ...env });
    projects.push(project);
    return project;
  };

  beforeAll(async () => {
    region = await startRegion();
    before = await inventory(region.api);
  });
  afterAll(async () => {
    await cleanUp?.();
    for (const project of projects) project.remove();
    rmSync(folder, { recursive: true, force: true });
    await region.stop();
  });

  onLentInterface(
    "brings the dual-stack example to life, changes nothing the second time, and takes it away",
    async () => {
      const names = ownNames();
      const example = new Example("dual-stack", [
        ['"lab"', `"${names.prefix}-lab"`],
        ['"storage"', `"${names.prefix}-storage"`],
        ["10.20.0.", `${names.v4(0)}.`],
        ["10.20.20.", `${names.v4(1)}.`],
        ["2001:db8:20:0:", names.v6("20")],
        ["2001:db8:20:", names.v6("20")],
      ]);
      const project = example.project(region);
      projects.push(project);
      await project.succeed(["deploy", "lab-network", "--auto-approve"]);
      expect(await project.succeed(["diff", "lab-network"])).toContain("No changes.");

      const [cidr4, cidr6] = [example.own("10.20.0.0/24"), example.own("2001:db8:20::/64")];
      const subnets = (await region.api.get("subnets/")) as readonly ObjectJson[];
      expect(subnets.map(({ cidr }) => cidr)).toEqual(expect.arrayContaining([cidr4, cidr6]));
      const v6 = subnets.find(({ cidr }) => cidr === cidr6);
      expect(v6?.vlan).toMatchObject({ dhcp_on: true, vid: 0 });
      const free = (await region.api.get(`subnets/${v6?.id as number}/`, {
        op: "unreserved_ip_ranges",
      })) as readonly ObjectJson[];
      expect(free.map(({ start, end }) => [start, end])).toEqual([
        [example.own("2001:db8:20:0:1::"), example.own("2001:db8:20:0:1:ffff:ffff:ffff")],
      ]);

      const stack = join(project.folder, "cdktf.out/stacks/lab-network");
      expect(readFileSync(join(stack, ".terraform.lock.hcl"), "utf8")).toContain(PROVIDER.source);
      const written = [join(stack, "cdk.tf.json"), join(project.folder, "terraform.lab-network.tfstate")];
      const [, , secret = ""] = region.apiKey.split(":");
      for (const file of written) expect(readFileSync(file, "utf8")).not.toContain(secret);

      await project.succeed(["destroy", "lab-network", "--auto-approve"]);
      await expectAsBefore(region, before, names.prefix);
    },
  );

  test("deploys two stacks at once, and goes on with one after the other was removed", async () => {
    const names = ownNames();
    const env = {
      PREFIX: names.prefix,
      V4: [0, 1, 2].map((index) => names.v4(index)).join(","),
    };
    const project = projectOf(writeApp(folder, TWO_STACKS), env);
    cleanUp = () => project.cdktf(["destroy", "north", "south", "--auto-approve"], { STACKS: "north,south" });
    await project.succeed(["deploy", "north", "south", "--auto-approve"], { STACKS: "north,south" });
    await project.succeed(["destroy", "south", "--auto-approve"], { STACKS: "north,south" });

    expect(await project.succeed(["diff", "north"], { STACKS: "north" })).toContain("No changes.");
    expect(existsSync(join(project.folder, "cdktf.out/stacks/south"))).toBe(false);
    await project.succeed(["deploy", "north", "--auto-approve"], { STACKS: "north" });
    await project.succeed(["destroy", "north", "--auto-approve"], { STACKS: "north" });
    await expectAsBefore(region, before, names.prefix);
    cleanUp = undefined;
  });
});
