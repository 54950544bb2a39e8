import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { placePlugin } from "../../lib/provider/plugin/place-plugin";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import { isOnPath, terraformProgram } from "../../scripts/terraform-program";
import { maasProvider } from "../../src/provider/provider";
import { PLUGIN } from "./command-line";
import { expectNoSecrets, watchSecrets } from "./secrets";
import { inProcesses, type MakeProvider, withReattached } from "./reattached-plugins";

/** How a command ended. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** A value of a Terraform configuration in JSON syntax. */
export type Configuration = Record<string, unknown>;

/** One resource in a plan, and what is to happen to it. */
export interface PlannedChange {
  readonly address: string;
  readonly actions: readonly string[];
}

/** The program that the tests run. */
export const TERRAFORM = terraformProgram() ?? "terraform";

/** Terraform on the PATH. Without it these tests can't run: in CI that is a failure, elsewhere a loud skip. */
export function terraformIsMissing(): boolean {
  const isMissing = !isOnPath(TERRAFORM);
  if (isMissing && process.env.CI === "true")
    throw new Error(`${TERRAFORM} is not on the PATH, and CI must not go without`);
  if (isMissing)
    process.stderr.write(`\n*** SKIPPED: ${TERRAFORM} is not on the PATH, so nothing end to end was tested\n`);
  return isMissing;
}

/** A suite that needs Terraform; see {@link terraformIsMissing}. */
export const describeWithTerraform = (): jest.Describe => (terraformIsMissing() ? describe.skip : describe);

/**
 * Variables under which Terraform asks nobody and reads no configuration of this machine's user. GOGC: its runs are so short
 * that collecting garbage takes a quarter of their CPU time.
 */
export function quietEnvironment(folder: string): NodeJS.ProcessEnv {
  const { TF_PLUGIN_CACHE_DIR: _cache, ...inherited } = process.env;
  const cliConfig = join(folder, "empty.tfrc");
  writeFileSync(cliConfig, "");
  const quiet = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0", GOGC: "400" };
  return { ...inherited, ...quiet, TF_CLI_CONFIG_FILE: cliConfig, TERRAFORM_BINARY_NAME: TERRAFORM };
}

/**
 * A stack without a backend has its state in the folder in which it was synthesised: for a test that is the checkout, where
 * the stacks of tests beside it have theirs too, under the same name.
 */
function requireOwnState(folder: string): void {
  const stack = join(folder, "cdk.tf.json");
  if (!existsSync(stack)) return;
  const { terraform } = JSON.parse(readFileSync(stack, "utf8")) as {
    terraform?: { backend?: { local?: { path?: string } } };
  };
  const state = resolve(folder, terraform?.backend?.local?.path ?? ".");
  if (dirname(state) === process.cwd())
    throw new Error(`${state} would be shared with other tests: give the stack a LocalBackend in a folder of its own`);
}

/**
 * Runs a program to its end, with everything that it prints. Fails where that, or the arguments of a process, show a secret.
 *
 * @throws Error when a synthesised stack has its state where others have theirs
 */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; onStart?: (child: ChildProcess) => void },
): Promise<Result> {
  requireOwnState(options.cwd);
  return new Promise((settle, reject) => {
    const check = watchSecrets({ args, env: options.env });
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", "pipe", "pipe"] });
    options.onStart?.(child);
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (code) => {
      const leak = check(output);
      if (leak === undefined) settle({ code: code ?? -1, output });
      else reject(leak);
    });
  });
}

/** Our provider, as it would be started in that folder, for {@link withReattached}. */
export function ourProvider(environment: NodeJS.ProcessEnv, folder: string): Readonly<Record<string, MakeProvider>> {
  return { [PROVIDER.source]: () => maasProvider(environment, folder) };
}

/** The code of `plan -detailed-exitcode` where there is something to do. */
const CHANGES = 2;

/** What a workspace runs. */
export interface Programs {
  /** {@link TERRAFORM} by default. */
  readonly terraform?: string;
  /** Whether the built plugin is started as a process; by default the provider runs in the test's own, see {@link withReattached}. */
  readonly startsPlugin?: boolean;
}

/** A folder with a Terraform configuration and our plugin in it. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "cdktf-maas-e2e-"));
  private readonly environment: NodeJS.ProcessEnv;
  private readonly program: string;

  constructor(
    env: NodeJS.ProcessEnv,
    private readonly programs: Programs = {},
  ) {
    this.program = programs.terraform ?? TERRAFORM;
    placePlugin(PLUGIN, this.folder);
    this.environment = { ...quietEnvironment(this.folder), ...env };
  }

  /** Writes the configuration; the provider's block and requirement are added. */
  write(configuration: Configuration): void {
    const maas = { source: PROVIDER.source, version: PROVIDER.version };
    const whole = { terraform: { required_providers: { maas } }, provider: { maas: {} }, ...configuration };
    writeFileSync(join(this.folder, "main.tf.json"), JSON.stringify(whole, null, 2));
  }

  terraform(
    args: readonly string[],
    options: { onStart?: (child: ChildProcess) => void; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Result> {
    const { onStart } = options;
    const environment = { ...this.environment, ...options.env };
    const start = (env: NodeJS.ProcessEnv): Promise<Result> =>
      run(this.program, args, { cwd: this.folder, env, ...(onStart && { onStart }) });
    if (this.programs.startsPlugin ?? inProcesses) return start(environment);
    return withReattached(ourProvider(environment, this.folder), (reattach) => start({ ...environment, ...reattach }));
  }

  /** Like {@link terraform}. @throws Error with all output when it fails. */
  async succeed(args: readonly string[]): Promise<string> {
    return (await this.ended(args, [0])).output;
  }

  /** Like {@link terraform}. @throws Error with all output when it ends with another code. */
  private async ended(args: readonly string[], codes: readonly number[]): Promise<Result> {
    const result = await this.terraform(args);
    if (codes.includes(result.code)) return result;
    throw new Error(`${this.program} ${args.join(" ")} ended with ${result.code}:\n${result.output}`);
  }

  async init(): Promise<void> {
    await this.succeed(["init", "-no-color"]);
  }

  apply(): Promise<string> {
    return this.succeed(["apply", "-auto-approve", "-no-color"]);
  }

  destroy(): Promise<string> {
    return this.succeed(["destroy", "-auto-approve", "-no-color"]);
  }

  /** What a plan would do, by address; empty when nothing is to be done. */
  async plan(): Promise<readonly PlannedChange[]> {
    const { code } = await this.ended(["plan", "-no-color", "-detailed-exitcode", "-out=plan.bin"], [0, CHANGES]);
    // Without changes it is not shown: that would be one more start of Terraform for each plan that is to be empty.
    if (code === 0) return [];
    const plan = JSON.parse(await this.succeed(["show", "-json", "plan.bin"])) as {
      resource_changes?: { address: string; change: { actions: string[] } }[];
    };
    return (plan.resource_changes ?? [])
      .map(({ address, change }) => ({ address, actions: change.actions }))
      .filter(({ actions }) => actions.some((action) => action !== "no-op" && action !== "read"));
  }

  /** Attributes of each managed resource in the state, by address. */
  async state(): Promise<Record<string, Record<string, unknown>>> {
    const shown = JSON.parse(await this.succeed(["show", "-json"])) as {
      values?: { root_module: { resources?: { address: string; values: Record<string, unknown> }[] } };
    };
    const resources = shown.values?.root_module.resources ?? [];
    return Object.fromEntries(resources.map(({ address, values }) => [address, values]));
  }

  /** @throws Error where a run has left a secret in a file */
  remove(): void {
    expectNoSecrets(this.folder, this.environment);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
