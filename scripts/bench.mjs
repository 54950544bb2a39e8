// Runs the measurements of bench/: all of them, or those that are named (`npm run bench -- rules`).
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const all = readdirSync(`${root}bench`).map((file) => file.replace(/\.ts$/, ""));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  process.exitCode = 1;
} else {
  for (const name of named.length > 0 ? named : all) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(process.execPath, [`${root}scripts/run.mjs`, `bench/${name}.ts`], {
      stdio: "inherit",
    });
    if (status !== 0) process.exitCode = 1;
  }
}
