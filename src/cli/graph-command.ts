import { Command, Option } from "commander";
import { html } from "../graph/html";
import { layOut } from "../graph/layout";
import { mermaid } from "../graph/mermaid";
import type { Picture } from "../graph/picture";
import { pictureOf } from "../graph/picture-of";
import { svg } from "../graph/svg";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../reconcile/engine/input-file";
import { judgeDocument } from "../reconcile/engine/judge-document";
import { type ConnectionOptions, judgeRegion, withConnectionOptions } from "./live-region";
import { writeOutput } from "./output/terminal";

const FORMATS: Readonly<Record<string, (picture: Picture) => string | Promise<string>>> = {
  mermaid,
  svg: async (picture) => svg(await layOut(picture)),
  html: async (picture) => html(await layOut(picture)),
};

interface GraphOptions extends ConnectionOptions {
  readonly title?: string;
  readonly format: string;
  readonly output?: string;
}

async function documentPicture(file: string, title = file): Promise<Picture> {
  const { network, report } = judgeDocument(readDocumentOf(file, await readInputFile(file, DOCUMENT_WANTED)));
  return pictureOf(network, report, title);
}

async function livePicture({ title, ...connection }: GraphOptions): Promise<Picture> {
  const { network, report } = await judgeRegion(connection);
  return pictureOf(network, report, title ?? connection.url ?? process.env.MAAS_API_URL ?? "MAAS");
}

async function graph(document: string | undefined, options: GraphOptions): Promise<void> {
  const { format, output, title } = options;
  const picture = await (document === undefined ? livePicture(options) : documentPicture(document, title));
  const text = (await FORMATS[format]?.(picture)) ?? "";
  writeOutput(output, text);
}

/** `cdktf-maas graph`: a picture of what a stack wants, or of what a region has. */
export function graphCommand(): Command {
  const command = new Command("graph")
    .description("Draw the networks of a stack or of a live region, with the findings of the IPv6 caveats")
    .argument("[document]", "maas-network.json of a stack; without it, the live region is drawn");
  return withConnectionOptions(command)
    .option("--title <text>", "title of the picture (default: the document's name, or the URL)")
    .addOption(new Option("--format <format>", "form of the picture").choices(Object.keys(FORMATS)).default("html"))
    .option("--output <file>", "write the picture to a file")
    .addHelpText(
      "after",
      "\nA live region's API key is read from MAAS_API_KEY.\n\nExample:\n  $ cdktf-maas graph cdktf.out/stacks/lab-network/maas-network.json --format html --output lab.html",
    )
    .action(graph);
}
