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

const HELP = `npm run fuzz -- [options]
  --inputs N     inputs for each target (default: 10000; a tenth of them for what is slow, such as processes)
  --seed N       seed of the inputs (default: 1)
  --target TEXT  only targets whose name contains it
  --only N       only the input with this number, which is shown
`;

/** Of how many inputs a slow target gets one. */
const SLOW_SHARE = 10;

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
  readonly show: boolean;
}

async function play({ name, input, play: read, place }: Target, { seed, indexes, show }: Run): Promise<Result> {
  const faults: { index: number; fault: string }[] = [];
  let takenOnes = 0;
  for (const index of indexes) {
    const given = input(randomFor(seed, index));
    if (show) process.stdout.write(`${inspect(given, { depth: 20, maxStringLength: 20_000 })}\n`);
    const { taken, fault } = await judged(() => read(given), place);
    if (fault === undefined) takenOnes += taken ? 1 : 0;
    else faults.push({ index, fault });
  }
  return { name, inputs: indexes.length, taken: takenOnes, faults };
}

const cut = (text: string): string => (text.length > 6000 ? `${text.slice(0, 6000)} …` : text);

function tell({ name, inputs, taken, faults }: Result, seed: number, ms: number): void {
  const refused = inputs - taken - faults.length;
  const cells = [inputs, taken, refused, faults.length].map((count) => String(count).padStart(9));
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
      seed: { type: "string", default: "1" },
      target: { type: "string", default: "" },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const [seed, inputs] = [Number(values.seed), Number(values.inputs)];
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
  let total = 0;
  for (const one of targets.filter(({ name }) => name.includes(values.target))) {
    const count = one.isSlow === true ? Math.ceil(inputs / SLOW_SHARE) : inputs;
    const indexes =
      values.only === undefined ? Array.from({ length: count }, (_, index) => index) : [Number(values.only)];
    const started = performance.now();
    const result = await play(one, { seed, indexes, show: values.only !== undefined });
    tell(result, seed, performance.now() - started);
    total += result.faults.length;
  }
  for (const { stop } of targets) await stop?.();
  process.stdout.write(total === 0 ? "no faults\n" : `${total} faults\n`);
  if (total > 0) process.exitCode = 1;
}

void main();
