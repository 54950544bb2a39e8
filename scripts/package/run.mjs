import { spawnSync } from "node:child_process";

/**
 * Runs a program to its end.
 *
 * @throws Error with what it wrote when it fails.
 * @returns what it wrote to stdout
 */
export function run(program, args, { env, ...options } = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    ...{ encoding: "utf8", maxBuffer: 2 ** 27, stdio: ["ignore", "pipe", "pipe"] },
    ...options,
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1", ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Whether a program is on the PATH and starts. */
export const has = (program, args = ["--version"]) => spawnSync(program, args, { stdio: "ignore" }).status === 0;
