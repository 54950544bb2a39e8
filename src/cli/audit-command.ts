import { isAbsolute, join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { folderInRepository } from "../../lib/provider/repository";
import { errorsOf, type Report, reportJson, reportText } from "../../lib/rules/report";
import type { ReportPlace } from "../../lib/rules/finding-place";
import { reportCodeQuality } from "../../lib/rules/report-code-quality";
import { reportJunit } from "../../lib/rules/report-junit";
import { reportMarkdown } from "../../lib/rules/report-markdown";
import { reportSarif } from "../../lib/rules/report-sarif";
import { version } from "../../package.json";
import { type ConnectionOptions, judgeRegion, withConnectionOptions } from "./live-region";
import { writeOutput } from "./output/terminal";

/** Exit code when the region breaks a rule of level error; 1 is for a run that failed. */
const BROKEN_RULES = 2;

interface AuditOptions extends ConnectionOptions {
  readonly format: string;
  readonly artifact: string;
  readonly output?: string;
}

/** The artifact from the working folder. GitHub has no place to show findings at in a folder, or outside of the repository. */
function readArtifact(file: string): string {
  const path = relative("", file);
  const isOutside = isAbsolute(path) || /^\.\.([\\/]|$)/.test(join(folderInRepository(process.cwd()), path));
  if (path === "" || isOutside)
    throw new InvalidArgumentError("It is not a file in the repository. Give one such as cdktf.json.");
  return path;
}

/** What code scanning keeps the alerts of a region by: `audit/region.example-5240-MAAS`, `audit/2001-db8--1-5240-MAAS`. */
export function categoryOf(apiUrl: string): string {
  const { host, pathname } = new URL(apiUrl);
  return `audit/${`${host}${pathname}`.replace(/[[\]]|\/+$/g, "").replace(/[^\w.-]/g, "-")}`;
}

const FORMATS: Readonly<Record<string, (report: Report, place: ReportPlace) => string>> = {
  text: reportText,
  json: reportJson,
  sarif: (report, place) => reportSarif(report, { version, ...place }),
  markdown: reportMarkdown,
  junit: reportJunit,
  codequality: reportCodeQuality,
};

async function audit({ format, artifact, output, ...connection }: AuditOptions): Promise<void> {
  const { report, url } = await judgeRegion(connection);
  const place = { category: categoryOf(url), folder: folderInRepository(process.cwd()), artifact };
  const text = FORMATS[format]?.(report, place) ?? "";
  writeOutput(output, text.endsWith("\n") ? text : `${text}\n`);
  if (errorsOf(report).length > 0) process.exitCode = BROKEN_RULES;
}

/** `cdktf-maas audit`: checks a live region against the IPv6 caveats. */
export function auditCommand(): Command {
  const command = new Command("audit").description("Hold the IPv6 caveats against a live region");
  return withConnectionOptions(command)
    .addOption(new Option("--format <format>", "form of the report").choices(Object.keys(FORMATS)).default("text"))
    .option(
      "--artifact <file>",
      "file of the repository that findings are shown at; for --format sarif and codequality",
      readArtifact,
      "cdktf.json",
    )
    .option("--output <file>", "write the report to a file")
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY.\nExit code: 0 = no errors, 2 = the region breaks a rule of level error, 1 = the audit failed." +
        "\n\nExample:\n  $ MAAS_API_KEY=consumer:token:secret cdktf-maas audit --url http://region.example:5240/MAAS --format sarif --output audit.sarif",
    )
    .action(audit);
}
