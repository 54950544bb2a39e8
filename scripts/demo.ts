// `npm run demo`: the life of the dual-stack example against a simulated region. With the real cdktf and Terraform (or
// OpenTofu) where there is one, else with this package's own engine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coloursFor } from "../src/cli/output/terminal";
import { packageRoot } from "../lib/constructs/internal/facts";
import { ApiKey } from "../src/maas/api-key";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import { MaasSimulator } from "../src/simulator";
import { say, type Stage } from "./demo/stage";
import { demoWithEngine } from "./demo/with-engine";
import { demoWithTerraform } from "./demo/with-terraform";
import { terraformProgram } from "./terraform-program";

async function demo(stage: Stage): Promise<void> {
  say(`A simulated MAAS region answers at ${stage.simulator.urls.join(" and ")}`);
  const terraform = terraformProgram();
  if (terraform !== undefined) return demoWithTerraform(stage, terraform);
  say("Neither terraform nor tofu is on the PATH: the example is applied by the engine of this package, without them");
  await demoWithEngine(stage);
}

async function main(): Promise<void> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-demo-"));
  const simulator = await MaasSimulator.start({ port: 0 });
  const { url, apiKey } = simulator;
  const api = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(apiKey) });
  const env = { ...process.env, MAAS_API_URL: url, MAAS_API_KEY: apiKey, CI: "1" };
  try {
    await demo({ root: packageRoot(), folder, simulator, api, env });
  } finally {
    await api.close();
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  say(`Done in ${Math.round((performance.now() - started) / 1000)} s`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `\n${coloursFor(process.stderr).red("The demo failed:")} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});
