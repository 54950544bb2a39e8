import { join } from "node:path";
import type { Command } from "commander";
import { documentText } from "../../lib/model/document";
import { shown } from "../../lib/model/text";
import { expressible, type Expressible } from "../export/expressible";
import { adoptingDocument, readRegion, select } from "../export/selection";
import { type ExportedFile, splitExport } from "../export/split";
import { type SourceOptions, typescriptSource } from "../export/typescript-source";
import { withEnvironment } from "../maas/connection";
import { cdkOf } from "./cdk-option";
import type { ExportFormat, ExportOptions } from "./export-command";
import { withRegion } from "./live-region";
import { makeFolder, stderr, writeOutput } from "./output/terminal";

const FORMATS: Readonly<Record<ExportFormat, (objects: Expressible, options: SourceOptions) => string>> = {
  typescript: typescriptSource,
  document: (objects, { apiUrl }) => documentText(adoptingDocument(objects, apiUrl)),
};

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

/** Does what `cdktf-maas export` is for. */
export async function exportRegion(options: ExportOptions, command: Command): Promise<void> {
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
  const text = FORMATS[format](objects, { cdk, apiUrl, stackName: name, leftOut });
  writeOutput(output, text);
  report({ notes: objects.notes, leftOut });
}

function report({ notes, leftOut }: { readonly notes: readonly string[]; readonly leftOut: readonly string[] }): void {
  for (const sentence of notes) stderr.write(`Note: ${shown(sentence)}\n`);
  for (const sentence of leftOut) stderr.write(`Not exported: ${shown(sentence)}.\n`);
}
