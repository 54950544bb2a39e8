// Runs the end-to-end tests that can against a region that is not their own: a simulator in a process of its own, on which
// they must touch only what they made. `npm run test:region -- VERSION SUITE…` runs some of them. See CONTRIBUTING.md for a real region.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "test/e2e");
const version = process.argv[2] ?? "3.7";

/** Names of suites, then jest's options. */
const given = process.argv.slice(3);
const firstOption = given.findIndex((argument) => argument.startsWith("-"));
const named = given.slice(0, firstOption === -1 ? given.length : firstOption).map((name) => `test/e2e/${name}.test.ts`);

/** Tests that start their region by test/support/region.ts; the others have simulators of their own anyway. */
const all = readdirSync(folder)
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => readFileSync(join(folder, file), "utf8").includes("startRegion"))
  .map((file) => `test/e2e/${file}`);
const unknown = named.filter((file) => !all.includes(file));
if (unknown.length > 0)
  throw new Error(`no suite that runs on a region of others: ${unknown.join(", ")}. There are:\n${all.join("\n")}`);
const files = named.length > 0 ? named : all;

const program = join(root, "dist/bin/cdktf-maas.js");
const simulator = spawn(process.execPath, [program, "simulate", "--port", "0", "--maas-version", version], {
  stdio: ["ignore", "pipe", "inherit"],
});
let told = "";
for await (const chunk of simulator.stdout) {
  told += String(chunk);
  if (told.includes("User key:")) break;
}
const url = /URL: +(\S+)/.exec(told)?.[1];
const key = /API key: +(\S+)/.exec(told)?.[1];
if (url === undefined || key === undefined) throw new Error(`the simulator has told no URL and key:\n${told}`);

const env = { ...process.env, MAAS_E2E_URL: url, MAAS_E2E_KEY: key, MAAS_E2E_NIC: "rack1/eth1" };
const jest = spawn(
  process.execPath,
  [join(root, "node_modules/jest/bin/jest.js"), ...files, ...given.slice(named.length)],
  {
    cwd: root,
    env,
    stdio: "inherit",
  },
);
process.exitCode = await new Promise((resolve) => jest.on("close", resolve));
simulator.kill();
