import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A line of a source file, 1-based. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

const REFERENCE = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;

const DATA = /^data:application\/json[^,]*;base64,/;

function mapOf(file: string): SourceMap | undefined {
  try {
    const [, url = ""] = [...readFileSync(file, "utf8").matchAll(REFERENCE)].at(-1) ?? [];
    const text = DATA.test(url)
      ? Buffer.from(url.replace(DATA, ""), "base64").toString()
      : readFileSync(resolve(dirname(file), decodeURI(url)), "utf8");
    return new SourceMap(JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    // No map, or one that can't be read: the compiled line is still better than none.
    return undefined;
  }
}

const MAPS = new Map<string, SourceMap | undefined>();

/**
 * The line that a line of compiled JavaScript was made from, where its source map tells; else the line itself. Node
 * does so of itself only with `--enable-source-maps`.
 *
 * @param column 1-based
 */
export function originalLine({ file, line }: SourceLine, column: number): SourceLine {
  if (!MAPS.has(file)) MAPS.set(file, mapOf(file));
  const entry = MAPS.get(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalSource" in entry)) return { file, line };
  const { originalSource, originalLine: original } = entry;
  const path = originalSource.startsWith("file:")
    ? fileURLToPath(originalSource)
    : resolve(dirname(file), originalSource);
  return existsSync(path) ? { file: path, line: original + 1 } : { file, line };
}
