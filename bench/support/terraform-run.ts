import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/constructs/internal/facts";
import { MaasSimulator } from "../../src/simulator";
import { StateServer } from "../../test/support/state-server";
import { quietEnvironment, run, TERRAFORM } from "../../test/support/terraform";
import { MeteredPlugin, SOURCE, VERSION } from "./metered-plugin";
import { timed } from "./table";

/** The plugin of this repository, as it is built. */
export const OWN = process.env.BENCH_PLUGIN ?? join(packageRoot(), "dist/bin/terraform-provider-maas");

/** What one command of Terraform takes. CPU time and memory are the plugin's, over all of its starts. */
export interface Cost {
  readonly ms: number;
  readonly cpuMs: number | undefined;
  readonly peakMb: number | undefined;
  readonly gets: number;
  readonly writes: number;
}

export interface Measured {
  /** By step. */
  readonly costs: Readonly<Record<string, Cost>>;
  /** Size of the state after the apply. */
  readonly stateBytes: number;
}

const STEPS = {
  apply: ["apply", "-auto-approve"],
  "plan, nothing to do": ["plan"],
  "plan -refresh=false": ["plan", "-refresh=false"],
  "plan -destroy": ["plan", "-destroy"],
  destroy: ["destroy", "-auto-approve"],
} as const;

export type Step = keyof typeof STEPS;

export const ALL_STEPS = Object.keys(STEPS) as Step[];

/**
 * Plays the steps with a provider on a simulator of its own, the apply first.
 *
 * @param program the provider's binary
 * @param local keep the state in a local file; else behind an HTTP backend
 */
export async function playTerraform(
  program: string,
  resource: unknown,
  { local, steps = ALL_STEPS }: { readonly local: boolean; readonly steps?: readonly Step[] },
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-bench-"));
  const simulator = await MaasSimulator.start();
  const states = await StateServer.start("plain");
  const plugin = new MeteredPlugin(program, folder);
  const keys = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  const env = { ...quietEnvironment(folder), TF_CLI_CONFIG_FILE: plugin.cliConfig, ...states.environment, ...keys };
  const backend = local ? {} : { backend: { http: {} } };
  const configuration = {
    terraform: { required_providers: { maas: { source: SOURCE, version: VERSION } }, ...backend },
    provider: { maas: { api_url: simulator.url, api_key: simulator.apiKey } },
    resource,
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration, null, 2));
  const terraform = async (args: readonly string[]): Promise<void> => {
    const { code, output } = await run(TERRAFORM, [...args, "-no-color"], { cwd: folder, env });
    if (code !== 0)
      throw new Error(`${program}: ${TERRAFORM} ${args.join(" ")} ended with ${code}:\n${output.slice(-4000)}`);
  };
  await terraform(["init"]);
  const costs: Record<string, Cost> = {};
  let stateBytes = 0;
  for (const step of steps) {
    plugin.clear();
    simulator.requests.clear();
    const ms = await timed(() => terraform(STEPS[step]));
    const gets = simulator.requests.count("GET");
    costs[step] = { ms, ...plugin.cost, gets, writes: simulator.requests.count() - gets };
    if (step === "apply")
      stateBytes = local ? statSync(join(folder, "terraform.tfstate")).size : Buffer.byteLength(states.state ?? "");
  }
  plugin.stop();
  await states.stop();
  await simulator.stop();
  rmSync(folder, { recursive: true });
  return { costs, stateBytes };
}
