import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PROVIDER_SOURCE } from "../../model/kind";

/** In the plugin's first lines, which say it where Node is missing: by it a file is known as our plugin. */
const MARK = "cdktf-maas: the Terraform provider for MAAS";

/** Whether the file is a plugin of this package, of any version. */
export const isPlugin = (content: Buffer): boolean => content.includes(MARK);

/** Name of the plugin file in its folder, as Terraform wants it. */
export const pluginFileName = (version: string): string => `terraform-provider-maas_v${version}`;

/** How Terraform calls the architectures that Node has other names for. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** This machine, as Terraform calls it: `linux_amd64`. */
export function ownPlatform(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}_${ARCHITECTURES[process.arch] ?? process.arch}`;
}

/** Where a mirror directory has the plugin, by version and platform. Terraform's "unpacked layout". */
export const versionsIn = (mirror: string): string => join(mirror, PROVIDER_SOURCE);

/**
 * Replaces a file in one step, so that a Terraform that is just running never sees half of it.
 *
 * @param folder where the new file is written at first: on the same file system. @default the file's own folder
 */
export function replace(file: string, write: (temporary: string) => void, folder = dirname(file)): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = join(folder, `${basename(file)}.${process.pid}.tmp`);
  rmSync(temporary, { force: true, recursive: true });
  write(temporary);
  renameSync(temporary, file);
}

export function isSame(file: string, content: Buffer): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true && readFileSync(file).equals(content);
}

/** A copy that can be started; see {@link replace}. */
export function copyProgram(from: string, to: string, folder?: string): void {
  const copy = (temporary: string): void => {
    copyFileSync(from, temporary);
    chmodSync(temporary, 0o755);
  };
  replace(to, copy, folder);
}

export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no hard links; a copy is only bigger.
    copyFileSync(from, to);
  }
}
