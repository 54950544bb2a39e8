import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Project, ROOT } from "./project";

const PACMAK = join(ROOT, "node_modules", "jsii-pacmak", "bin", "jsii-pacmak");

/** What compilers of other languages fetch is kept here, so that only the first run needs it from their registries. */
export const CACHE = join(ROOT, "node_modules", ".cache", "cdktf-maas");

/** The environment of a program that runs the library in jsii's kernel: quiet, and without files elsewhere. */
export const kernelEnvironment = (project: Project): NodeJS.ProcessEnv => ({
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20",
  JSII_RUNTIME_PACKAGE_CACHE_ROOT: join(project.folder, "kernel"),
});

/** Bindings of a package in `node_modules`, for what no registry of the language has. @returns their folder */
export function bindingsOf(name: string, language: string, project: Project): string {
  const out = join(project.folder, "bindings");
  const options = ["--targets", language, "--code-only", "--no-npmignore", "--outdir", join(out, name)];
  execFileSync(process.execPath, [PACMAK, ...options, join(ROOT, "node_modules", name)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...kernelEnvironment(project) },
  });
  return join(out, name, language);
}

/** Says that a language is not tested, and why. @returns undefined, where a test wants what it needs for the language */
export function notTested(what: string, error: unknown): undefined {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n*** NOT TESTED: ${what}: ${reason.trim().split("\n").slice(-3).join(" ")}\n`);
}
