import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { IConstruct } from "../cdk";
import { traceOf } from "../constructs/internal/facts";
import { constructPath, type Place } from "../model/network/objects";
import type { Report } from "../rules/report";
import { originalLine } from "./source-map";

/** `at new Lab (/project/main.ts:12:5)`, or the same without a function. */
const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

/** This library's folder. */
const LIBRARY = dirname(__dirname) + sep;

/** Frames of libraries say nothing about where the user made the construct. */
const isUsers = (file: string): boolean => !file.startsWith(LIBRARY) && !/[\\/]node_modules[\\/]/.test(file);

/** The line of the user's program that made the construct. */
function sourceOf(construct: IConstruct): { file: string; line: number } | undefined {
  for (const frame of traceOf(construct)) {
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
