import { Command, InvalidArgumentError, Option } from "commander";
import type { Cdk } from "../export/typescript-source";
import { cdkOption } from "./cdk-option";
import { type ConnectionOptions, withConnectionOptions } from "./connection-options";

const FORMATS = ["typescript", "document"] as const;

export type ExportFormat = (typeof FORMATS)[number];

export interface ExportOptions extends ConnectionOptions {
  readonly format: ExportFormat;
  readonly output?: string;
  readonly stackName: string;
  readonly cdk?: Cdk;
  readonly fabric?: readonly string[];
  readonly machines?: true;
  readonly split?: true;
}

/** A stack's name is its folder's. */
export function stackName(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(text)) return text;
  throw new InvalidArgumentError("Write a letter first, then letters, digits, _ and -, such as lab-network.");
}

/** `cdktf-maas export`: a live region as an app, or as a desired-state document. */
export function exportCommand(): Command {
  const command = new Command("export").description(
    "Write a live region as a CDKTF app with import blocks, or as a desired-state document",
  );
  return withConnectionOptions(command)
    .addOption(new Option("--format <format>", "what to write").choices(FORMATS).default("typescript"))
    .addOption(cdkOption())
    .option("--output <file>", "write to a file; with --split, to files in this folder")
    .option("--split", "a file for each fabric, and one for what is in none")
    .option("--stack-name <name>", "name of the app's stack", stackName, "maas-network")
    .option("--fabric <name...>", "only these fabrics, with all that is in them")
    .option("--machines", "also the links of machines' interfaces")
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY.\nWhat can't be exported is named on stderr, and in the app." +
        "\n\nExample:\n  $ MAAS_API_KEY=consumer:token:secret cdktf-maas export --url http://region.example:5240/MAAS --fabric lab --output exported.ts",
    )
    .action(async (options: ExportOptions, command: Command) =>
      (await import("./export.js")).exportRegion(options, command),
    );
}
