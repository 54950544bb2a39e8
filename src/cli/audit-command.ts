import { isAbsolute, join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { folderInRepository } from "../../lib/provider/repository";
import { type ConnectionOptions, withConnectionOptions } from "./connection-options";

const FORMATS = ["text", "json", "sarif", "markdown", "junit", "codequality"] as const;

export type AuditFormat = (typeof FORMATS)[number];

export interface AuditOptions extends ConnectionOptions {
  readonly format: AuditFormat;
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

/** `cdktf-maas audit`: checks a live region against the IPv6 caveats. */
export function auditCommand(): Command {
  const command = new Command("audit").description("Check a live region against the IPv6 rules");
  return withConnectionOptions(command)
    .addOption(new Option("--format <format>", "form of the report").choices(FORMATS).default("text"))
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
    .action(async (options: AuditOptions) => (await import("./audit.js")).audit(options));
}
