import { createHash } from "node:crypto";

/** One provider's entry of a `.terraform.lock.hcl`. */
export interface LockEntry {
  readonly source: string;
  readonly version: string;
  /** Each of them is right: the plugin is another file on some platforms. */
  readonly hashes: readonly string[];
  /** The configuration's version constraint. @default the version */
  readonly constraints?: string;
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

/** The text without the provider's blocks, those blocks, and where the first one was. Strings and comments are no blocks. */
function withoutEntry(
  text: string,
  source: string,
): { readonly rest: string; readonly entry: string; readonly at: number | undefined } {
  let rest = "";
  let entry = "";
  let at: number | undefined;
  let index = 0;
  while (index < text.length) {
    const block = index === 0 || text[index - 1] === "\n" ? matchAt(BLOCK_START, text, index) : null;
    if (block !== null) {
      const end = endOfBlock(text, index + block[0].length);
      if (block[1] === source) {
        at ??= rest.length;
        entry += text.slice(index, end);
      } else rest += text.slice(index, end);
      index = block[1] === source ? end + (/^\r?\n/.exec(text.slice(end))?.[0].length ?? 0) : end;
    } else {
      const skipped = matchAt(SKIPPED, text, index)?.[0] ?? text.charAt(index);
      rest += skipped;
      index += skipped.length;
    }
  }
  return { rest, entry, at };
}

/** What a dependency lock file says of the provider; empty = nothing. */
export const lockedEntry = (text: string, source: string): string => withoutEntry(text, source).entry;

/**
 * A dependency lock file with this entry, and the provider's earlier entries gone. All else is kept as it was, byte for
 * byte; merging twice changes nothing.
 */
export function mergeLock(text: string, { source, version, hashes, constraints = version }: LockEntry): string {
  // In order, as Terraform writes them.
  const lines = [...new Set(hashes)].sort().map((hash) => `    "${hash}",\n`);
  const entry =
    `provider "${source}" {\n  version     = "${version}"\n  constraints = "${constraints}"\n` +
    `  hashes = [\n${lines.join("")}  ]\n}\n`;
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
