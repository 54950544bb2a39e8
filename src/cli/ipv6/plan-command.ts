import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { Command, Option } from "commander";
import { pictureOf } from "../../graph/picture-of";
import { html } from "../../graph/html";
import { svg } from "../../graph/svg";
import type { Rollout } from "../../rollout/rollout";
import { rolloutJson } from "../../rollout/rollout-json";
import { rolloutMarkdown } from "../output/rollout-markdown";
import { rolloutText } from "../output/rollout-text";
import { type Styled, writeOutput } from "../output/terminal";
import { rolloutOf, type RolloutOptions, withRolloutOptions } from "./rollout-input";

/** Exit code when something stands in the way of a network; 1 is for a command that failed. */
const BLOCKED = 2;

const FORMATS: Readonly<Record<string, (rollout: Rollout) => Styled>> = {
  text: rolloutText,
  json: rolloutJson,
  markdown: rolloutMarkdown,
};

const PICTURES = { svg, html } as const;

interface PlanOptions extends RolloutOptions {
  readonly format: string;
  readonly output?: string;
  readonly pictures?: string;
}

/** Writes the picture of the region before the rollout and after it, in two forms. */
function writePictures(folder: string, { before, after }: Rollout, url = "MAAS"): void {
  mkdirSync(folder, { recursive: true });
  for (const [moment, { network, report }] of Object.entries({ before, after }))
    for (const [form, draw] of Object.entries(PICTURES))
      writeOutput(join(folder, `${moment}.${form}`), draw(pictureOf(network, report, `${url}, ${moment} the rollout`)));
}

async function plan(document: string | undefined, options: PlanOptions): Promise<void> {
  const { format, output, pictures } = options;
  const { rollout, url } = await rolloutOf(document, options);
  if (pictures !== undefined) writePictures(pictures, rollout, url);
  writeOutput(output, FORMATS[format]?.(rollout) ?? "");
  if (rollout.networks.some(({ state }) => state === "blocked")) process.exitCode = BLOCKED;
}

/** `cdktf-maas ipv6 plan`: what a region has for IPv6, what it would get, and what stands in the way. Changes nothing. */
export function ipv6PlanCommand(): Command {
  const command = new Command("plan").description(
    "Show which IPv6 networks a region would get, and what stands in the way",
  );
  return withRolloutOptions(command)
    .addOption(new Option("--format <format>", "form of the plan").choices(Object.keys(FORMATS)).default("text"))
    .option("--output <file>", "write the plan to a file")
    .option("--pictures <folder>", "write pictures of the region before and after, as SVG and HTML")
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY. Nothing is changed." +
        "\nExit code: 0 = nothing stands in the way, 2 = something does, 1 = it failed." +
        "\n\nExamples:\n  $ cdktf-maas ipv6 plan --prefix 2001:db8::/48\n  $ cdktf-maas ipv6 plan --prefix 2001:db8::/48 --vlan lab:10 --format markdown",
    )
    .action(plan);
}
