import { setTimeout as sleep } from "node:timers/promises";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import { expectAsBefore, inventory, ownNames, startRegion, type TestRegion } from "../support/region";
import { StateServer } from "../support/state-server";
import { describeWithTerraform, type Configuration, type Result, Workspace } from "../support/terraform";

jest.setTimeout(300_000);

describeWithTerraform()("two deploys at once", () => {
  const names = ownNames();
  const workspaces: Workspace[] = [];
  let region: TestRegion;
  let before: Record<string, unknown[]>;

  const network = (backend: Configuration = {}): Configuration => ({
    terraform: { required_providers: { maas: { source: PROVIDER.source, version: PROVIDER.version } }, ...backend },
    resource: {
      maas_fabric: { lab: { name: names.prefix } },
      maas_space: { lab: { name: names.prefix } },
      maas_vlan: { lab: { fabric: "${maas_fabric.lab.id}", vid: 20 } },
    },
  });
  const apply = (workspace: Workspace): Promise<Result> =>
    workspace.terraform(["apply", "-auto-approve", "-no-color", "-lock-timeout=0s"]);

  async function workspaceWith(configuration: Configuration, env: NodeJS.ProcessEnv = {}): Promise<Workspace> {
    const workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey, ...env });
    workspaces.push(workspace);
    workspace.write(configuration);
    await workspace.init();
    return workspace;
  }

  beforeAll(async () => {
    region = await startRegion();
    before = await inventory(region.api);
  });
  afterEach(() => {
    region.faults.clear();
  });
  afterAll(async () => {
    for (const workspace of workspaces) workspace.remove();
    await region.stop();
  });

  test("on one state behind a locking backend: the later one changes nothing, and finds nothing to do afterwards", async () => {
    const server = await StateServer.start("gitlab");
    const [first, second] = [
      await workspaceWith(network({ backend: { http: {} } }), server.environment),
      await workspaceWith(network({ backend: { http: {} } }), server.environment),
    ];
    region.forget();
    region.faults.set({ latency: 300 });
    const underWay = apply(first);
    while (!region.requests().some(({ method }) => method === "POST")) await sleep(20);
    const refused = await apply(second);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("Error acquiring the state lock")]);
    expect((await underWay).code).toBe(0);

    region.faults.clear();
    region.forget();
    expect(await apply(second)).toEqual({ code: 0, output: expect.stringContaining("No changes.") as string });
    expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    await second.destroy();
    await expectAsBefore(region, before, names.prefix);
    await server.stop();
  });

  test("with a state each: each object is made once, and a destroy takes only what its own state has", async () => {
    const both = [await workspaceWith(network()), await workspaceWith(network())];
    region.faults.set({ latency: 100 });
    const results = await Promise.all(both.map(apply));
    region.faults.clear();
    // Which of them makes the fabric, and which the space, is a matter of milliseconds.
    expect(results.map(({ code }) => code)).toContain(1);
    for (const { output } of results.filter(({ code }) => code !== 0)) {
      expect(output).toMatch(/exists|MAAS-RUN-09/);
      expect(output).not.toContain("unexpected");
    }
    const made = await inventory(region.api);
    const own = [...(made.fabrics ?? []), ...(made.spaces ?? [])].filter((row) => String(row).includes(names.prefix));
    expect(own).toHaveLength(2);

    // What another state's run has made is not taken for what a run of this one was cut off from.
    for (const [index, workspace] of both.entries())
      if (results[index]?.code !== 0) expect((await apply(workspace)).output).toContain("exists");
    const [first, second] = results[0]?.code === 0 ? [both[1], both[0]] : both;
    const kept = Object.keys((await second?.state()) ?? {}).length;
    await first?.destroy();
    expect(await second?.plan()).toHaveLength(3 - kept);
    await second?.destroy();
    await expectAsBefore(region, before, names.prefix);
  });
});
