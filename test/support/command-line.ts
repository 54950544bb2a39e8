import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { watchSecrets } from "./secrets";

/** How a command ended, with its two outputs apart. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command gave, which has to have ended well. @throws Error with all that it wrote */
export function succeeded<Ended extends { readonly code: number }>(result: Ended): Ended {
  if (result.code === 0) return result;
  const written = Object.entries(result).map(([name, value]) => `${name}: ${String(value)}`);
  throw new Error(`a command failed\n${written.join("\n")}`);
}

/** Where and how a command runs. */
export interface CommandSettings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The built program. */
  readonly program?: "cdktf-maas" | "cdktf-maas-apply";
}

const BIN = join(__dirname, "..", "..", "dist", "bin");

/** A built program. */
export const programFile = (name: string): string => join(BIN, `${name}.js`);

/** The built plugin. */
export const PLUGIN = join(BIN, "terraform-provider-maas");

/** A command that is under way. */
export class RunningCommand {
  readonly result: Promise<CommandResult>;
  #stdout = "";
  #stderr = "";

  /** @param check of all that it has written. @see watchSecrets */
  constructor(
    private readonly child: ChildProcess,
    check: (output: string) => Error | undefined,
  ) {
    child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.result = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        const leak = check(this.#stdout + this.#stderr);
        if (leak === undefined) resolve({ code: code ?? -1, stdout: this.#stdout, stderr: this.#stderr });
        else reject(leak);
      });
    });
  }

  /** What it has written to its standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until the command has written this text, to either output. @throws when it ends without. */
  async said(text: string): Promise<void> {
    const isSaid = (): boolean => this.#stdout.includes(text) || this.#stderr.includes(text);
    while (!isSaid()) {
      const more = new Promise((resolve) => {
        this.child.stdout?.once("data", resolve);
        this.child.stderr?.once("data", resolve);
      });
      const ended = await Promise.race([this.result, more.then(() => undefined)]);
      if (ended !== undefined && !isSaid()) throw new Error(`ended without "${text}": ${JSON.stringify(ended)}`);
    }
  }

  /** Sends a signal, as a terminal or a pipeline does. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Writes to its standard input, which stays open. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }
}

/** Starts a program as a process of its own, with no environment but what is given and how long the tests repeat calls. */
export function startCommand(
  args: readonly string[],
  { env = {}, cwd, program = "cdktf-maas" }: CommandSettings = {},
): RunningCommand {
  const { PATH, MAAS_RETRY_TIMEOUT } = process.env;
  const check = watchSecrets({ args, env });
  return new RunningCommand(
    spawn(process.execPath, [programFile(program), ...args], { env: { PATH, MAAS_RETRY_TIMEOUT, ...env }, cwd }),
    check,
  );
}

/** Runs `cdktf-maas` as a process of its own. */
export function cdktfMaas(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  return startCommand(args, { env }).result;
}
