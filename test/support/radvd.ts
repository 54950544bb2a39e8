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

const verdicts = { accepted: 0, refused: 0 };

// The judge's word belongs into the log, not only into the count of tests.
afterAll(() => {
  const { accepted, refused } = verdicts;
  if (accepted + refused > 0)
    process.stderr.write(`\nradvd -c: accepted ${accepted} files, refused ${refused} that are meant to be\n`);
});

/** What the real radvd says about the text of a radvd.conf. */
export function askRadvd(text: string): { readonly accepts: boolean; readonly output: string } {
  const file = join(temporaryFolder(), "radvd.conf");
  writeFileSync(file, text);
  const { status, stderr, error } = spawnSync("radvd", ["-c", "-C", file], { env, encoding: "utf8" });
  if (error !== undefined) throw error;
  const accepts = status === 0;
  verdicts[accepts ? "accepted" : "refused"] += 1;
  return { accepts, output: stderr };
}
