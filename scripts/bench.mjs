// Runs the measurements of bench/: all of them, or those that are named (`npm run bench -- rules`). `--help` says what there is.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = `${root}docs/performance.md`;
const all = readdirSync(`${root}bench`)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));

const HELP = `npm run bench -- [NAME...] [options]
  ${all.join(", ")}
                   (default: all of them)

  --size N         for terraform, deploy and synth: this number of resources
  --peer PATH      for terraform: a canonical/maas that you have built, beside this plugin
  --before PATH    for terraform: the plugin of another version, beside this one
  --local          for terraform: a local state in place of a backend
  --write          put what is printed into docs/performance.md, with the machine
`;

/** The arguments. Those that can't be read end the script with a line that says why. */
function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        write: { type: "boolean", default: false },
        peer: { type: "string" },
        before: { type: "string" },
        size: { type: "string" },
        local: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    console.error(error.message);
    return process.exit(1);
  }
}

const { positionals: named, values } = readArguments();
const { write, local, help, ...valued } = values;
const valuesOf = (names) => names.flatMap((name) => (valued[name] === undefined ? [] : [`--${name}`, valued[name]]));

/** The options of the benchmarks that have some, as they were given. */
const given = {
  terraform: [...valuesOf(["peer", "before", "size"]), ...(local ? ["--local"] : [])],
  deploy: valuesOf(["size"]),
  synth: valuesOf(["size"]),
};

function run(name) {
  console.log(`\n== ${name}`);
  const args = [`${root}scripts/run.mjs`, `bench/${name}.ts`, ...(given[name] ?? [])];
  const started = Date.now();
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["inherit", "pipe", "inherit"],
  });
  process.stdout.write(stdout);
  console.log(`-- ${name} took ${((Date.now() - started) / 1000).toFixed(0)} s`);
  if (status !== 0) process.exitCode = 1;
  return status === 0 ? stdout : undefined;
}

/** The page with what was printed in the block of that name, on which machine. */
function withBlock(text, name, printed) {
  const [{ model }, ...others] = cpus();
  const machine = `${1 + others.length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const block = new RegExp(`(<!-- bench ${name} -->\n)[^]*?(<!-- /bench ${name} -->)`);
  if (!block.test(text)) throw new Error(`docs/performance.md has no block for ${name}`);
  return text.replace(
    block,
    (_, start, end) => `${start}\n${machine}:\n\n\`\`\`text\n${printed.trim()}\n\`\`\`\n\n${end}`,
  );
}

const unknown = named.filter((name) => !all.includes(name));
if (help) process.stdout.write(HELP);
else if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  process.exitCode = 1;
} else {
  for (const name of named.length > 0 ? named : all) {
    const printed = run(name);
    if (write && printed !== undefined) writeFileSync(page, withBlock(readFileSync(page, "utf8"), name, printed));
  }
}
