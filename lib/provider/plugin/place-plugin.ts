import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ISynthesisSession, TerraformStack } from "../../cdk";
import { packageRoot, PROVIDER } from "../../constructs/internal/facts";
import { AroundSynthesis, folderOf } from "../../constructs/internal/synthesised";
import { fault, ProblemError } from "../../model/problem";
import { told } from "../../constructs/internal/users-language";
import { mergeLock, pluginHash } from "./lock-file";
import { copyProgram, isSame, linkOrCopy, ownPlatform, pluginFileName, replace, versionsIn } from "./plugin-files";

/** The package without one of its built programs: a checkout that was never built. */
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

/** Name of the plugin file in its folder, as Terraform wants it. */
export const PLUGIN_FILE_NAME = pluginFileName(PROVIDER.version);

/** Places the plugin in a stack's folder, after the stack's file is written. */
export class PluginPlacement extends AroundSynthesis {
  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    AroundSynthesis.around("plugin-placement", PluginPlacement, stack);
  }

  /** @throws ProgramMissingError before anything is written. */
  override synthesize(session: ISynthesisSession): void {
    const plugin = join(packageRoot(), "dist", "bin", "terraform-provider-maas");
    requireProgram(this.stack, "the Terraform plugin that belongs into the stack's folder", plugin);
    this.inner.synthesize(session);
    placePlugin(plugin, folderOf(this.stack, session));
  }
}

/**
 * Where stacks are deployed from. One Node script serves all, so a stack that was synthesised on a Mac deploys on Linux.
 * Not Windows: Terraform starts only real executables there.
 */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"] as const;

/** The implied mirror directory of Terraform's working directory, with this version of the plugin and no other. */
function fillMirror(plugin: string, content: Buffer, versions: string): void {
  if (existsSync(versions)) {
    for (const version of readdirSync(versions).filter((name) => name !== PROVIDER.version)) {
      rmSync(join(versions, version), { recursive: true });
    }
  }
  const [first, ...others] = PLATFORMS.map((platform) => join(versions, PROVIDER.version, platform, PLUGIN_FILE_NAME));
  if (first === undefined) return;
  if (!isSame(first, content)) copyProgram(plugin, first);
  for (const file of others) {
    if (!isSame(file, content)) replace(file, (temporary) => linkOrCopy(first, temporary));
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
  const text = relative(dirname(link), target);
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() === true && readlinkSync(link) === text) return;
  if (present?.isDirectory() === true) rmSync(link, { recursive: true });
  replace(link, (temporary) => {
    symlinkSync(text, temporary);
  });
}

function writeLock(stackFolder: string, content: Buffer): void {
  const file = join(stackFolder, ".terraform.lock.hcl");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { source, version } = PROVIDER;
  const after = mergeLock(before, { source, version, hash: pluginHash(PLUGIN_FILE_NAME, content) });
  if (after === before) return;
  replace(file, (temporary) => {
    writeFileSync(temporary, after);
  });
}

/**
 * Puts the plugin where Terraform finds it without a registry when it runs in the stack's folder, and locks it to that
 * very file. Other providers' plugins and lock entries are left alone; a second call changes nothing.
 */
export function placePlugin(plugin: string, stackFolder: string): void {
  const content = readFileSync(plugin);
  const versions = versionsIn(join(stackFolder, "terraform.d", "plugins"));
  fillMirror(plugin, content, versions);
  selectPlugin(stackFolder, versions);
  writeLock(stackFolder, content);
}
