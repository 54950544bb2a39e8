import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./synth";

const TEXT = "radvd is missing, which these tests ask whether it takes the files: apt-get install radvd";

/** Debian puts it where only the administrator looks. */
const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };

/** Whether there is no radvd here. Says so loudly; where it must be (CI=true), it throws. */
export function radvdIsMissing(): boolean {
  if (spawnSync("radvd", ["--version"], { env }).error === undefined) return false;
  if (process.env.CI === "true") throw new Error(TEXT);
  process.stderr.write(`\n*** SKIPPED: ${TEXT}\n`);
  return true;
}

/** What the real radvd says about the text of a radvd.conf. */
export function askRadvd(text: string): { readonly accepts: boolean; readonly output: string } {
  const file = join(temporaryFolder(), "radvd.conf");
  writeFileSync(file, text);
  const { status, stderr, error } = spawnSync("radvd", ["-c", "-C", file], { env, encoding: "utf8" });
  if (error !== undefined) throw error;
  return { accepts: status === 0, output: stderr };
}
