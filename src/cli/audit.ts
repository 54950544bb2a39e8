import { folderInRepository } from "../../lib/provider/repository";
import { errorsOf, type Report, reportJson, reportText } from "../../lib/rules/report";
import type { ReportPlace } from "../../lib/rules/finding-place";
import { reportCodeQuality } from "../../lib/rules/report-code-quality";
import { reportJunit } from "../../lib/rules/report-junit";
import { reportMarkdown } from "../../lib/rules/report-markdown";
import { reportSarif } from "../../lib/rules/report-sarif";
import { version } from "../../package.json";
import type { AuditFormat, AuditOptions } from "./audit-command";
import { judgeRegion } from "./live-region";
import { writeOutput } from "./output/terminal";

/** Exit code when the region breaks a rule of level error; 1 is for a run that failed. */
const BROKEN_RULES = 2;

/** What code scanning keeps the alerts of a region by: `audit/region.example-5240-MAAS`, `audit/2001-db8--1-5240-MAAS`. */
export function categoryOf(apiUrl: string): string {
  const { host, pathname } = new URL(apiUrl);
  return `audit/${`${host}${pathname}`.replace(/[[\]]|\/+$/g, "").replace(/[^\w.-]/g, "-")}`;
}

const FORMATS: Readonly<Record<AuditFormat, (report: Report, place: ReportPlace) => string>> = {
  text: reportText,
  json: reportJson,
  sarif: (report, place) => reportSarif(report, { version, ...place }),
  markdown: reportMarkdown,
  junit: reportJunit,
  codequality: reportCodeQuality,
};

/** Does what `cdktf-maas audit` is for. */
export async function audit({ format, artifact, output, ...connection }: AuditOptions): Promise<void> {
  const { report, url } = await judgeRegion(connection);
  const place = { category: categoryOf(url), folder: folderInRepository(process.cwd()), artifact };
  const text = FORMATS[format](report, place);
  writeOutput(output, text.endsWith("\n") ? text : `${text}\n`);
  if (errorsOf(report).length > 0) process.exitCode = BROKEN_RULES;
}
