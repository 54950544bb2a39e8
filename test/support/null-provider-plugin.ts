import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { App, TerraformStack } from "cdktf";
import { bundlePlugin } from "./bundle-plugin";
import { TERRAFORM } from "./terraform";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The address that Terraform has for `null`, host included, as it writes it itself. */
function addressOf(folder: string): string {
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ provider: { null: {} } }));
  const { stdout } = spawnSync(TERRAFORM, ["providers"], { cwd: folder, encoding: "utf8" });
  const address = /provider\[([^\]]+\/null)\]/.exec(stdout)?.[1];
  if (address === undefined) throw new Error(`terraform names no provider:\n${stdout}`);
  return address;
}

/** The version that `@cdktf/provider-null` asks for. */
function version(): string {
  const provider = new NullProvider(new TerraformStack(new App(), "null"), "null");
  return provider.terraformGeneratorMetadata?.providerVersion ?? "";
}

/**
 * Puts a stand-in for the provider `hashicorp/null` where Terraform finds it without a registry when `home` is its user's
 * home.
 */
export function placeNullProvider(home: string): void {
  const scratch = join(home, "null-provider");
  mkdirSync(scratch, { recursive: true });
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  const folder = join(home, ".terraform.d", "plugins", addressOf(scratch), version(), platform);
  bundlePlugin("null-provider.ts", join(folder, `terraform-provider-null_v${version()}`));
}
