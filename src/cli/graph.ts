import { basename, dirname, parse, resolve } from "node:path";
import type { Command } from "commander";
import type { NetworkDocument } from "../../lib/model/document";
import { html } from "../graph/html";
import { MAX_MERMAID, mermaid, mermaidBlock } from "../graph/mermaid";
import type { Picture } from "../graph/picture";
import { pictureOf } from "../graph/picture-of";
import { svg } from "../graph/svg";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../reconcile/engine/input-file";
import { judgeDocument } from "../reconcile/engine/plan/plan-problems";
import type { GraphFormat, GraphOptions } from "./graph-command";
import { judgeRegion } from "./live-region";
import { stderr, writeOutput } from "./output/terminal";
import { documentStack, plannedPicture } from "./planned-picture";

const FORMATS: Readonly<Record<GraphFormat, (picture: Picture) => string>> = {
  ...{ mermaid, markdown: mermaidBlock, svg, html },
};

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

/** Does what `cdktf-maas graph` is for. */
export async function graph(document: string | undefined, options: GraphOptions, command: Command): Promise<void> {
  const { format, output, plan } = options;
  if (plan !== undefined && document !== undefined)
    command.error("error: --plan draws the plan by itself: leave the document out, or --plan.");
  const picture = await pictureFor(document, options);
  const text = FORMATS[format](picture);
  writeOutput(output, text);
  if (format === "mermaid" && text.length > MAX_MERMAID)
    stderr.write(
      `Note: viewers of Mermaid refuse more than ${MAX_MERMAID} characters, and this has ${text.length}. Use --format svg or html.\n`,
    );
}
