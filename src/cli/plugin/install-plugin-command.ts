import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { PROVIDER_SOURCE } from "../../../lib/model/kind";
import { lockedEntry, pluginHash } from "../../../lib/provider/plugin/lock-file";
import { ownPlatform, pluginFileName } from "../../../lib/provider/plugin/plugin-files";
import { engines, version } from "../../../package.json";
import { InputFileError } from "../../reconcile/engine/input-file";
import { stderr, stdout } from "../output/terminal";
import { installPlugin, type Installed } from "./install";
import { impliedMirror, installationFile } from "./terraform-folders";

/** Beside this program, as the package has both. */
const PLUGIN = join(__dirname, "terraform-provider-maas");

const SYSTEMS = ["linux", "darwin", "freebsd", "openbsd"];
const ARCHITECTURES = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64"];

/** A platform as Terraform calls it, among those that can start a script. */
function platform(text: string, others: readonly string[] = []): string[] {
  const [system = "", architecture = "", ...more] = text.split("_");
  if (system === "windows")
    throw new InvalidArgumentError("Terraform on Windows starts only executables, and the plugin is a Node script.");
  if (!SYSTEMS.includes(system) || !ARCHITECTURES.includes(architecture) || more.length > 0) {
    throw new InvalidArgumentError(
      `Write it as Terraform does, such as linux_amd64 or darwin_arm64: one of ${SYSTEMS.join(", ")}, _, and one of ${ARCHITECTURES.join(", ")}.`,
    );
  }
  return [...new Set([...others, text])];
}

interface InstallOptions {
  readonly mirror?: string;
  readonly platform?: readonly string[];
}

const REQUIRED_PROVIDERS = `terraform {
  required_providers {
    maas = {
      source  = "${PROVIDER_SOURCE}"
      version = "${version}"
    }
  }
}
`;

/** What a CLI configuration needs to find the plugin in a mirror that Terraform does not look into by itself. */
const installationBlock = (mirror: string): string => `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["cdktf-maas.invalid/*/*"]
  }
  direct {
    exclude = ["cdktf-maas.invalid/*/*"]
  }
}
`;

const OUTCOMES: Readonly<Record<Installed["outcome"], string>> = {
  placed: "Placed",
  replaced: "Replaced",
  kept: "Already there",
};

/** What to do where the mirror does not count by itself. */
function tellWhereItCounts(mirror: string | undefined): void {
  const file = installationFile();
  if (mirror !== undefined) {
    stderr.write(
      `Terraform does not look there by itself. Its CLI configuration needs:\n\n${installationBlock(mirror)}\n`,
    );
  } else if (file !== undefined) {
    stderr.write(
      `Note: ${file} has a provider_installation block, so Terraform does not look there by itself. Add to that block:\n\n` +
        `${installationBlock(impliedMirror())}\n`,
    );
  }
}

/** The hash of the plugin, and whether the lock file of this folder has another one. */
function tellHash(content: Buffer): void {
  const hash = pluginHash(pluginFileName(version), content);
  stderr.write(`Hash for .terraform.lock.hcl, the same on every platform: ${hash}\n`);
  const lock = ".terraform.lock.hcl";
  const entry = existsSync(lock) ? lockedEntry(readFileSync(lock, "utf8"), PROVIDER_SOURCE) : "";
  if (entry === "" || entry.includes(hash)) return;
  stderr.write(
    `Note: ${lock} of this folder locks another plugin, and terraform init will refuse this one. Take the block provider ` +
      `"${PROVIDER_SOURCE}" out of it, and run terraform init again.\n`,
  );
}

function install({ mirror, platform: platforms }: InstallOptions, command: Command): void {
  if (platforms === undefined && process.platform === "win32")
    command.error(
      "error: Terraform on Windows starts only executables, and the plugin is a Node script. Run it in WSL.",
    );
  if (!existsSync(PLUGIN))
    throw new InputFileError(
      PLUGIN,
      "the plugin is not there. Run npm run build in a checkout, or reinstall the package.",
    );
  const folder = resolve(mirror ?? impliedMirror());
  const installed = installPlugin({
    ...{ plugin: PLUGIN, version, mirror: folder },
    platforms: platforms ?? [ownPlatform()],
  });
  for (const { file, outcome } of installed) stderr.write(`${OUTCOMES[outcome]}: ${file}\n`);
  stderr.write(
    `It is a script, and needs Node.js ${engines.node.replace(">=", "")} or later on the PATH of Terraform.\n`,
  );
  tellHash(readFileSync(PLUGIN));
  tellWhereItCounts(mirror === undefined ? undefined : folder);
  stdout.write(REQUIRED_PROVIDERS);
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
    .addHelpText(
      "after",
      "\nWrites the required_providers block to stdout. Files that are no plugin of cdktf-maas are not replaced." +
        "\nExit code: 0 = the plugin is in its place, 1 = it is not." +
        "\n\nExamples:\n  $ cdktf-maas install-plugin > versions.tf" +
        "\n  $ cdktf-maas install-plugin --mirror /srv/terraform/mirror --platform linux_amd64 --platform linux_arm64",
    )
    .action(install);
}
