// Writes dist/src: the types of `cdktf-maas/simulator` and `cdktf-maas/testing`, whose JavaScript esbuild bundles. Those of the library are jsii's.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @throws Error when the simulator does not compile. @param dist folder that gets `src/` */
export function buildTypes(dist = join(root, "dist")) {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-types-"));
  try {
    const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    const args = [tsc, "-p", "tsconfig.build.json", "--outDir", folder];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error("src/simulator or src/testing does not compile");
    rmSync(join(dist, "src"), { recursive: true, force: true });
    cpSync(join(folder, "src"), join(dist, "src"), { recursive: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildTypes();
