import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { PROVIDER_SOURCE } from "../../model/kind";
import { pluginHash } from "./lock-file";

/** In the plugin's first lines, which say it where Node is missing: by it a file is known as our plugin. */
const MARK = "cdktf-maas: the Terraform provider for MAAS";

/** Whether the file is a plugin of this package, of any version. */
export const isPlugin = (content: Buffer): boolean => content.includes(MARK);

/** Name of the plugin file in its folder, as Terraform wants it there. */
export const pluginFileName = (version: string, platform = ""): string =>
  `terraform-provider-maas_v${version}${platform.startsWith("windows_") ? ".exe" : ""}`;

/** The plugin for one platform: the script, or a single executable. */
export interface PluginFile {
  /** As Terraform calls it: `linux_amd64`. */
  readonly platform: string;
  /** Of the file in its folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Terraform's `h1:` hash of the folder with just this file. */
  readonly hash: string;
  readonly content: () => Buffer;
}

/** The plugin as a script, for some platforms: the same file on all of them. Terraform on Windows starts no scripts. */
export function scriptFiles(script: Buffer, version: string, platforms: readonly string[]): PluginFile[] {
  const name = pluginFileName(version);
  const shared = { name, size: script.length, hash: pluginHash(name, script), content: () => script };
  return platforms.map((platform) => ({ platform, ...shared }));
}

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

/** Whether the plugin is there already, and can be started. Windows has no permission for that. */
export function isPlaced(file: string, { name, size, hash }: PluginFile): boolean {
  const present = lstatSync(file, { throwIfNoEntry: false });
  if (present?.isFile() !== true || present.size !== size) return false;
  const isExecutable = process.platform === "win32" || (present.mode & 0o111) !== 0;
  return isExecutable && pluginHash(name, readFileSync(file)) === hash;
}

/** Writes the plugin, so that it can be started; see {@link replace}. */
export function writePlugin(file: string, plugin: PluginFile, folder?: string): void {
  const write = (temporary: string): void => {
    writeFileSync(temporary, plugin.content(), { mode: 0o755 });
    chmodSync(temporary, 0o755);
  };
  replace(file, write, folder);
}

export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no hard links; a copy is only bigger.
    copyFileSync(from, to);
  }
}
