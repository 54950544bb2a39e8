import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { IConstruct } from "../cdk";
import { traceOf } from "../constructs/internal/facts";
import { constructPath, type Place } from "../model/network/objects";
import type { Report } from "../rules/report";

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

/** `at new Lab (/project/main.ts:12:5)`, or the same without a function. */
const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

/** This library's folder. */
const LIBRARY = dirname(__dirname) + sep;

/** Frames of libraries say nothing about where the user made the construct. */
const isUsers = (file: string): boolean => !file.startsWith(LIBRARY) && !/[\\/]node_modules[\\/]/.test(file);

/** A frame of jsii's kernel, which runs the library for programs in other languages: one file, in a folder with a random name. */
const KERNEL_FRAME = /^\s*at (?:new |async )*Kernel(?:Host)?\.\S+ \(.*?[\\/](?:program|jsii-runtime)\.js:/;

/** The line of the user's program that made the construct. */
function sourceOf(construct: IConstruct): { file: string; line: number } | undefined {
  const frames = traceOf(construct);
  // The program is in another process then, and nothing here says where it is.
  if (process.env.JSII_AGENT !== undefined || frames.some((frame) => KERNEL_FRAME.test(frame))) return undefined;
  for (const frame of frames) {
    const [, path, line, column] = FRAME.exec(frame) ?? [];
    if (path === undefined) continue;
    const file = path.startsWith("file:") ? fileURLToPath(path) : path;
    if (!isUsers(file)) continue;
    const source = originalLine({ file, line: Number(line) }, Number(column));
    return { file: relative(process.cwd(), source.file).split(sep).join("/"), line: source.line };
  }
  return undefined;
}

/** The report with the file and line of every construct in it, where they are known. */
export function withSources(report: Report, constructs: readonly IConstruct[]): Report {
  const byPath = new Map(constructs.map((construct) => [construct.node.path, construct]));
  const places = new Map<string, Place>();
  const locate = ({ path }: Place): Place => {
    const construct = byPath.get(constructPath(path));
    const place = places.get(path) ?? { path, ...(construct && sourceOf(construct)) };
    places.set(path, place);
    return place;
  };
  return {
    ...report,
    findings: report.findings.map((row) => ({ ...row, where: locate(row.where), related: row.related.map(locate) })),
    unjudged: report.unjudged.map((row) => ({ ...row, where: locate(row.where) })),
  };
}
