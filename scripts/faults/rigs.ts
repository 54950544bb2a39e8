import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot, PROVIDER } from "../../lib/constructs/internal/facts";
import { placePlugin } from "../../lib/provider/plugin/place-plugin";
import { processes } from "../processes";
import type { WarmCommands } from "../warm-commands";
import { versionConfiguration, versionDocument, type VersionName } from "./network/versions";

/** How a program ended: its exit code, or null for one that was killed, also for taking too long. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly isLate: boolean;
  readonly ms: number;
  /** Text around a secret that is in the output, or in a file that was left. */
  readonly leak?: string;
}

export type CommandName = "apply" | "plan" | "change" | "destroy";

/** Where a program runs, and the region that it talks to. */
export interface Seat {
  readonly folder: string;
  readonly url: string;
  readonly apiKey: string;
  /** What else is to be in the environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether it is to be a process that can be killed. */
  readonly isKilled?: boolean;
}

/** A program under test: the command line's engine, or the real Terraform with the plugin. */
export interface Rig {
  readonly name: string;
  /** A folder in which nothing has been applied yet. */
  newFolder(): Promise<string>;
  /** Puts that version of the network into the folder. */
  write(folder: string, version: VersionName): void;
  /** The words of the command line; what `plan` ends with when it has something to do is `changes`. */
  readonly words: Readonly<Record<"apply" | "plan" | "destroy", readonly string[]>>;
  start(seat: Seat, words: readonly string[]): Running;
}

/** A program that is under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Ends it without warning: itself (`terraform`, `cli`), what it has started (`plugin`), or both (`all`). */
  readonly kill: (this: void, victim: string) => void;
  /** Whether something that it has started still runs. */
  readonly isLeft: () => boolean;
}

/** Exit code of a plan that would change something, of both programs. */
export const CHANGES = 2;

/** Seconds that calls are repeated for: a region that is back at once is waited for no longer, so that more cells fit in. */
export const RETRY_TIMEOUT_S = Number(process.env.MAAS_RETRY_TIMEOUT ?? "6");

/** No command takes longer than this, in milliseconds, or it counts as hung. */
const LONGEST_MS = 240_000;

const newFolder = (): string => mkdtempSync(join(tmpdir(), "cdktf-maas-faults-"));

const processesOf = (group: number): number[] => processes().flatMap((one) => (one.group === group ? [one.pid] : []));

function started(command: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running {
  // A group of its own, so that a kill reaches the plugin that Terraform has started too.
  const child: ChildProcess = spawn(command, words, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid = 0 } = child;
  const victims: Readonly<Record<string, () => readonly number[]>> = {
    all: () => [-pid],
    terraform: () => [pid],
    cli: () => [pid],
    plugin: () => processesOf(pid).filter((other) => other !== pid),
  };
  const kill = (victim: string): void => {
    for (const one of victims[victim]?.() ?? []) {
      try {
        process.kill(one, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  };
  const ended = new Promise<Ended>((resolve, reject) => {
    const begun = performance.now();
    let output = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill("all");
    }, LONGEST_MS);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output, isLate, ms: performance.now() - begun });
    });
  });
  return { ended, kill, isLeft: () => processesOf(pid).length > 0 };
}

const engineEnvironment = ({ url, apiKey, environment }: Seat): NodeJS.ProcessEnv => ({
  ...{ PATH: process.env.PATH, NO_COLOR: "1", ...environment },
  ...{ MAAS_API_URL: url, MAAS_API_KEY: apiKey, MAAS_RETRY_TIMEOUT: String(RETRY_TIMEOUT_S) },
});

/** The command line's engine, as a process of its own. */
export const ENGINE: Rig = {
  name: "engine",
  newFolder: () => Promise.resolve(newFolder()),
  write: (folder, version) => writeFileSync(join(folder, "maas-network.json"), versionDocument(version)),
  words: {
    apply: ["apply", "--yes", "--force", "rules"],
    plan: ["plan", "--force", "rules"],
    destroy: ["destroy", "--yes"],
  },
  start: (seat, words) => {
    const program = join(packageRoot(), "dist", "bin", "cdktf-maas.js");
    return started(process.execPath, [program, ...words], seat.folder, engineEnvironment(seat));
  },
};

/** The same in processes that run one command after the other, unless it is killed: several times as many cells in the same time. */
export const warmEngine = (commands: WarmCommands): Rig => ({
  ...ENGINE,
  start: (seat, words) => {
    if (seat.isKilled === true) return ENGINE.start(seat, words);
    const begun = performance.now();
    const { ended, kill } = commands.start({ words, cwd: seat.folder, environment: engineEnvironment(seat) });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, LONGEST_MS);
    const result = ended.then((one) => ({ ...one, isLate, ms: performance.now() - begun }));
    return { ended: result.finally(() => clearTimeout(timer)), kill, isLeft: () => false };
  },
});

const terraformEnvironment = ({ folder, url, apiKey, environment }: Seat): NodeJS.ProcessEnv => {
  const cliConfig = join(folder, "empty.tfrc");
  writeFileSync(cliConfig, "");
  return {
    ...process.env,
    TF_CLI_CONFIG_FILE: cliConfig,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    MAAS_API_URL: url,
    MAAS_API_KEY: apiKey,
    MAAS_RETRY_TIMEOUT: String(RETRY_TIMEOUT_S),
    MAAS_JOURNAL: join(folder, "maas-journal"),
    ...environment,
  };
};

/** The real Terraform (or OpenTofu), with the plugin. */
export const terraformRig = (program: string): Rig => ({
  name: program,
  newFolder: async () => {
    const folder = newFolder();
    placePlugin(join(packageRoot(), "dist", "bin", "terraform-provider-maas"), folder);
    const maas = { source: PROVIDER.source, version: PROVIDER.version };
    writeFileSync(
      join(folder, "provider.tf.json"),
      JSON.stringify({ terraform: { required_providers: { maas } }, provider: { maas: {} } }),
    );
    const seat = { folder, url: "http://127.0.0.1:9/MAAS", apiKey: "a:b:c" };
    const { code, output } = await started(program, ["init", "-no-color"], folder, terraformEnvironment(seat)).ended;
    if (code !== 0) throw new Error(`${program} init ended with ${code}:\n${output}`);
    return folder;
  },
  write: (folder, version) =>
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(versionConfiguration(version))),
  words: {
    apply: ["apply", "-auto-approve", "-no-color"],
    plan: ["plan", "-detailed-exitcode", "-no-color"],
    destroy: ["destroy", "-auto-approve", "-no-color"],
  },
  start: (seat, words) => started(program, words, seat.folder, terraformEnvironment(seat)),
});
