// `npm run fuzz`: inputs that nobody would write, for everything that reads something. Each is taken, or refused with words
// that a user can do something with: never a crash, a hang, a stack trace or a refusal without a place. Exit code 1 = not so.
import { fork } from "node:child_process";
import { inspect, parseArgs } from "node:util";
import { changeTargets } from "./fuzz/changes";
import { commandTargets } from "./fuzz/commands";
import { fileTargets } from "./fuzz/files";
import { judged } from "./fuzz/judge";
import { planTargets } from "./fuzz/plans";
import { providerTargets } from "./fuzz/provider";
import { randomFor } from "./fuzz/random";
import { replyTargets } from "./fuzz/replies";
import { rolloutTargets } from "./fuzz/rollouts";
import { storeTargets } from "./fuzz/stores";
import type { Target } from "./fuzz/target";
import { TEXTS } from "./fuzz/texts";
import { OptionError, runScript, wholeNumber } from "./options";
import { checkPlace, counted, markdownTable, writeTable } from "./page";
import { servesCommands } from "./warm-commands";

const HELP = `npm run fuzz -- [options]
  --inputs N     inputs for each target (default: 10000)
  --minutes N    begin no input after that time, for each target (default: until all are played)
  --seed N       seed of the inputs (default: 1)
  --target TEXT  only targets whose name contains it
  --only N       only the input with this number, which is shown
  --jobs N       processes that share the inputs of each target (default: 1)
  --write        put the table into docs/reliability.md, with this command and the machine
`;

/** The table's place in the page. */
const PLACE = "fuzz";

/** How many faults of a target are shown whole. */
const SHOWN = 3;

interface Result {
  readonly name: string;
  readonly inputs: number;
  readonly taken: number;
  readonly faults: readonly { readonly index: number; readonly fault: string }[];
}

interface Run {
  readonly seed: number;
  readonly indexes: readonly number[];
  /** For how long an input is begun, in milliseconds. */
  readonly longestMs: number;
  readonly show: boolean;
}

async function play(
  { name, input, play: read, place, atOnce = 1 }: Target,
  { seed, indexes, longestMs, show }: Run,
): Promise<Result> {
  const faults: { index: number; fault: string }[] = [];
  const started = performance.now();
  const waiting = indexes.values();
  let [inputs, takenOnes] = [0, 0];
  const work = async (): Promise<void> => {
    for (const index of waiting) {
      inputs += 1;
      const given = input(randomFor(seed, index));
      if (show) process.stdout.write(`${inspect(given, { depth: 20, maxStringLength: 20_000 })}\n`);
      const { taken, fault } = await judged(() => read(given), place);
      if (fault === undefined) takenOnes += taken ? 1 : 0;
      else faults.push({ index, fault });
      if (performance.now() - started > longestMs) break;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { name, inputs, taken: takenOnes, faults };
}

/** What became of the inputs: all, taken, refused, faults. */
const countsOf = ({ inputs, taken, faults }: Result): readonly number[] => [
  ...[inputs, taken, inputs - taken - faults.length, faults.length],
];

const cut = (text: string): string => (text.length > 6000 ? `${text.slice(0, 6000)} …` : text);

function tell(result: Result, seed: number, ms: number): void {
  const { name, faults } = result;
  const cells = countsOf(result).map((count) => String(count).padStart(9));
  process.stdout.write(`${name.padEnd(34)}${cells.join("")}${(ms / 1000).toFixed(1).padStart(9)}\n`);
  for (const { index, fault } of faults.slice(0, SHOWN))
    process.stdout.write(
      `  npm run fuzz -- --target "${name}" --seed ${seed} --only ${index}\n    ${cut(fault).replace(/\n/g, "\n    ")}\n`,
    );
}

/** What one process has played of a target. */
interface Played {
  readonly result: Result;
  readonly ms: number;
}

type Told = (played: Played) => void;

/** Plays these inputs of the targets, one target after the other. */
async function playTargets(wanted: string, run: Run, told: Told): Promise<void> {
  const targets = [
    ...TEXTS,
    ...(await fileTargets()),
    ...(await providerTargets()),
    ...(await replyTargets()),
    ...(await changeTargets()),
    ...(await planTargets()),
    ...(await rolloutTargets()),
    ...(await storeTargets()),
    ...commandTargets(),
  ];
  for (const one of targets.filter(({ name }) => name.includes(wanted))) {
    const started = performance.now();
    const result = await play(one, run);
    told({ result, ms: performance.now() - started });
  }
  for (const { stop } of targets) await stop?.();
}

/** Has that many processes share the inputs, each with every so many of them. Told of a target when all have played it. */
async function playInProcesses(jobs: number, told: Told): Promise<void> {
  const parts = new Map<string, Played[]>();
  const take = (played: Played): void => {
    const { name } = played.result;
    const all = [...(parts.get(name) ?? []), played];
    parts.set(name, all);
    if (all.length < jobs) return;
    const sum = (of: (result: Result) => number): number => all.reduce((total, { result }) => total + of(result), 0);
    const faults = all.flatMap(({ result }) => result.faults).sort((a, b) => a.index - b.index);
    const result = { name, inputs: sum(({ inputs }) => inputs), taken: sum(({ taken }) => taken), faults };
    told({ result, ms: Math.max(...all.map(({ ms }) => ms)) });
  };
  const play = (part: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(process.argv[1] ?? "", [...process.argv.slice(2), "--part", String(part)]);
      child.on("message", (played: Played) => take(played));
      child.on("error", reject);
      child.on("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`a process of inputs ended with ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: jobs }, (_, part) => play(part)));
  const [lacking] = [...parts].find(([, all]) => all.length < jobs) ?? [];
  if (parts.size === 0 || lacking !== undefined)
    throw new Error(`not all of the ${jobs} processes have told of ${lacking ?? "any target"}`);
}

/** Hands the parts that this process has played to the one that has started it. */
async function playPart(wanted: string, run: Run): Promise<void> {
  const sent: Promise<void>[] = [];
  await playTargets(wanted, run, (played) => {
    sent.push(new Promise((resolve, reject) => process.send?.(played, (error) => (error ? reject(error) : resolve()))));
  });
  await Promise.all(sent);
  process.disconnect();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      target: { type: "string", default: "" },
      only: { type: "string" },
      jobs: { type: "string" },
      // Which share of the inputs a process has that --jobs has started.
      part: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const seed = wholeNumber("--seed", values.seed, 1, 0);
  const inputs = wholeNumber("--inputs", values.inputs, 10_000);
  const jobs = wholeNumber("--jobs", values.jobs, 1);
  const minutes = wholeNumber("--minutes", values.minutes, Infinity);
  const only = wholeNumber("--only", values.only, undefined, 0);
  const all = only === undefined ? Array.from({ length: inputs }, (_, index) => index) : [only];
  const part = Number(values.part ?? 0);
  const indexes = all.filter((_, at) => values.part === undefined || at % jobs === part);
  const run = { seed, indexes, longestMs: minutes * 60_000, show: only !== undefined };
  if (values.part !== undefined) return playPart(values.target, run);
  if (values.write) checkPlace(PLACE);
  process.stdout.write(`seed ${seed}\n`);
  const results: Result[] = [];
  const told: Told = ({ result, ms }) => {
    if (results.length === 0)
      process.stdout.write(`${"target".padEnd(34)}   inputs    taken  refused   faults  seconds\n`);
    tell(result, seed, ms);
    results.push(result);
  };
  await (jobs > 1 ? playInProcesses(jobs, told) : playTargets(values.target, run, told));
  if (results.length === 0) throw new OptionError(`--target ${values.target} is in the name of no target.`);
  const table = markdownTable(
    ["", "inputs", "taken", "refused", "faults"],
    results.map((result) => [result.name, ...countsOf(result).map(counted)]),
  );
  const extent = `${counted(inputs)} inputs for each target${minutes === Infinity ? "" : `, or as many as fit in ${minutes} min`}`;
  if (values.write) writeTable({ place: PLACE, extent, table }, "fuzz", process.argv.slice(2));
  const total = results.reduce((sum, { faults }) => sum + faults.length, 0);
  process.stdout.write(total === 0 ? "no faults\n" : `${total} faults\n`);
  if (total > 0) process.exitCode = 1;
}

if (!servesCommands()) runScript(main);
