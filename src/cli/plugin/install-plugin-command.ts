import { Command, InvalidArgumentError, Option } from "commander";

/** Terraform's lock file. */
export const LOCK = ".terraform.lock.hcl";

const SYSTEMS = ["linux", "darwin", "freebsd", "openbsd", "windows"];
const ARCHITECTURES = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"];

/** A platform as Terraform calls it. */
function platform(text: string, others: readonly string[] = []): string[] {
  const [system = "", architecture = "", ...more] = text.split("_");
  if (!SYSTEMS.includes(system) || !ARCHITECTURES.includes(architecture) || more.length > 0) {
    throw new InvalidArgumentError(
      `Write it as Terraform does, such as linux_amd64 or darwin_arm64: one of ${SYSTEMS.join(", ")}, _, and one of ${ARCHITECTURES.join(", ")}.`,
    );
  }
  return [...new Set([...others, text])];
}

export interface InstallOptions {
  readonly mirror?: string;
  readonly platform?: readonly string[];
  readonly executables?: string;
  readonly lock?: boolean;
}

/** `cdktf-maas install-plugin`: the Terraform plugin for configurations in plain HCL. */
export function installPluginCommand(): Command {
  return new Command("install-plugin")
    .description("Put the Terraform plugin where Terraform finds it without a registry, for plain HCL")
    .option("--mirror <folder>", "mirror directory (default: the user's own, which Terraform looks into by itself)")
    .addOption(
      new Option(
        "--platform <os_arch>",
        "as Terraform calls it, such as linux_amd64; repeatable (default: this machine's)",
      ).argParser(platform),
    )
    .option(
      "--executables <folder>",
      "folder with the plugin's single executables as zip files: place those, for machines without Node and for Windows (default: the script)",
    )
    .option("--lock", `write the hashes of script and executables into ${LOCK} of this folder`)
    .addHelpText(
      "after",
      "\nWrites the required_providers block to stdout. Files that are no plugin of cdktf-maas are not replaced." +
        "\nExit code: 0 = the plugin is in its place, 1 = it is not." +
        "\n\nExamples:\n  $ cdktf-maas install-plugin > versions.tf" +
        "\n  $ cdktf-maas install-plugin --mirror /srv/terraform/mirror --platform linux_amd64 --platform linux_arm64" +
        "\n  $ cdktf-maas install-plugin --executables dist/package/executables --platform windows_amd64 --lock",
    )
    .action(async (options: InstallOptions, command: Command) =>
      (await import("./install-plugin.js")).install(options, command),
    );
}
