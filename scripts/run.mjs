// Runs a TypeScript program of this repository: `node scripts/run.mjs FILE.ts ARGUMENTS…`. Bundled first, not type-checked.
import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const [entry, ...args] = process.argv.slice(2);
const outfile = join(root, "dist/scripts", `${basename(entry, ".ts")}.js`);
await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  // It runs a program that it finds by its own path.
  external: ["esbuild"],
  logLevel: "warning",
});

const child = spawn(process.execPath, [outfile, ...args], { stdio: "inherit" });
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
