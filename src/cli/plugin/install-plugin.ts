import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { jsonText } from "../../../lib/model/escape";
import { PROVIDER_SOURCE } from "../../../lib/model/kind";
import { ExecutablesError, executablesIn } from "../../../lib/provider/plugin/executables";
import { lockedEntry, mergeLock } from "../../../lib/provider/plugin/lock-file";
import { ownPlatform, type PluginFile, replace, scriptFiles } from "../../../lib/provider/plugin/plugin-files";
import { engines, version } from "../../../package.json";
import { InputFileError } from "../../reconcile/engine/input-error";
import { stderr, stdout } from "../output/terminal";
import { installPlugin, type Installed } from "./install";
import { type InstallOptions, LOCK } from "./install-plugin-command";
import { impliedMirror, installationFile } from "./terraform-folders";

/** Beside this program, as the package has both. */
const PLUGIN = join(__dirname, "terraform-provider-maas");

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
    path    = ${jsonText(mirror)}
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

/** The plugin's executables in a folder. @throws InputFileError when there are none */
function executables(folder: string, script: Buffer): PluginFile[] {
  try {
    return executablesIn(resolve(folder), version, script);
  } catch (cause) {
    if (!(cause instanceof ExecutablesError)) throw cause;
    throw new InputFileError(cause.file, cause.message, [], { cause });
  }
}

/** @throws InputFileError when the folder does not have one of the platforms */
function executablesFor(platforms: readonly string[], folder: string, found: readonly PluginFile[]): PluginFile[] {
  return platforms.map((wanted) => {
    const executable = found.find(({ platform: one }) => one === wanted);
    if (executable !== undefined) return executable;
    const those = found.map(({ platform: one }) => one).join(", ");
    throw new InputFileError(
      resolve(folder),
      `there is no executable for ${wanted}. It has ${those}: name some of them with --platform.`,
    );
  });
}

/** @throws CommanderError for a platform on which no script can be started */
function scriptsFor(platforms: readonly string[], script: Buffer, command: Command): PluginFile[] {
  const windows = platforms.find((name) => name.startsWith("windows_"));
  if (windows !== undefined) {
    command.error(
      `error: Terraform on Windows starts only executables, and the plugin is a Node script. For ${windows}, name the folder with the ` +
        "plugin's single executables: --executables FOLDER. Without them, run Terraform in WSL.",
    );
  }
  return scriptFiles(script, version, platforms);
}

/** The hashes for the lock file: that of the script, which other machines may have, and those of the executables. */
function tellHashes(script: PluginFile, packed: readonly PluginFile[]): void {
  stderr.write(`Hash for ${LOCK}, of the script, the same on every platform: ${script.hash}\n`);
  for (const { platform: name, hash } of packed)
    stderr.write(`Hash for ${LOCK}, of the executable for ${name}: ${hash}\n`);
}

/** Says so where the lock file of this folder refuses what was placed. */
function tellOtherLock(plugins: readonly PluginFile[]): void {
  const entry = existsSync(LOCK) ? lockedEntry(readFileSync(LOCK, "utf8"), PROVIDER_SOURCE) : "";
  if (entry === "" || plugins.every(({ hash }) => entry.includes(hash))) return;
  stderr.write(
    `Note: ${LOCK} of this folder locks another plugin, and terraform init will refuse this one. Run this again with --lock, ` +
      `or take the block provider "${PROVIDER_SOURCE}" out of it and run terraform init again.\n`,
  );
}

/** Writes the provider's entry of this folder's lock file. */
function writeLock(plugins: readonly PluginFile[]): void {
  const before = existsSync(LOCK) ? readFileSync(LOCK, "utf8") : "";
  const constraints = /^\s*constraints\s*=\s*"([^"]*)"/m.exec(lockedEntry(before, PROVIDER_SOURCE))?.[1];
  const hashes = plugins.map(({ hash }) => hash);
  const after = mergeLock(before, { source: PROVIDER_SOURCE, version, hashes, constraints });
  if (after !== before) replace(resolve(LOCK), (temporary) => writeFileSync(temporary, after));
  stderr.write(`${after === before ? "Locked already" : "Locked"}: ${resolve(LOCK)}\n`);
}

const NEEDS_NODE = `It is a script, and needs Node.js ${engines.node.replace(">=", "")} or later on the PATH of Terraform.\n`;
const NEEDS_NOTHING = "It is a single executable, and needs no Node.js.\n";

/** Does what `cdktf-maas install-plugin` is for. */
export function install(options: InstallOptions, command: Command): void {
  const { mirror, platform: platforms = [ownPlatform()], executables: packed } = options;
  if (!existsSync(PLUGIN))
    throw new InputFileError(
      PLUGIN,
      "the plugin is not there. Run npm run build in a checkout, or reinstall the package.",
    );
  const content = readFileSync(PLUGIN);
  const [script] = scriptFiles(content, version, [ownPlatform()]) as [PluginFile];
  const found = packed === undefined ? [] : executables(packed, content);
  const plugins =
    packed === undefined ? scriptsFor(platforms, content, command) : executablesFor(platforms, packed, found);
  const folder = resolve(mirror ?? impliedMirror());
  for (const { file, outcome } of installPlugin({ plugins, version, mirror: folder }))
    stderr.write(`${OUTCOMES[outcome]}: ${file}\n`);
  stderr.write(packed === undefined ? NEEDS_NODE : NEEDS_NOTHING);
  tellHashes(script, found);
  if (options.lock === true) writeLock([script, ...found]);
  else tellOtherLock(plugins);
  tellWhereItCounts(mirror === undefined ? undefined : folder);
  stdout.write(REQUIRED_PROVIDERS);
}
