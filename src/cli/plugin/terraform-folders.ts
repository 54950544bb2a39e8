import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What decides on where Terraform has its folders. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const HERE: Machine = { platform: process.platform, env: process.env };

/** The folder that Terraform's own ones are in. */
function baseFolder({ platform, env }: Machine): string {
  if (platform === "win32") return env.APPDATA ?? join(homedir(), "AppData", "Roaming");
  return env.HOME === undefined || env.HOME === "" ? homedir() : env.HOME;
}

/**
 * The user's implied mirror directory, where Terraform and OpenTofu look for plugins before they ask a registry.
 * @see Terraform's "CLI Configuration File", "Implied Local Mirror Directories"
 */
export function impliedMirror(machine: Machine = HERE): string {
  const folder = machine.platform === "win32" ? "terraform.d" : ".terraform.d";
  return join(baseFolder(machine), folder, "plugins");
}

/** The files that may configure Terraform and OpenTofu for this user. The variable replaces all others. */
function configurationFiles(machine: Machine): string[] {
  const { TF_CLI_CONFIG_FILE: named = "" } = machine.env;
  if (named !== "") return [named];
  const names = machine.platform === "win32" ? ["terraform.rc", "tofu.rc"] : [".terraformrc", ".tofurc"];
  return names.map((name) => join(baseFolder(machine), name));
}

/** The CLI configuration that says where plugins come from, so that no implied mirror counts; undefined = there is none. */
export function installationFile(machine: Machine = HERE): string | undefined {
  return configurationFiles(machine).find(
    (file) => existsSync(file) && /^\s*provider_installation\b/m.test(readFileSync(file, "utf8")),
  );
}
