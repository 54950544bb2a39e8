import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformElement, TerraformStack, TerraformVariable } from "cdktf";
import { Fabric, Ipv4Subnet, MaasProvider, StaticRange, Vlan } from "cdktf-maas";
import { MaasSimulator } from "../../src/simulator";
import { placeCanonicalProvider } from "../support/canonical-provider-plugin";
import { succeeded } from "../support/command-line";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../support/terraform";

jest.setTimeout(300_000);

const SOURCE = "canonical/maas";

/** What bindings of canonical/maas add to a stack: the provider, and a resource of it. */
class Theirs extends TerraformElement {
  override toTerraform(): object {
    return {
      terraform: { required_providers: { maas: { source: SOURCE, version: "2.4.0" } } },
      provider: { maas: [{}] },
      resource: { maas_dns_record: { theirs: { type: "A/AAAA", data: "198.18.1.10", name: "www" } } },
    };
  }
}

/** The address that Terraform has for their provider, host included. */
function addressOf(folder: string): string {
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { maas: { source: SOURCE } } } }),
  );
  const { stdout } = spawnSync(TERRAFORM, ["providers"], { cwd: folder, encoding: "utf8" });
  const address = /provider\[([^\]]+\/maas)\]/.exec(stdout)?.[1];
  if (address === undefined) throw new Error(`terraform names no provider:\n${stdout}`);
  return address;
}

describeWithTerraform()("a stack with canonical/maas and this package's provider", () => {
  const root = mkdtempSync(join(tmpdir(), "cdktf-maas-two-"));
  let region: MaasSimulator;
  let other: MaasSimulator;

  beforeAll(async () => {
    [region, other] = await Promise.all([MaasSimulator.start(), MaasSimulator.start()]);
  });
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await Promise.all([region.stop(), other.stop()]);
  });

  test("has each object made by its own, also in a second region with an alias", async () => {
    const app = new App({ outdir: join(root, "out"), stackTraces: false });
    const stack = new TerraformStack(app, "lab");
    new LocalBackend(stack, { path: join(root, "lab.tfstate") });
    new Theirs(stack, "theirs");
    new MaasProvider(stack, "ours", { localName: "networks", apiUrl: region.url });
    const { stringValue: apiKey } = new TerraformVariable(stack, "western_key", { sensitive: true });
    const west = new MaasProvider(stack, "west", { localName: "networks", alias: "west", apiUrl: other.url, apiKey });
    const fabric = new Fabric(stack, "fabric", { name: "ours" });
    const v4 = new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "198.18.1.0/24" });
    new StaticRange(stack, "nodes", { subnet: v4, startIp: "198.18.1.10", endIp: "198.18.1.99" });
    // Nothing but the fabric says that it is in the other region.
    new Vlan(stack, "v71", { fabric: new Fabric(stack, "western", { name: "western", provider: west }), vid: 71 });
    app.synth();

    const cwd = join(root, "out", "stacks", "lab");
    placeCanonicalProvider(addressOf(root), cwd);
    const env = {
      ...quietEnvironment(root),
      HOME: root,
      MAAS_API_KEY: region.apiKey,
      TF_VAR_western_key: other.apiKey,
    };
    const terraform = async (...args: string[]): Promise<string> =>
      succeeded(await run(TERRAFORM, [...args, "-no-color"], { cwd, env })).output;
    await terraform("init");
    await terraform("apply", "-auto-approve");
    expect(await terraform("plan")).toContain("No changes.");
    const names = (simulator: MaasSimulator): unknown[] => [...simulator.state.fabrics];
    expect(names(region)).toContain("ours");
    expect(names(region)).not.toContain("western");
    expect(names(other)).toContain("western");
    expect(other.state.vlans).toContainEqual(expect.objectContaining({ fabric: "western", vid: 71 }));
    expect(region.state.subnets.map(({ cidr }) => cidr)).toContain("198.18.1.0/24");
    const providers = await terraform("providers");
    expect(providers).toContain("cdktf-maas.invalid/cdktf-maas/maas");
    const state = await terraform("show");
    expect(state).toContain('resource "maas_dns_record" "theirs"');

    await terraform("destroy", "-auto-approve");
    expect(names(region)).not.toContain("ours");
    expect(names(other)).not.toContain("western");
  });
});
