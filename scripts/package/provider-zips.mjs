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

/**
 * Writes `terraform-provider-maas_VERSION_OS_ARCH.zip` for each platform, `…_manifest.json` and `…_SHA256SUMS`.
 *
 * @param executables content of the executable for each platform: OS_ARCH
 * @returns the files
 */
export function providerZips(target, { version, executables, epoch }) {
  mkdirSync(target, { recursive: true });
  const base = `terraform-provider-maas_${version}`;
  const manifest = { version: 1, metadata: { protocol_versions: PROTOCOLS } };
  const files = new Map(
    [...executables].map(([platform, content]) => {
      const name = `terraform-provider-maas_v${version}${platform.startsWith("windows_") ? ".exe" : ""}`;
      return [`${base}_${platform}.zip`, zip(new Map([[name, { content, mode: 0o755 }]]), epoch)];
    }),
  );
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
