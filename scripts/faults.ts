// `npm run faults`: one fault at each call of a command, then the command again without it: does it end where it should?
// The engine of the command line and the real Terraform, against a simulated region behind a proxy. Exit code 1 = not all did.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cell, type CellResult, play } from "./faults/cell";
import { FAULTS } from "./faults/fault-kinds";
import { FaultProxy, type Plot } from "./faults/fault-proxy";
import { detailsOf, tableOf } from "./faults/report";
import { type CommandName, ENGINE, type Rig, terraformRig } from "./faults/rigs";
import { occasions, prepareSituation, type Situation } from "./faults/situation";
import { isOnPath, terraformProgram } from "./terraform-program";
import { randomNumbers } from "../src/simulator/text/random";

const COMMANDS: readonly CommandName[] = ["apply", "plan", "change", "destroy"];

const HELP = `npm run faults -- [options]
  --sample N       play N cells of each program, as many of each command, chosen by the seed (default: all)
  --seed N         seed of the choice (default: 1)
  --program NAME   engine, terraform or tofu; repeatable (default: engine, and TERRAFORM_BINARY_NAME, else
                   whichever of terraform and tofu is on the PATH)
  --command NAME   ${COMMANDS.join(", ")}; repeatable (default: all)
  --fault TEXT     only faults whose name contains it; "kill" = killed right after a commit
  --mode NAME      once: the fault hits one call; lasts: that call and all later ones of the command (default: both)
  --jobs N         cells at a time (default: 2)
MAAS_RETRY_TIMEOUT in the environment: seconds for which the programs repeat a call (default here: 8)
`;

/** The programs to test. Without Terraform that is the engine alone: in CI a failure, elsewhere said loudly. */
function rigs(named: readonly string[]): Rig[] {
  const names = named.length > 0 ? named : ["engine", terraformProgram() ?? "terraform"];
  return names.flatMap((name) => {
    if (name === ENGINE.name) return [ENGINE];
    if (isOnPath(name)) return [terraformRig(name)];
    if (process.env.CI === "true" || named.length > 0) throw new Error(`${name} is not on the PATH`);
    process.stderr.write(`*** SKIPPED: ${name} is not on the PATH, so only the engine was tested\n`);
    return [];
  });
}

/** Whether a fault stays, by the name of the mode. */
const MODES: Readonly<Record<string, boolean>> = { once: false, lasts: true };

function modes(named: string | undefined): readonly boolean[] {
  if (named === undefined) return Object.values(MODES);
  const lasts = MODES[named];
  if (lasts === undefined) throw new Error(`there is no mode ${named}: ${Object.keys(MODES).join(", ")}`);
  return [lasts];
}

function cellsOf(situation: Situation, wanted: string, lasting: readonly boolean[]): Cell[] {
  const faults: readonly Plot["fault"][] = [...FAULTS, "kill"];
  return faults
    .filter((fault) => (fault === "kill" ? "kill" : fault.name).includes(wanted))
    .flatMap((fault) => lasting.filter((lasts) => !lasts || fault !== "kill").map((lasts) => ({ fault, lasts })))
    .flatMap(({ fault, lasts }) =>
      Array.from({ length: occasions(situation, fault) }, (_, index) => ({ situation, fault, lasts, at: index + 1 })),
    );
}

/** That many of them, the same for the same seed: of each group as many as of the others, as far as it has them. */
function sampled<T>(groups: readonly (readonly T[])[], size: number, seed: number): T[] {
  const random = randomNumbers(seed);
  return groups
    .flatMap((group) =>
      group
        .map((item) => ({ item, rank: random() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }, turn) => ({ item, turn })),
    )
    .sort((a, b) => a.turn - b.turn)
    .slice(0, size)
    .map(({ item }) => item);
}

async function playAll(cells: readonly Cell[], jobs: number): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const waiting = [...cells];
  const work = async (): Promise<void> => {
    const proxy = await FaultProxy.start();
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      results.push(await play(cell, proxy));
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${cells.length} `);
    }
    await proxy.stop();
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      program: { type: "string", multiple: true, default: [] },
      command: { type: "string", multiple: true, default: [] },
      fault: { type: "string", default: "" },
      mode: { type: "string" },
      jobs: { type: "string", default: "2" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const commands = COMMANDS.filter((name) => values.command.length === 0 || values.command.includes(name));
  const proxy = await FaultProxy.start();
  const results: CellResult[] = [];
  for (const rig of rigs(values.program)) {
    const situations: Situation[] = [];
    for (const command of commands) situations.push(await prepareSituation(rig, command, proxy));
    const cells = situations.map((situation) => cellsOf(situation, values.fault, modes(values.mode)));
    const all = cells.flat().length;
    const size = values.sample === undefined ? all : Number(values.sample);
    const started = performance.now();
    const played = await playAll(sampled(cells, size, Number(values.seed)), Number(values.jobs));
    results.push(...played);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`${rig.name}: ${played.length} of ${all} cells, seed ${values.seed}, ${seconds} s\n`);
    for (const { folder } of situations) rmSync(folder, { recursive: true, force: true });
  }
  await proxy.stop();
  process.stdout.write(`\n${tableOf(results)}\n${detailsOf(results)}`);
  if (results.some(({ verdict }) => verdict !== "converged")) process.exitCode = 1;
}

void main();
