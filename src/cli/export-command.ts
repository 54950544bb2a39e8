import { Command, InvalidArgumentError, Option } from "commander";
import { documentText } from "../../lib/model/document";
import { shown } from "../../lib/model/text";
import { expressible, type Expressible } from "../export/expressible";
import { adoptingDocument, readRegion, select } from "../export/selection";
import { type SourceOptions, typescriptSource } from "../export/typescript-source";
import { withEnvironment } from "../maas/connection";
import { type ConnectionOptions, withConnectionOptions, withRegion } from "./live-region";
import { stderr, writeOutput } from "./output/terminal";

const FORMATS: Readonly<Record<string, (objects: Expressible, options: SourceOptions) => string>> = {
  typescript: typescriptSource,
  document: (objects, { apiUrl }) => documentText(adoptingDocument(objects, apiUrl)),
};

interface ExportOptions extends ConnectionOptions {
  readonly format: string;
  readonly output?: string;
  readonly stackName: string;
  readonly fabric?: readonly string[];
  readonly machines?: true;
}

/** A stack's name is its folder's. */
export function stackName(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(text)) return text;
  throw new InvalidArgumentError("Write a letter first, then letters, digits, _ and -, such as lab-network.");
}

async function exportRegion(options: ExportOptions): Promise<void> {
  const { format, output, fabric, machines, stackName: name } = options;
  const region = await withRegion(options, (client) => readRegion(client, { machines: machines === true }));
  const objects = expressible(select(region.objects, fabric));
  const { api_url: apiUrl = "" } = withEnvironment({ api_url: options.url ?? "" }, process.env);
  const leftOut = [...region.unsupported, ...objects.leftOut];
  const text = FORMATS[format]?.(objects, { apiUrl, stackName: name, leftOut }) ?? "";
  writeOutput(output, text);
  for (const sentence of objects.notes) stderr.write(`Note: ${shown(sentence)}\n`);
  for (const sentence of leftOut) stderr.write(`Not exported: ${shown(sentence)}.\n`);
}

/** `cdktf-maas export`: a live region as an app, or as a desired-state document. */
export function exportCommand(): Command {
  const command = new Command("export").description(
    "Write a live region as a CDKTF app with import blocks, or as a desired-state document",
  );
  return withConnectionOptions(command)
    .addOption(new Option("--format <format>", "what to write").choices(Object.keys(FORMATS)).default("typescript"))
    .option("--output <file>", "write to a file")
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
