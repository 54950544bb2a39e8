import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { documentText } from "../../lib/model/document";
import { shown } from "../../lib/model/text";
import { expressible, type Expressible } from "../export/expressible";
import { adoptingDocument, readRegion, select } from "../export/selection";
import { type ExportedFile, splitExport } from "../export/split";
import { type Cdk, type SourceOptions, typescriptSource } from "../export/typescript-source";
import { withEnvironment } from "../maas/connection";
import { cdkOf, cdkOption } from "./cdk-option";
import { type ConnectionOptions, withConnectionOptions, withRegion } from "./live-region";
import { makeFolder, stderr, writeOutput } from "./output/terminal";

const FORMATS: Readonly<Record<string, (objects: Expressible, options: SourceOptions) => string>> = {
  typescript: typescriptSource,
  document: (objects, { apiUrl }) => documentText(adoptingDocument(objects, apiUrl)),
};

interface ExportOptions extends ConnectionOptions {
  readonly format: string;
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

/** Where the files of a split export go. Ends the command where that is not clear. */
function splitFolder({ split, output, fabric }: ExportOptions, command: Command): string | undefined {
  if (split !== true) return undefined;
  if (fabric !== undefined) command.error("error: --split writes every fabric: leave --fabric out, or --split.");
  if (output === undefined)
    command.error("error: --split writes several files: name their folder, such as --output network.");
  return output;
}

function writeFiles(folder: string, files: readonly ExportedFile[]): void {
  makeFolder(folder);
  for (const { name, text } of files) writeOutput(join(folder, name), text);
  stderr.write(`${files.map(({ name }) => `Wrote ${join(folder, name)}\n`).join("")}`);
}

async function exportRegion(options: ExportOptions, command: Command): Promise<void> {
  const { format, output, fabric, machines, stackName: name } = options;
  const cdk = cdkOf(options);
  const folder = splitFolder(options, command);
  const region = await withRegion(options, (client) => readRegion(client, { machines: machines === true }));
  const { api_url: apiUrl = "" } = withEnvironment({ api_url: options.url ?? "" }, process.env);
  if (folder !== undefined) {
    const { unsupported } = region;
    const { files, ...rest } = splitExport(region.objects, format, {
      ...{ cdk, apiUrl, stackName: name, unsupported },
    });
    writeFiles(folder, files);
    report(rest);
    return;
  }
  const objects = expressible(select(region.objects, fabric));
  const leftOut = [...region.unsupported, ...objects.leftOut];
  const text = FORMATS[format]?.(objects, { cdk, apiUrl, stackName: name, leftOut }) ?? "";
  writeOutput(output, text);
  report({ notes: objects.notes, leftOut });
}

function report({ notes, leftOut }: { readonly notes: readonly string[]; readonly leftOut: readonly string[] }): void {
  for (const sentence of notes) stderr.write(`Note: ${shown(sentence)}\n`);
  for (const sentence of leftOut) stderr.write(`Not exported: ${shown(sentence)}.\n`);
}

/** `cdktf-maas export`: a live region as an app, or as a desired-state document. */
export function exportCommand(): Command {
  const command = new Command("export").description(
    "Write a live region as a CDKTF app with import blocks, or as a desired-state document",
  );
  return withConnectionOptions(command)
    .addOption(new Option("--format <format>", "what to write").choices(Object.keys(FORMATS)).default("typescript"))
    .addOption(cdkOption())
    .option("--output <file>", "write to a file; with --split, to files in this folder")
    .option("--split", "a file for each fabric, and one for what is in none")
    .option("--stack-name <name>", "name of the app's stack", stackName, "maas-network")
    .option("--fabric <name...>", "only these fabrics, with all that is in them")
    .option("--machines", "also the links of machines' interfaces")
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY.\nWhat can't be exported is named on stderr, and in the app." +
        "\n\nExample:\n  $ MAAS_API_KEY=consumer:token:secret cdktf-maas export --url http://region.example:5240/MAAS --fabric lab --output main.ts",
    )
    .action(exportRegion);
}
