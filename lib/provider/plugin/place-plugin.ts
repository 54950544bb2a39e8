import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { ISynthesisSession, TerraformStack } from "../../cdk";
import { packageRoot, PROVIDER } from "../../constructs/internal/facts";
import { AroundSynthesis, folderOf } from "../../constructs/internal/synthesised";
import { fault, type Problem, ProblemError } from "../../model/problem";
import { told } from "../../constructs/internal/users-language";
import { mergeLock } from "./lock-file";
import { ExecutablesError, executablesIn } from "./executables";
import {
  isPlaced,
  linkOrCopy,
  ownPlatform,
  type PluginFile,
  pluginFileName,
  replace,
  scriptFiles,
  versionsIn,
  writePlugin,
} from "./plugin-files";

/** The package without one of its programs: a checkout that was never built, or executables of another build. */
export class ProgramMissingError extends ProblemError {
  override readonly name = "MaasProgramMissingError";
}

/** @throws ProgramMissingError when a program that belongs into the stack's folder is not there. */
export function requireProgram({ node }: TerraformStack, program: string, file: string): void {
  if (existsSync(file)) return;
  const problem = fault("MAAS-CON-19", undefined, {
    what: `${program} is missing: ${file} does not exist`,
    why: "It is built with the package.",
    fix: "run `npm run build` in a checkout of cdktf-maas, or reinstall the package.",
  });
  throw new ProgramMissingError(problem.code, `[${node.path}] ${told(problem)}`, [problem]);
}

/** The built plugin of this package: the script. */
const builtPlugin = (): string => join(packageRoot(), "dist", "bin", "terraform-provider-maas");

/** The executables in the folder, none without a folder. @throws ExecutablesError */
const executablesOf = (folder: string | undefined, script: Buffer): PluginFile[] =>
  folder === undefined ? [] : executablesIn(folder, PROVIDER.version, script);

/** What is wrong with a folder that is to have executables of this package's plugin. Without the plugin that is not known. */
export function executablesProblems(folder: string | undefined): Problem[] {
  if (folder === undefined || !existsSync(builtPlugin())) return [];
  try {
    executablesOf(folder, readFileSync(builtPlugin()));
    return [];
  } catch (error) {
    if (!(error instanceof ExecutablesError)) throw error;
    const { file, what, fix } = error;
    const why = "In place of the script, the executables of this package's plugin are to be placed beside the stack.";
    return [fault("MAAS-CON-13", "pluginExecutables", { what: `${file}: ${what}`, why, fix })];
  }
}

/** Name of the plugin file in its folder, as Terraform wants it. */
export const PLUGIN_FILE_NAME = pluginFileName(PROVIDER.version);

/** Places the plugin in a stack's folder, after the stack's file is written. */
export class PluginPlacement extends AroundSynthesis {
  #executables: string | undefined;

  /** Wraps the stack's synthesizer, once. @param executables folder of the executables to place, of any provider of the stack */
  static installFor(stack: TerraformStack, executables: string | undefined): void {
    const placement = AroundSynthesis.around("plugin-placement", PluginPlacement, stack);
    placement.#executables ??= executables;
  }

  /** @throws ProgramMissingError before anything is written. */
  override synthesize(session: ISynthesisSession): void {
    const plugin = builtPlugin();
    requireProgram(this.stack, "the Terraform plugin that belongs into the stack's folder", plugin);
    this.inner.synthesize(session);
    placePlugin(plugin, folderOf(this.stack, session), this.#executables);
  }
}

/**
 * Where stacks are deployed from. One Node script serves all, so a stack that was synthesised on a Mac deploys on Linux.
 * Not Windows: Terraform starts only real executables there.
 */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"] as const;

/** Removes what is in a folder but the entries of these names. */
function keepOnly(folder: string, names: readonly string[]): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (!names.includes(name)) rmSync(join(folder, name), { recursive: true });
}

/** The implied mirror directory of Terraform's working directory, with these files of the plugin and no others. */
function fillMirror(plugins: readonly PluginFile[], versions: string): void {
  mkdirSync(versions, { recursive: true });
  keepOnly(versions, [PROVIDER.version]);
  const folder = join(versions, PROVIDER.version);
  keepOnly(
    folder,
    plugins.map(({ platform }) => platform),
  );
  // The script is one file under many names.
  const written = new Map<string, string>();
  for (const plugin of plugins) {
    const file = join(folder, plugin.platform, plugin.name);
    const same = written.get(plugin.hash);
    // The hash is one of all that is in the plugin's folder: nothing else may be there, not even for a moment.
    keepOnly(dirname(file), [plugin.name]);
    if (!isPlaced(file, plugin)) {
      if (same === undefined) writePlugin(file, plugin, versions);
      else replace(file, (temporary) => linkOrCopy(same, temporary), versions);
    }
    written.set(plugin.hash, file);
  }
}

/**
 * Selects the stack's own plugin beforehand, as `terraform init` would. Left to itself and with a plugin cache, which
 * the cdktf command line sets, init goes through one link in that cache for all stacks on the machine: it leads into the
 * stack that was initialised last, and plan fails when that one is removed or has another build of the same version.
 */
function selectPlugin(stackFolder: string, versions: string): void {
  const platform = ownPlatform();
  const target = join(versions, PROVIDER.version, platform);
  if (!existsSync(target)) return;
  const link = join(stackFolder, ".terraform", "providers", PROVIDER.source, PROVIDER.version, platform);
  // Windows lets every user make a junction, which has a whole path, and few a symbolic link.
  const isWindows = process.platform === "win32";
  const text = isWindows ? resolve(target) : relative(dirname(link), target);
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() === true && readlinkSync(link).replace(/[\\/]+$/, "") === text) return;
  // A link of its own is replaced in one step, which Windows can't do.
  if (present !== undefined && (present.isDirectory() || isWindows)) rmSync(link, { recursive: true });
  replace(link, (temporary) => {
    symlinkSync(text, temporary, isWindows ? "junction" : undefined);
  });
}

/** Some file systems have no links. There init selects the plugin, and copies it. */
function selectPluginIfPossible(stackFolder: string, versions: string): void {
  try {
    selectPlugin(stackFolder, versions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== "symlink") throw error;
  }
}

function writeLock(stackFolder: string, hashes: readonly string[]): void {
  const file = join(stackFolder, ".terraform.lock.hcl");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { source, version } = PROVIDER;
  const after = mergeLock(before, { source, version, hashes });
  if (after === before) return;
  replace(file, (temporary) => {
    writeFileSync(temporary, after);
  });
}

/**
 * Puts the plugin where Terraform finds it without a registry when it runs in the stack's folder, and locks it to those
 * very files. Other providers' plugins and lock entries are left alone; a second call changes nothing.
 *
 * @param plugin the script
 * @param executables folder with single executables: they are placed for the platforms that it has, the script for the others
 * @throws ExecutablesError when the folder has none of this plugin
 */
export function placePlugin(plugin: string, stackFolder: string, executables?: string): void {
  const script = readFileSync(plugin);
  const packed = executablesOf(executables, script);
  const others = PLATFORMS.filter((name) => packed.every(({ platform }) => platform !== name));
  const versions = versionsIn(join(stackFolder, "terraform.d", "plugins"));
  fillMirror([...scriptFiles(script, PROVIDER.version, others), ...packed], versions);
  selectPluginIfPossible(stackFolder, versions);
  // The script's too, if no platform has it: it may be what a machine has in a mirror of its own.
  const hashes = [...scriptFiles(script, PROVIDER.version, PLATFORMS), ...packed].map(({ hash }) => hash);
  writeLock(stackFolder, hashes);
}
