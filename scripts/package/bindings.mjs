// The package for other languages, from its jsii assembly.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageName } from "../editions.mjs";
import { zipOf } from "./archive.mjs";
import { run } from "./run.mjs";

const pacmak = join(dirname(createRequire(import.meta.url).resolve("jsii-pacmak/package.json")), "bin", "jsii-pacmak");

/** The sources of bindings. @param folder the package, or another one with an assembly @returns their folder */
export function bindingSources(folder, language, out) {
  run(process.execPath, [pacmak, "--targets", language, "--code-only", "--no-npmignore", "--outdir", out, folder]);
  return join(out, language);
}

/** The environment of builds that follow the sources alone. */
const reproducible = (epoch) => ({
  ...{ SOURCE_DATE_EPOCH: String(Math.max(epoch, 315532800)), PYTHONHASHSEED: "0", TZ: "UTC" },
});

/**
 * The Python wheel. pip gets what builds it (setuptools, wheel), unless PIP_NO_INDEX says that it is here.
 *
 * @returns why there is none, where that is so
 */
export function pythonWheel({ folder, target, work, epoch }) {
  if (spawnSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" }).status !== 0)
    return "python3 with pip is not here";
  const sources = bindingSources(folder, "python", work);
  const args = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, sources];
  const { status, stderr } = spawnSync("python3", args, {
    encoding: "utf8",
    env: { ...process.env, ...reproducible(epoch) },
  });
  return status === 0 ? undefined : `pip made no wheel of ${sources}: ${stderr.trim().split("\n").at(-1)}`;
}

/** The sources of a language without a compiler here, as a zip file. */
export function sourcesZip({ cdk, folder, target, work, epoch, version }, language) {
  const sources = bindingSources(folder, language, work);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${packageName(cdk)}-${version}-${language}-sources.zip`), zipOf(sources, epoch));
}
