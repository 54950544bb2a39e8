import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownPlatform } from "../../lib/provider/plugin/plugin-files";

/** What the suites install. The sources for .NET are not among it: nothing here builds them. */
const PARTS = "npm,terraform,python,java:cdktf,go:cdktf";

/** Single executables: for this machine, and for another system. */
const EXECUTABLES = [ownPlatform(), "windows_amd64"];

/** Makes these artefacts once, for all suites: in PACKAGES_FOLDER, which a run on artefacts that are there already sets itself. */
export default function pack(): void {
  if (process.env.PACKAGES_FOLDER !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-packages-"));
  process.env.PACKAGES_FOLDER = folder;
  const script = join(__dirname, "..", "..", "scripts", "package.mjs");
  execFileSync(process.execPath, [script, "--only", PARTS, "--output", folder, "--executables", ...EXECUTABLES], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
