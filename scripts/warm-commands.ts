import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../src/cli/program";
import { wholeProgram } from "../src/cli/whole-program";

/** A command of the command line, and where it runs. */
export interface WarmCommand {
  readonly words: readonly string[];
  readonly cwd: string;
  /** The whole environment, as a process of its own would have it. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface CommandEnded {
  /** Null where the process was killed. */
  readonly code: number | null;
  readonly output: string;
}

/** Set in a process that runs commands one after the other. */
const SERVES = "CDKTF_MAAS_SERVES_COMMANDS";

/** What keeps a process from its end once its command is done: connections and timers. */
const isBusy = (): boolean => process.getActiveResourcesInfo().some((name) => /TCP|TLS|Timeout|Immediate/.test(name));

async function serveOne({ words, cwd, environment }: WarmCommand): Promise<CommandEnded> {
  let output = "";
  const keep = (chunk: string | Uint8Array): boolean => {
    output += String(chunk);
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = keep;
    stream.removeAllListeners("error");
  }
  process.argv.splice(1, process.argv.length, "cdktf-maas", ...words);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(cwd);
  process.exitCode = 0;
  await run(wholeProgram());
  while (isBusy()) await sleep(10, undefined, { ref: false });
  return { code: Number(process.exitCode), output };
}

/** Whether this process was started to run commands; then it does so until it is killed. To be asked first thing. */
export function servesCommands(): boolean {
  if (process.env[SERVES] === undefined) return false;
  process.on("message", (command: WarmCommand) => {
    void serveOne(command).then((ended) => process.send?.(ended));
  });
  process.once("disconnect", () => process.exit());
  return true;
}

/**
 * Runs commands of `cdktf-maas` in processes that stay: without the start of Node and with code that is compiled already a
 * command takes a tenth of the time. One that keeps connections or timers after its command has not ended, as in a process of its own.
 */
export class WarmCommands {
  readonly #idle = new Map<string, ChildProcess[]>();

  start(command: WarmCommand): { readonly ended: Promise<CommandEnded>; readonly kill: () => void } {
    const { NODE_OPTIONS: options = "" } = command.environment;
    const idle = this.#idle.get(options) ?? [];
    this.#idle.set(options, idle);
    const child = idle.pop() ?? newProcess(command.environment);
    const ended = new Promise<CommandEnded>((resolve) => {
      let errors = "";
      const note = (chunk: Buffer): void => void (errors += String(chunk));
      // What comes here is what a crash leaves.
      child.stderr?.on("data", note);
      const end = (result: CommandEnded): void => {
        child.off("message", told).off("close", gone);
        child.stderr?.off("data", note);
        resolve(result);
      };
      const told = (result: CommandEnded): void => {
        idle.push(child);
        end(result);
      };
      const gone = (code: number | null): void => end({ code, output: errors });
      child.on("message", told).on("close", gone);
    });
    child.send(command);
    return { ended, kill: () => void child.kill("SIGKILL") };
  }

  stop(): void {
    for (const child of [...this.#idle.values()].flat()) child.disconnect();
  }
}

function newProcess(environment: NodeJS.ProcessEnv): ChildProcess {
  const [, program = ""] = process.argv;
  return fork(program, { env: { ...environment, [SERVES]: "1" }, stdio: ["ignore", "ignore", "pipe", "ipc"] });
}
