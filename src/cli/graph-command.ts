import { basename, dirname, parse, resolve } from "node:path";
import { Command, Option } from "commander";
import type { NetworkDocument } from "../../lib/model/document";
import { html } from "../graph/html";
import { MAX_MERMAID, mermaid, mermaidBlock } from "../graph/mermaid";
import type { Picture } from "../graph/picture";
import { pictureOf } from "../graph/picture-of";
import { svg } from "../graph/svg";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../reconcile/engine/input-file";
import { judgeDocument } from "../reconcile/engine/plan/plan-problems";
import { type ConnectionOptions, judgeRegion, withConnectionOptions } from "./live-region";
import { stderr, writeOutput } from "./output/terminal";
import { documentStack, plannedPicture } from "./planned-picture";

const FORMATS: Readonly<Record<string, (picture: Picture) => string>> = {
  ...{ mermaid, markdown: mermaidBlock, svg, html },
};

interface GraphOptions extends ConnectionOptions {
  readonly title?: string;
  readonly format: string;
  readonly plan?: string;
  readonly output?: string;
}

/** The stack of a document: of its folder, or of the objects in it where it stands somewhere else; else the file's name. */
function stackOf(file: string, document: NetworkDocument): string {
  const folder = dirname(resolve(file));
  if (basename(dirname(folder)) === "stacks") return basename(folder);
  return documentStack(document) ?? parse(file).name;
}

async function documentPicture(file: string, title?: string): Promise<Picture> {
  const document = readDocumentOf(file, await readInputFile(file, DOCUMENT_WANTED));
  const { network, report } = judgeDocument(document);
  return pictureOf(network, report, title ?? stackOf(file, document));
}

async function livePicture({ title, ...connection }: GraphOptions): Promise<Picture> {
  const { network, report } = await judgeRegion(connection);
  return pictureOf(network, report, title ?? connection.url ?? process.env.MAAS_API_URL ?? "MAAS");
}

function pictureFor(document: string | undefined, options: GraphOptions): Promise<Picture> {
  const { plan, title } = options;
  if (plan !== undefined) return plannedPicture(plan, title);
  return document === undefined ? livePicture(options) : documentPicture(document, title);
}

async function graph(document: string | undefined, options: GraphOptions, command: Command): Promise<void> {
  const { format, output, plan } = options;
  if (plan !== undefined && document !== undefined)
    command.error("error: --plan draws the plan by itself: leave the document out, or --plan.");
  const picture = await pictureFor(document, options);
  const text = FORMATS[format]?.(picture) ?? "";
  writeOutput(output, text);
  if (format === "mermaid" && text.length > MAX_MERMAID)
    stderr.write(
      `Note: viewers of Mermaid refuse more than ${MAX_MERMAID} characters, and this has ${text.length}. Use --format svg or html.\n`,
    );
}

/** `cdktf-maas graph`: a picture of what a stack wants, or of what a region has. */
export function graphCommand(): Command {
  const command = new Command("graph")
    .description(
      "Draw the networks of a stack or of a live region, with the findings of the IPv6 caveats, or what a plan changes",
    )
    .argument("[document]", "maas-network.json of a stack; without it, the live region is drawn");
  return withConnectionOptions(command)
    .option("--title <text>", "title of the picture (default: the stack's name, or the URL)")
    .option("--plan <file>", "draw what a plan changes: one of plan --format json, or of terraform show -json")
    .addOption(new Option("--format <format>", "form of the picture").choices(Object.keys(FORMATS)).default("html"))
    .option("--output <file>", "write the picture to a file")
    .addHelpText(
      "after",
      "\nA live region's API key is read from MAAS_API_KEY.\n\nExamples:\n  $ cdktf-maas graph cdktf.out/stacks/lab-network/maas-network.json --format html --output lab.html" +
        "\n  $ cdktf-maas graph --plan plan.json --format mermaid",
    )
    .action(graph);
}
