import * as fc from "fast-check";
import { EngineUser } from "../support/engine";
import { drift, drifts, followAdvice } from "../support/random-drift";
import { FOREIGN_SEED, networks } from "../support/random-network";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";
import { terraformOf } from "../support/terraform-network";

jest.setTimeout(300_000);

/** Applies within which a network is there. Two: MAAS deletes fabrics by itself, and only the next plan tells. */
const APPLIES = 2;

describeWithTerraform()("random networks, through real Terraform", () => {
  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start(FOREIGN_SEED);
  });

  afterAll(() => user.stop());

  async function withWorkspace(use: (workspace: Workspace) => Promise<void>): Promise<void> {
    const { url, apiKey } = user.simulator;
    const workspace = new Workspace({ MAAS_API_URL: url, MAAS_API_KEY: apiKey, MAAS_IPV6_RULES: "warn" });
    try {
      await workspace.init();
      await use(workspace);
    } finally {
      workspace.remove();
    }
  }

  const fabricsOf = ({ resource }: Configuration): object =>
    (resource as Record<string, object | undefined>).maas_fabric ?? {};

  /** Terraform destroys a fabric before it moves what is on it: so the fabrics that go stay until that has moved. */
  async function reach(workspace: Workspace, former: Configuration, wanted: Configuration): Promise<void> {
    const said: string[] = [];
    workspace.write(wanted);
    while (said.length < APPLIES) {
      const { code, output } = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
      if (code === 0 && (await workspace.plan()).length === 0) return;
      if (/while\s+something\s+is\s+still\s+on\s+it/.test(output)) {
        expect(output.replace(/\s+/g, " ")).toContain("Keep it in the configuration until the rest is moved");
        const resource = wanted.resource as object;
        workspace.write({ resource: { ...resource, maas_fabric: { ...fabricsOf(former), ...fabricsOf(wanted) } } });
        await workspace.apply();
        workspace.write(wanted);
      } else said.push(output);
    }
    throw new Error(`not reached:\n${said.join("\n")}`);
  }

  test("any network is reached from any other: the same end as from nothing, and a destroy leaves the region as it was", async () => {
    await fc.assert(
      fc.asyncProperty(networks, networks, async (first, second) => {
        user.reset();
        const before = user.state;
        let wanted: unknown;
        await withWorkspace(async (workspace) => {
          workspace.write(terraformOf(second));
          await workspace.apply();
          wanted = user.state;
        });
        user.reset();
        await withWorkspace(async (workspace) => {
          workspace.write(terraformOf(first));
          await workspace.apply();
          await reach(workspace, terraformOf(first), terraformOf(second));
          expect(user.state).toEqual(wanted);
          await workspace.destroy();
        });
        expect(user.state).toEqual(before);
      }),
      { numRuns: 2 },
    );
  });

  /** Applies, and does what errors ask for: of several objects with other names each is accepted, as a region may be restored. */
  async function restore(workspace: Workspace): Promise<void> {
    const { code, output } = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    if (code === 0) return;
    const [, address] = /the region looks restored from a\s+backup[^]*?with ([^,]+),/.exec(output) ?? [];
    if (address !== undefined) {
      const accepted = await workspace.terraform(["apply", "-refresh-only", "-auto-approve", `-target=${address}`]);
      expect(accepted).toMatchObject({ code: 0 });
    } else if (!(await followAdvice(user.api, output))) throw new Error(output);
    return restore(workspace);
  }

  test("whatever somebody changes by hand, the next apply restores: the same end as before, and a destroy leaves nothing", async () => {
    await fc.assert(
      fc.asyncProperty(networks, drifts, async (network, changes) => {
        user.reset();
        const before = user.state;
        await withWorkspace(async (workspace) => {
          workspace.write(terraformOf(network));
          await workspace.apply();
          const wanted = user.state;
          for (const change of changes) await drift(user.api, network, change);
          await restore(workspace);
          expect(await workspace.plan()).toEqual([]);
          expect(user.state).toEqual(wanted);
          await workspace.destroy();
        });
        expect(user.state).toEqual(before);
      }),
      { numRuns: 2 },
    );
  });
});
