// Replays exchanges recorded from real MAAS regions against the simulator, and prints what share of them it answers alike.
// The recordings are not part of this repository: without them this says so and succeeds.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = resolve(process.env.MAAS_CONTRACT ?? join(root, "../shared/maas-contract"));
const bundle = join(root, "dist/bin/simulator.js");
const MEBIBYTE = 2 ** 20;

if (!existsSync(join(folder, "contract.mjs"))) {
  console.log(
    `NOT TESTED: no recordings at ${folder}; set MAAS_CONTRACT to the folder that holds them and contract.mjs`,
  );
  process.exit(0);
}
if (!existsSync(bundle)) {
  console.log(`there is no ${bundle}; make it with: npm run build`);
  process.exit(1);
}

const { MaasSimulator } = require(bundle);
const only = process.argv.slice(2);
/** The folder holds seeds and notes too. */
const RECORDING = /\.jsonl$/;
const files = [".", "next"]
  .filter((name) => existsSync(join(folder, name)))
  .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)))
  .filter((file) => RECORDING.test(file) && (only.length === 0 || only.includes(basename(file))))
  .sort();

/** Replays one file against a fresh simulator of its version: how many of how many agree, and the differences. */
async function replay(file) {
  const maasVersion = /\d+\.\d+\.\d+/.exec(basename(file))?.[0];
  const simulator = await MaasSimulator.start({ maasVersion });
  const options = [
    "--url",
    simulator.url,
    "--key",
    simulator.apiKey,
    "--user-key",
    simulator.userApiKey,
    "--show",
    "1000",
  ];
  const command = [join(folder, "contract.mjs"), "replay", ...options, join(folder, file)];
  // Differences make the replayer exit with 1; its output tells them.
  const { stdout } = await run(process.execPath, command, { maxBuffer: 256 * MEBIBYTE }).catch((error) => error);
  await simulator.stop();
  const [, same, total] = /(\d+) of (\d+) exchanges agree/.exec(stdout) ?? [];
  if (total === undefined) throw new Error(`the replay of ${file} ended without a result:\n${stdout}`);
  return { same: Number(same), total: Number(total), differences: stdout.split("\n").slice(0, -2) };
}

const share = (same, total) => `${((100 * same) / total).toFixed(2).padStart(6)} %  ${same} of ${total}`;

let same = 0;
let total = 0;
for (const file of files) {
  const result = await replay(file);
  for (const line of result.differences) console.log(line);
  console.log(`${share(result.same, result.total).padEnd(26)} ${file}`);
  same += result.same;
  total += result.total;
}
console.log(`${share(same, total).padEnd(26)} in all ${files.length} files`);
process.exitCode = total > 0 && same === total ? 0 : 1;
