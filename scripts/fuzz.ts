// `npm run fuzz`: inputs that nobody would write, for everything that reads something. Each is taken, or refused with words
// that a user can do something with: never a crash, a hang, a stack trace or a refusal without a place. Exit code 1 = not so.
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
import { checkPlace, counted, markdownTable, writeTable } from "./page";
import { servesCommands } from "./warm-commands";

const HELP = `npm run fuzz -- [options]
  --inputs N     inputs for each target (default: 10000)
  --minutes N    begin no input after that time, for each target (default: until all are played)
  --seed N       seed of the inputs (default: 1)
  --target TEXT  only targets whose name contains it
  --only N       only the input with this number, which is shown
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string", default: "10000" },
      minutes: { type: "string", default: "Infinity" },
      seed: { type: "string", default: "1" },
      target: { type: "string", default: "" },
      only: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.write) checkPlace(PLACE);
  const [seed, inputs] = [Number(values.seed), Number(values.inputs)];
  const longestMs = Number(values.minutes) * 60_000;
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
  process.stdout.write(`seed ${seed}\n${"target".padEnd(34)}   inputs    taken  refused   faults  seconds\n`);
  const indexes =
    values.only === undefined ? Array.from({ length: inputs }, (_, index) => index) : [Number(values.only)];
  const results: Result[] = [];
  for (const one of targets.filter(({ name }) => name.includes(values.target))) {
    const started = performance.now();
    const result = await play(one, { seed, indexes, longestMs, show: values.only !== undefined });
    tell(result, seed, performance.now() - started);
    results.push(result);
  }
  for (const { stop } of targets) await stop?.();
  const table = markdownTable(
    ["", "inputs", "taken", "refused", "faults"],
    results.map((result) => [result.name, ...countsOf(result).map(counted)]),
  );
  const extent = `${counted(inputs)} inputs for each target${values.minutes === "Infinity" ? "" : `, or as many as fit in ${values.minutes} min`}`;
  if (values.write) writeTable({ place: PLACE, extent, table }, "fuzz", process.argv.slice(2));
  const total = results.reduce((sum, { faults }) => sum + faults.length, 0);
  process.stdout.write(total === 0 ? "no faults\n" : `${total} faults\n`);
  if (total > 0) process.exitCode = 1;
}

if (!servesCommands()) void main();
