import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ISynthesisSession, TerraformStack } from "../../cdk";
import { packageRoot, PLUGIN_FILE_NAME, PROVIDER } from "../../constructs/internal/facts";
import { AroundSynthesis, folderOf } from "../../constructs/internal/synthesised";
import { fault, ProblemError, sentence } from "../../model/problem";

/** One provider's entry of a `.terraform.lock.hcl`. */
export interface LockEntry {
  readonly source: string;
  readonly version: string;
  readonly hash: string;
}

const BLOCK_START = /[ \t]*provider[ \t]+"([^"\n]*)"[ \t]*\{/y;
const SKIPPED = /"(?:[^"\\\n]|\\.)*"|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** Index after the bracket that closes the block; the text's end when it is cut off. */
function endOfBlock(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    const skipped = matchAt(SKIPPED, text, index);
    if (skipped !== null) index += skipped[0].length - 1;
    else if (text[index] === "{") depth += 1;
    else if (text[index] === "}" && --depth === 0) return index + 1;
  }
  return text.length;
}

/** The text without the provider's blocks, with the place where the first one was. Strings and comments are no blocks. */
function withoutEntry(text: string, source: string): { readonly rest: string; readonly at: number | undefined } {
  let rest = "";
  let at: number | undefined;
  let index = 0;
  while (index < text.length) {
    const block = index === 0 || text[index - 1] === "\n" ? matchAt(BLOCK_START, text, index) : null;
    if (block !== null) {
      const end = endOfBlock(text, index + block[0].length);
      if (block[1] === source) at ??= rest.length;
      else rest += text.slice(index, end);
      index = block[1] === source ? end + (/^\r?\n/.exec(text.slice(end))?.[0].length ?? 0) : end;
    } else {
      const skipped = matchAt(SKIPPED, text, index)?.[0] ?? text.charAt(index);
      rest += skipped;
      index += skipped.length;
    }
  }
  return { rest, at };
}

/**
 * A dependency lock file with this entry, and the provider's earlier entries gone. All else is kept as it was, byte for
 * byte; merging twice changes nothing.
 */
export function mergeLock(text: string, { source, version, hash }: LockEntry): string {
  const entry =
    `provider "${source}" {\n  version     = "${version}"\n  constraints = "${version}"\n` +
    `  hashes = [\n    "${hash}",\n  ]\n}\n`;
  const { rest, at } = withoutEntry(text, source);
  if (at !== undefined) return rest.slice(0, at) + entry + rest.slice(at);
  const gap = rest === "" ? "" : rest.endsWith("\n") ? "\n" : "\n\n";
  return rest + gap + entry;
}

const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data);

/**
 * Terraform's `h1:` hash of a plugin folder that holds just this file.
 * @see golang.org/x/mod sumdb/dirhash Hash1, which Terraform's lock file uses
 */
export function pluginHash(fileName: string, content: Uint8Array): string {
  return `h1:${sha256(`${sha256(content).digest("hex")}  ${fileName}\n`).digest("base64")}`;
}

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
  throw new ProgramMissingError(problem.code, `[${node.path}] ${sentence(problem)}`, [problem]);
}

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

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Replaces a file in one step, so that a Terraform that is just running never sees half of it. */
function replace(file: string, write: (temporary: string) => void): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  write(temporary);
  renameSync(temporary, file);
}

function isSame(file: string, content: Buffer): boolean {
  return existsSync(file) && readFileSync(file).equals(content);
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no hard links; a copy is only bigger.
    copyFileSync(from, to);
  }
}

/** The implied mirror directory of Terraform's working directory, with this version of the plugin and no other. */
function fillMirror(plugin: string, content: Buffer, versions: string): void {
  if (existsSync(versions)) {
    for (const version of readdirSync(versions).filter((name) => name !== PROVIDER.version)) {
      rmSync(join(versions, version), { recursive: true });
    }
  }
  const [first, ...others] = PLATFORMS.map((platform) => join(versions, PROVIDER.version, platform, PLUGIN_FILE_NAME));
  if (first === undefined) return;
  if (!isSame(first, content)) {
    replace(first, (temporary) => {
      copyFileSync(plugin, temporary);
      chmodSync(temporary, 0o755);
    });
  }
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
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
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
  const versions = join(stackFolder, "terraform.d", "plugins", PROVIDER.source);
  fillMirror(plugin, content, versions);
  selectPlugin(stackFolder, versions);
  writeLock(stackFolder, content);
}
