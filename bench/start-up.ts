// How long Terraform waits for the plugin, and a user for the help of the command line, next to a Node that does nothing: by the
// clock, and in CPU, which other programs on the machine disturb less. Terraform starts the plugin three times for a plan.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../lib/constructs/internal/facts";
import { PluginClient } from "../test/support/plugin-client";
import { median, NOT_MEASURED, ratio, table, timed } from "./support/table";
import { cpuMsIn, timedProgram } from "./support/times";

const RUNS = 15;
const programs = join(packageRoot(), "dist/bin");

/** A program, and what it took each time: milliseconds by the clock, and of CPU until it had ended. */
class Started {
  readonly wall: number[] = [];
  readonly cpu: (number | undefined)[] = [];
  readonly #script: string;
  readonly #times: string;

  /** @param run starts the program of that name, and returns how long it took to what is waited for */
  constructor(
    folder: string,
    readonly what: string,
    program: string,
    private readonly run: (script: string) => Promise<number>,
  ) {
    const name = what.replace(/\W+/g, "-");
    [this.#script, this.#times] = [join(folder, name), join(folder, `${name}.times`)];
    timedProgram(this.#script, program, { times: this.#times });
  }

  async again(): Promise<void> {
    writeFileSync(this.#times, "");
    this.wall.push(await this.run(this.#script));
    this.cpu.push(cpuMsIn(this.#times));
  }
}

const command =
  (...args: readonly string[]) =>
  (script: string): Promise<number> =>
    timed(() => spawnSync(script, args));

const plugin =
  (use: (client: PluginClient) => Promise<unknown>) =>
  async (script: string): Promise<number> => {
    let client: PluginClient | undefined;
    const ms = await timed(async () => {
      client = await PluginClient.start(script);
      await use(client);
    });
    await client?.shutdown();
    return ms;
  };

/** The median of what was measured; undefined where the machine can't tell. */
function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "start-up-"));
  const [provider, cli] = [join(programs, "terraform-provider-maas"), join(programs, "cdktf-maas.js")];
  const started = [
    new Started(folder, "empty Node script", process.execPath, command("-e", "")),
    new Started(
      folder,
      "plugin: to the handshake",
      provider,
      plugin(() => Promise.resolve()),
    ),
    new Started(
      folder,
      "plugin: to the schema",
      provider,
      plugin((client) => client.call("getProviderSchema", {})),
    ),
    new Started(folder, "cdktf-maas --help", process.execPath, command(cli, "--help")),
    new Started(folder, "cdktf-maas --version", process.execPath, command(cli, "--version")),
    new Started(folder, "cdktf-maas completion bash", process.execPath, command(cli, "completion", "bash")),
  ];
  for (let run = 0; run < RUNS; run += 1) for (const one of started) await one.again();
  rmSync(folder, { recursive: true });
  const [base] = started;
  const cells = (values: readonly (number | undefined)[], bases: readonly (number | undefined)[] = []): string[] => {
    const [value, of] = [medianOf(values), medianOf(bases)];
    return value === undefined || of === undefined ? [NOT_MEASURED, ""] : [`${value.toFixed(0)} ms`, ratio(value, of)];
  };
  process.stdout.write(`Median of ${RUNS} runs, each next to an empty Node script\n\n`);
  const rows = started.map(({ what, wall, cpu }) => [what, ...cells(wall, base?.wall), ...cells(cpu, base?.cpu)]);
  process.stdout.write(table(["", "time", "to Node", "CPU", "to Node"], rows));
}

void main();
