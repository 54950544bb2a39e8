import { spawnSync, type SpawnSyncReturns } from "node:child_process";

/** Debian puts some programs where only the administrator looks. */
const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };

/** Runs a program to its end. */
export const runProgram = (program: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(program, args, { env, encoding: "utf8" });

/**
 * Whether a program of Debian is missing here. Says so loudly; where it must be (CI=true), it throws.
 *
 * @param purpose what these tests ask it for
 */
export function isMissing(program: string, debianPackage: string, purpose: string): boolean {
  if (runProgram("which", [program]).status === 0) return false;
  const text = `${program} is missing, which these tests ask ${purpose}: apt-get install ${debianPackage}`;
  if (process.env.CI === "true") throw new Error(text);
  process.stderr.write(`\n*** SKIPPED: ${text}\n`);
  return true;
}
