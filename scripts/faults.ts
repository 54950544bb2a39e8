// `npm run faults`: something goes wrong with a command, then the command again without it: does it end where it should?
// The engine of the command line and the real Terraform, against a simulated region behind a proxy. Exit code 1 = not all did.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cell, type CellResult, play } from "./faults/cell";
import { FaultProxy } from "./faults/fault-proxy";
import { NameServer } from "./faults/name-server";
import { isWithinNamespaces, noNamespaces, runWithinNamespaces } from "./faults/namespaces";
import { detailsOf, isGood, tableOf } from "./faults/report";
import { type CommandName, ENGINE, RETRY_TIMEOUT_S, type Rig, terraformRig, warmEngine } from "./faults/rigs";
import { pairs, sampled } from "./faults/sample";
import { prepareSituation, type Situation } from "./faults/situation";
import { cellsOf, SUITE_NAMES, type SuiteName, SUITES, type Wanted } from "./faults/suites";
import { OptionError, oneOf, runScript, wholeNumber } from "./options";
import { checkPlace, counted, writeTable } from "./page";
import { isOnPath, terraformProgram } from "./terraform-program";
import { servesCommands, WarmCommands } from "./warm-commands";

const COMMANDS: readonly CommandName[] = ["apply", "plan", "change", "destroy"];

const HELP = `npm run faults -- [SUITE...] [options]
${SUITE_NAMES.map((name) => `  ${name.padEnd(17)}${SUITES[name].doc}`).join("\n")}
                   (default: all suites)

  --sample N       play N cells of each program, as many of each suite and command, chosen by the seed (default: all)
  --seed N         seed of the choice, and of random moments (default: 1)
  --program NAME   engine, terraform or tofu; repeatable (default: engine, and TERRAFORM_BINARY_NAME, else
                   whichever of terraform and tofu is on the PATH)
  --command NAME   ${COMMANDS.join(", ")}; repeatable (default: all)
  --fault TEXT     only faults whose name contains it
  --at N           only at the N-th of the calls that a fault can hit
  --mode NAME      once: the fault hits one call; lasts: that call and all later ones of the command (default: both)
  --points N       random moments at which each of terraform, plugin and cli is killed, per command (default: 50)
  --outage N       seconds that a region is down that is waited for (default: 3); one time more for twice the retry timeout
  --jobs N         cells at a time (default: 2)
  --minutes N      begin no cell after that time, for each program (default: until all are played)
  --processes      start a process for each command of the engine, as users do (default: only for kills)
  --write          put the tables into docs/reliability.md, each with this command and the machine
MAAS_RETRY_TIMEOUT in the environment: seconds for which the programs repeat a call (default here: 6)
`;

/** The programs to test. Without Terraform that is the engine alone: in CI a failure, elsewhere said loudly. */
function rigs(named: readonly string[], engine: Rig): Rig[] {
  const names = named.length > 0 ? named : ["engine", terraformProgram() ?? "terraform"];
  return names.flatMap((name) => {
    if (name === ENGINE.name) return [engine];
    if (isOnPath(name)) return [terraformRig(name)];
    if (process.env.CI === "true" || named.length > 0)
      throw new OptionError(`${name} is not on the PATH. Programs: engine, terraform, tofu.`);
    process.stderr.write(`*** SKIPPED: ${name} is not on the PATH, so only the engine was tested\n`);
    return [];
  });
}

/** Whether a fault stays, by the name of the mode. */
const MODES: Readonly<Record<string, boolean>> = { once: false, lasts: true };

function modes(named: string | undefined): readonly boolean[] {
  if (named === undefined) return Object.values(MODES);
  return [MODES[oneOf("--mode", named, Object.keys(MODES))] === true];
}

/** The suites that are asked for. Those that need namespaces are left out, loudly, where there are none. */
function suitesOf(named: readonly string[]): SuiteName[] {
  for (const name of named) oneOf("the suite", name, SUITE_NAMES);
  const wanted = SUITE_NAMES.filter((name) => named.length === 0 || named.includes(name));
  if (isWithinNamespaces() || !wanted.some((name) => SUITES[name].isNamed)) return wanted;
  const why = noNamespaces() ?? "";
  if (process.env.CI === "true" || named.length > 0) throw new Error(`namespaces can't be made: ${why}`);
  process.stderr.write(`*** SKIPPED: faults of connections. Namespaces can't be made (${why}): run as root\n`);
  return wanted.filter((name) => !SUITES[name].isNamed);
}

interface Playing {
  readonly jobs: number;
  /** When no further cell is begun, in milliseconds of `performance.now()`. */
  readonly until: number;
  readonly names: NameServer | undefined;
}

async function playAll(cells: readonly Cell[], { jobs, until, names }: Playing): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const waiting = [...cells];
  const next = (): Cell | undefined => (performance.now() < until ? waiting.shift() : undefined);
  const work = async (): Promise<void> => {
    const plain = await FaultProxy.start();
    const named = names === undefined ? plain : await FaultProxy.start(names);
    for (let cell = next(); cell !== undefined; cell = next()) {
      const result = await play(cell, SUITES[cell.suite].isNamed ? named : plain);
      results.push(result);
      if (result.verdict !== "converged") process.stdout.write(detailsOf([result]));
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${cells.length} `);
    }
    await Promise.all([plain.stop(), named.stop()]);
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      seed: { type: "string" },
      program: { type: "string", multiple: true, default: [] },
      command: { type: "string", multiple: true, default: [] },
      fault: { type: "string", default: "" },
      at: { type: "string" },
      mode: { type: "string" },
      points: { type: "string" },
      outage: { type: "string" },
      jobs: { type: "string" },
      minutes: { type: "string" },
      processes: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const needsNames = SUITE_NAMES.some(
    (name) => SUITES[name].isNamed && (positionals.length === 0 || positionals.includes(name)),
  );
  if (needsNames && !isWithinNamespaces() && noNamespaces() === undefined) {
    process.exitCode = runWithinNamespaces(process.argv.slice(2));
    return;
  }
  const suites = suitesOf(positionals);
  const commands = COMMANDS.filter((name) => values.command.length === 0 || values.command.includes(name));
  for (const name of values.command) oneOf("--command", name, COMMANDS);
  const wanted: Wanted = {
    ...{ fault: values.fault, lasting: modes(values.mode) },
    points: wholeNumber("--points", values.points, 50, 0),
    seed: wholeNumber("--seed", values.seed, 1, 0),
    ...(values.at !== undefined && { at: wholeNumber("--at", values.at, 1) }),
    outages: [wholeNumber("--outage", values.outage, 3), RETRY_TIMEOUT_S * 2],
  };
  const sample = wholeNumber("--sample", values.sample, Infinity);
  const jobs = wholeNumber("--jobs", values.jobs, 2);
  const minutes = wholeNumber("--minutes", values.minutes, Infinity);
  const names = suites.some((name) => SUITES[name].isNamed) ? await NameServer.start() : undefined;
  const warm = new WarmCommands();
  const programs = rigs(values.program, values.processes ? ENGINE : warmEngine(warm));
  if (values.write) for (const { name } of programs) for (const suite of suites) checkPlace(placeOf(suite, name));
  const proxy = await FaultProxy.start();
  const results: CellResult[] = [];
  for (const rig of programs) {
    const situations: Situation[] = [];
    for (const command of commands) situations.push(await prepareSituation(rig, command, proxy));
    const cells = pairs(suites, situations).map(([suite, situation]) => cellsOf(suite, situation, wanted));
    const all = cells.flat();
    const chosen = sampled(cells, sample, wanted.seed);
    const started = performance.now();
    const until = started + minutes * 60_000;
    const played = await playAll(chosen, { jobs, until, names });
    results.push(...played);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`\n${rig.name}: ${played.length} of ${all.length} cells, seed ${wanted.seed}, ${seconds} s\n`);
    for (const suite of suites) {
      const ended = played.filter(({ cell }) => cell.suite === suite);
      const possible = all.filter((cell) => cell.suite === suite);
      const table = tableOf(ended, possible);
      const extent = `${counted(ended.length)} of ${counted(possible.length)} cells`;
      process.stdout.write(`\n${suite}: ${SUITES[suite].doc}. ${extent}\n\n${table}`);
      if (values.write) writeTable({ place: placeOf(suite, rig.name), extent, table }, "faults", process.argv.slice(2));
    }
    for (const { folder } of situations) rmSync(folder, { recursive: true, force: true });
  }
  await proxy.stop();
  warm.stop();
  names?.stop();
  process.stdout.write(`\n${detailsOf(results)}`);
  if (results.length === 0) throw new OptionError("No cell was played: nothing fits what was asked for.");
  if (results.some(({ verdict }) => !isGood(verdict))) process.exitCode = 1;
}

/** Where the table of a suite and a program stands in the page. */
const placeOf = (suite: SuiteName, program: string): string => `faults ${suite} ${program}`;

if (!servesCommands()) runScript(main);
