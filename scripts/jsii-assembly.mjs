import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const jsii = join(dirname(createRequire(import.meta.url).resolve("jsii/package.json")), "bin", "jsii");

/** What jsii asks of a package.json beyond ours; fields that ours has win. */
const metadata = {
  repository: { type: "git", url: "https://cdktf-maas.invalid/cdktf-maas.git" },
  stability: "experimental",
  ...manifest,
  jsii: {
    outdir: "dist",
    targets: {},
    excludeTypescript: ["src/**", "test/**"],
    tsc: { rootDir: ".", outDir: "dist" },
    ...manifest.jsii,
  },
};

/**
 * Compiles lib/ with jsii and gives its assembly, the public API as data. On a copy in a temporary folder: jsii writes
 * its own tsconfig, assembly and output beside the sources.
 *
 * @throws Error with jsii's own words when lib/ holds what jsii can't carry to other languages.
 */
export function jsiiAssembly() {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-jsii-"));
  try {
    cpSync(join(root, "lib"), join(folder, "lib"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify(metadata, null, 2));
    writeFileSync(join(folder, "README.md"), "");
    const { status, error, stdout, stderr } = spawnSync(process.execPath, [jsii], { cwd: folder, encoding: "utf8" });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`lib/ does not compile with jsii:\n${stdout}${stderr}`);
    return JSON.parse(readFileSync(join(folder, ".jsii"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
