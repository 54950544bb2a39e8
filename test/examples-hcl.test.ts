import { cpSync, existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { PROVIDER } from "../lib/constructs/internal/facts";
import { pluginFileName } from "../lib/provider/plugin/plugin-files";
import { MaasSimulator } from "../src/simulator";
import { cdktfMaas } from "./support/command-line";
import { temporaryFolder } from "./support/synth";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "./support/terraform";

jest.setTimeout(120_000);

const EXAMPLE = resolve(__dirname, "../examples/hcl");

describeWithTerraform()("the example in plain HCL", () => {
  test("passes its own tests with the plugin that install-plugin has placed, and leaves nothing on the region", async () => {
    const simulator = await MaasSimulator.start();
    const folder = temporaryFolder();
    const home = temporaryFolder();
    try {
      cpSync(EXAMPLE, folder, { recursive: true });
      const installed = await cdktfMaas(["install-plugin"], { HOME: home });
      expect(installed.code).toBe(0);
      const env = {
        ...quietEnvironment(folder),
        ...{ HOME: home, MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
      };
      const before = JSON.stringify([simulator.state.fabrics, simulator.state.subnets]);
      const init = await run(TERRAFORM, ["init", "-no-color"], { cwd: folder, env });
      expect(`${init.output}\n${init.code}`).toMatch(/successfully initialized[\s\S]*\n0$/);
      const tested = await run(TERRAFORM, ["test", "-no-color"], { cwd: folder, env });
      expect(tested.output).toContain("Success! 3 passed, 0 failed.");
      expect(JSON.stringify([simulator.state.fabrics, simulator.state.subnets])).toBe(before);
      // The lock file's hash is one of all that is in the plugin's folder: nothing is ever written there.
      const plugins = join(home, ".terraform.d", "plugins");
      const files = readdirSync(plugins, { recursive: true, encoding: "utf8", withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      expect(files.map(({ name }) => name)).toEqual([pluginFileName(PROVIDER.version)]);
      // The hash that was told is the one in the lock file.
      const [hash = ""] = /h1:\S+/.exec(installed.stderr) ?? [];
      const again = await cdktfMaas(["install-plugin"], { HOME: home });
      expect([again.stderr.includes("Already there"), again.stderr.includes(hash)]).toEqual([true, true]);
      expect(existsSync(join(folder, ".terraform.lock.hcl"))).toBe(true);
    } finally {
      await simulator.stop();
    }
  });
});
