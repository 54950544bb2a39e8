import { Command, Option } from "commander";
import { type ConnectionOptions, withConnectionOptions } from "./connection-options";

const FORMATS = ["mermaid", "markdown", "svg", "html"] as const;

export type GraphFormat = (typeof FORMATS)[number];

export interface GraphOptions extends ConnectionOptions {
  readonly title?: string;
  readonly format: GraphFormat;
  readonly plan?: string;
  readonly output?: string;
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
    .addOption(new Option("--format <format>", "form of the picture").choices(FORMATS).default("html"))
    .option("--output <file>", "write the picture to a file")
    .addHelpText(
      "after",
      "\nA live region's API key is read from MAAS_API_KEY.\n\nExamples:\n  $ cdktf-maas graph cdktf.out/stacks/lab-network/maas-network.json --format html --output lab.html" +
        "\n  $ cdktf-maas graph --plan plan.json --format mermaid",
    )
    .action(async (document: string | undefined, options: GraphOptions, command: Command) =>
      (await import("./graph.js")).graph(document, options, command),
    );
}
