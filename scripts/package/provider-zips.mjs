// The Terraform provider as a registry, a network mirror or a filesystem mirror in the packed layout has it.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zip } from "./archive.mjs";

/** Terraform's plugin protocol that the provider speaks. @see src/provider/protocol/tfplugin6.proto */
const PROTOCOLS = ["6.0"];

/** Where the provider's one script runs, given Node. Windows starts no scripts. */
export const SCRIPT_PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** The compression of an executable, of 100 MB: the next levels take twice the time for a hundredth of the size. */
const EXECUTABLE_LEVEL = 6;

/**
 * Writes `terraform-provider-maas_VERSION_OS_ARCH.zip` for each platform, `…_manifest.json` and `…_SHA256SUMS`.
 *
 * @param executables content of the executable for each platform, OS_ARCH; one after the other, since they may be large
 * @param notices licences of what is in the executables: `…_NOTICES.txt`. Not in the zips, whose hash is that of the executable.
 * @returns the files
 */
export function providerZips(target, { version, executables, epoch, notices }) {
  mkdirSync(target, { recursive: true });
  const base = `terraform-provider-maas_${version}`;
  const manifest = { version: 1, metadata: { protocol_versions: PROTOCOLS } };
  const level = notices === undefined ? undefined : EXECUTABLE_LEVEL;
  const files = new Map();
  for (const [platform, content] of executables) {
    const name = `terraform-provider-maas_v${version}${platform.startsWith("windows_") ? ".exe" : ""}`;
    files.set(`${base}_${platform}.zip`, zip(new Map([[name, { content, mode: 0o755 }]]), epoch, level));
  }
  if (notices !== undefined) files.set(`${base}_NOTICES.txt`, Buffer.from(notices));
  files.set(`${base}_manifest.json`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  const sums = [...files]
    .map(([name, content]) => `${sha256(content)}  ${name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  files.set(`${base}_SHA256SUMS`, Buffer.from(sums.join("")));
  for (const [name, content] of files) writeFileSync(join(target, name), content);
  return [...files.keys()].map((name) => join(target, name));
}

/** The provider's script for all platforms on which it runs. */
export const scriptExecutables = (plugin) => {
  const content = readFileSync(plugin);
  return new Map(SCRIPT_PLATFORMS.map((platform) => [platform, content]));
};
