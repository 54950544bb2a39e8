import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePlugin } from "./bundle-plugin";
import { TERRAFORM } from "./terraform";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The version that made the states. */
const VERSION = "2.4.0";

/** Puts a stand-in for canonical/maas at that address where Terraform finds it when it runs in the folder. */
export function placeCanonicalProvider(address: string, folder: string): void {
  place(address, join(folder, "terraform.d"));
}

/** Puts it where Terraform finds it for a user with that home. */
export function placeCanonicalProviderAtHome(home: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "cdktf-maas-canonical-"));
  const required_providers = { maas: { source: "canonical/maas" } };
  writeFileSync(join(scratch, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
  const { stdout } = spawnSync(TERRAFORM, ["providers"], { cwd: scratch, encoding: "utf8" });
  const address = /provider\[([^\]]+\/maas)\]/.exec(stdout)?.[1];
  if (address === undefined) throw new Error(`terraform names no provider:\n${stdout}`);
  place(address, join(home, ".terraform.d"));
}

function place(address: string, folder: string): void {
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  const file = `terraform-provider-maas_v${VERSION}`;
  bundlePlugin("canonical-provider.ts", join(folder, "plugins", address, VERSION, platform, file));
}
