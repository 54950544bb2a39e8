import { rmSync } from "node:fs";
import { join } from "node:path";
import { processes } from "../../scripts/processes";
import type { Seed } from "../../src/simulator/seed/notation";
import { rowsOf } from "../../src/maas/codec";
import { type Cut, CuttingProxy } from "../support/cutting-proxy";
import { EngineUser } from "../support/engine";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

// Terraform writes an instance whose plugin is gone in the middle of its change into the state without its private state: that the
// object was adopted, what it is to get back, and which attributes the configuration has set.

jest.setTimeout(120_000);

const SUBNET = "10.1.0.0/24";
const SEED: Seed = { fabrics: [{ name: "theirs", class_type: "10g" }] };

describeWithTerraform()("a plugin that is killed while it changes an object", () => {
  let user: EngineUser;
  let proxy: CuttingProxy;
  let workspace: Workspace;

  beforeAll(async () => {
    user = await EngineUser.start(SEED);
    proxy = await CuttingProxy.start(user.simulator.url);
  });

  beforeEach(async () => {
    user.reset();
    const environment = { MAAS_API_URL: proxy.url, MAAS_API_KEY: user.simulator.apiKey };
    workspace = new Workspace(environment, { startsPlugin: true });
    await workspace.init();
  });

  afterEach(() => workspace.remove());

  afterAll(async () => {
    await proxy.stop();
    await user.stop();
  });

  const fabrics = async (): Promise<unknown[]> =>
    rowsOf(await user.api.get("fabrics/")).map(({ name, class_type: type }) => [name, type]);
  const write = (resource: Configuration): void => workspace.write({ resource });
  const adopted = (attributes: object, settings: object = { adopt_existing: true }): Configuration => ({
    maas_fabric: { theirs: { name: "theirs", ...attributes, ...settings } },
  });
  const subnet = (attributes: object): Configuration => ({
    maas_fabric: { lab: { name: "lab" } },
    maas_subnet: { v4: { cidr: SUBNET, vlan: "${maas_fabric.lab.untagged_vlan}", ...attributes } },
  });

  /** Kills the plugin at the first call of the change that is planned. */
  async function killAtFirstCall(when: Cut, ...options: readonly string[]): Promise<void> {
    await workspace.succeed(["plan", "-out=saved.bin", ...options]);
    let terraform = 0;
    proxy.cutAt(1, when, () => {
      for (const { pid, parent } of processes()) if (parent === terraform) process.kill(pid, "SIGKILL");
    });
    const { code, output } = await workspace.terraform(["apply", "-no-color", "saved.bin"], {
      onStart: ({ pid = 0 }) => (terraform = pid),
    });
    proxy.cutAt(0, when, () => undefined);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/did not respond|was cancelled/) as string,
    });
  }

  /** Adopts a fabric, and kills the plugin in a change of it. */
  async function adoptAndKill(when: Cut): Promise<void> {
    write(adopted({ class_type: "25g" }));
    await workspace.apply();
    write(adopted({ class_type: "40g" }));
    await killAtFirstCall(when);
  }

  const forget = (): void => rmSync(join(workspace.folder, ".terraform", "maas-changes"), { recursive: true });

  test("right after the change: what was adopted is restored in the end", async () => {
    const before = await fabrics();
    await adoptAndKill("after");
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    await workspace.destroy();
    expect(await fabrics()).toEqual(before);
  });

  test("and plans without an apply come after it: what was adopted is restored all the same", async () => {
    const before = await fabrics();
    write(adopted({ class_type: "25g" }));
    await workspace.apply();
    // No longer said, and kept all the same.
    write(adopted({ class_type: "25g" }, {}));
    await workspace.apply();
    write(adopted({ class_type: "40g" }, {}));
    await killAtFirstCall("before");
    await workspace.plan();
    await workspace.plan();
    await workspace.destroy();
    expect(await fabrics()).toEqual(before);
  });

  test("in the middle of a destroy: what was adopted is restored by the next one, and what was created is deleted", async () => {
    const before = await fabrics();
    for (const configuration of [adopted({ class_type: "25g" }), { maas_fabric: { lab: { name: "lab" } } }]) {
      write(configuration);
      await workspace.apply();
      await killAtFirstCall("before", "-destroy");
      await workspace.destroy();
      expect(await fabrics()).toEqual(before);
    }
  });

  test("and Terraform taints it, with nothing left: it is not replaced", async () => {
    await adoptAndKill("before");
    forget();
    await workspace.succeed(["taint", "maas_fabric.theirs"]);
    const { code, output } = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("MAAS-STA-07") as string });
    expect(await fabrics()).toContainEqual(["theirs", "25g"]);
  });

  test("a value that is taken out is emptied by the next apply", async () => {
    write(subnet({ gateway_ip: "10.1.0.1" }));
    await workspace.apply();
    write(subnet({}));
    await killAtFirstCall("before");
    await workspace.apply();
    expect(user.state.subnets).toEqual([expect.stringContaining('"gatewayIp":null')]);
  });

  test("and what is left of that is lost too: nothing is deleted before the user says so", async () => {
    await adoptAndKill("before");
    forget();
    await workspace.apply();
    const { code, output } = await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(output.replace(/\s+/g, " ")).toMatch(
      /hether the fabric with the id 1 was created or adopted is not known .* \(terraform import ADDRESS '1'\), and destroy it. \[MAAS-STA-07/,
    );
    expect(await fabrics()).toContainEqual(["theirs", "40g"]);
    await workspace.succeed(["state", "rm", "maas_fabric.theirs"]);
    await workspace.succeed(["import", "-no-color", "maas_fabric.theirs", "1"]);
    await workspace.destroy();
    expect(await fabrics()).toHaveLength(1);
  });
});
