import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing, type TerraformStack } from "../../lib/cdk";
import { packageRoot, PROVIDER } from "../../lib/constructs/internal/facts";
import { ProblemError } from "../../lib/model/problem";
import { type LoggedRequest, MaasSimulator, type RegionState, type SimulatorOptions } from "../simulator";
import { type ConstructLike, constructOf, stacksOf } from "./stacks";

/** How a stack is deployed in a test. */
export interface DeployOptions {
  /**
   * What deploys it: this package's own engine, or the program `terraform` (or `TERRAFORM_BINARY_NAME`, such as `tofu`), which must
   * be on the PATH.
   * @default "engine"
   */
  readonly with?: "engine" | "terraform";
  /** The simulated region: its release, and what it holds before. @default - MAAS 3.6, with racks rack1 and rack2 */
  readonly region?: SimulatorOptions;
  /**
   * A simulator that runs already, and goes on after it.
   * @default - one for this deployment alone, which is stopped at its end
   */
  readonly simulator?: MaasSimulator;
}

/** A region after a deployment, to be looked at. It stays as it is: nothing has to be stopped. */
export interface DeployedRegion {
  /** What the region holds, by natural keys. */
  readonly state: RegionState;
  /** The calls that were made, in order. */
  readonly requests: readonly LoggedRequest[];
  /** What the programs said. */
  readonly output: string;
}

/** A deployment that failed. The message has what the program said. */
export class DeploymentError extends ProblemError {
  override readonly name = "DeploymentError";
  constructor(message: string) {
    super("MAAS-RUN-14", message);
  }
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Variables of the test's own environment that would lead to another region, or to another configuration of Terraform. */
const FOREIGN = /^(?:MAAS_|TF_(?!PLUGIN_CACHE_DIR)|CDKTF_MAAS_)/;

function run(program: string, args: readonly string[], cwd: string, own: NodeJS.ProcessEnv): Promise<Ended> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const env = { ...inherited, ...own, CHECKPOINT_DISABLE: "1", TF_INPUT: "0", NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(new DeploymentError(`${program} can't be started: ${error.message}`));
      else resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

/** What deploys a stack that was synthesised to that folder, and looks whether anything is left to do. */
type Deploy = (folder: string, region: MaasSimulator) => Promise<string>;

/** Runs commands one after the other. @throws DeploymentError with all output for the first that ends otherwise than with 0 */
async function all(
  program: string,
  commands: readonly (readonly string[])[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  let said = "";
  for (const args of commands) {
    const { code, output } = await run(program, args, cwd, env);
    said += output;
    if (code === 0) continue;
    const isLeft = code === 2 && args.includes("plan");
    const what = isLeft
      ? "it is deployed, and the next plan has changes again"
      : `it can't be deployed (exit code ${code})`;
    throw new DeploymentError(`${what}:\n${output}`);
  }
  return said;
}

const withEngine: Deploy = (cwd, { url, apiKey }) => {
  const program = join(packageRoot(), "dist", "bin", "cdktf-maas.js");
  const commands = [["apply", "--yes"], ["plan"]].map((args) => [program, ...args, "--url", url]);
  return all(process.execPath, commands, cwd, { MAAS_API_KEY: apiKey, MAAS_RETRY_TIMEOUT: "10" });
};

/** The provider blocks of the stack lead to the simulated region, whichever one they name. */
function leadTo(url: string, apiKey: string, folder: string): void {
  const { terraform, provider = {} } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    readonly terraform?: { readonly required_providers?: Readonly<Record<string, { readonly source?: string }>> };
    readonly provider?: Readonly<Record<string, readonly { readonly alias?: string }[]>>;
  };
  const ours = Object.entries(terraform?.required_providers ?? {}).filter(
    ([, { source }]) => source === PROVIDER.source,
  );
  const blocks = ours.map(([name]) => [
    name,
    (provider[name] ?? []).map(({ alias }) => ({
      ...(alias !== undefined && { alias }),
      api_url: url,
      api_key: apiKey,
    })),
  ]);
  writeFileSync(
    join(folder, "testing_override.tf.json"),
    JSON.stringify({ provider: Object.fromEntries(blocks) as object }),
  );
}

const withTerraform: Deploy = (cwd, { url, apiKey }) => {
  leadTo(url, apiKey, cwd);
  const { TERRAFORM_BINARY_NAME: program = "terraform" } = process.env;
  const commands = [["init"], ["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]];
  return all(
    program,
    commands.map((args) => [...args, "-no-color"]),
    cwd,
    {},
  );
};

const DEPLOY: Readonly<Record<NonNullable<DeployOptions["with"]>, Deploy>> = {
  ...{ engine: withEngine, terraform: withTerraform },
};

async function deployStack(stack: TerraformStack, deploy: Deploy, region: MaasSimulator): Promise<string> {
  const folder = Testing.fullSynth(stack);
  try {
    return await deploy(join(folder, "stacks", stack.node.id), region);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Deploys a stack, or all stacks of an app one after the other, to a simulated MAAS region, and gives the region to look at.
 * What the stack names as its region is left alone: nothing leaves the machine.
 *
 * @throws DeploymentError when a deployment fails, and when a plan after it would change something again. Errors of synth as they are
 */
export async function deployed(stack: ConstructLike, options: DeployOptions = {}): Promise<DeployedRegion> {
  const { with: program = "engine", simulator } = options;
  const region = simulator ?? (await MaasSimulator.start({ port: 0, ...options.region }));
  try {
    let output = "";
    for (const one of stacksOf(constructOf(stack))) output += await deployStack(one, DEPLOY[program], region);
    return { state: region.state, requests: region.requests.all(), output };
  } finally {
    if (simulator === undefined) await region.stop();
  }
}
