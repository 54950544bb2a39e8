import { Command, Option } from "commander";
import { type RolloutOptions, withRolloutOptions } from "./rollout-options";

const FORMATS = ["text", "json", "markdown"] as const;

export type RolloutFormat = (typeof FORMATS)[number];

export interface RolloutPlanOptions extends RolloutOptions {
  readonly format: RolloutFormat;
  readonly output?: string;
  readonly pictures?: string;
}

/** `cdktf-maas ipv6 plan`: what a region has for IPv6, what it would get, and what stands in the way. Changes nothing. */
export function ipv6PlanCommand(): Command {
  const command = new Command("plan").description(
    "Show which IPv6 networks a region would get, and what stands in the way",
  );
  return withRolloutOptions(command)
    .addOption(new Option("--format <format>", "form of the plan").choices(FORMATS).default("text"))
    .option("--output <file>", "write the plan to a file")
    .option("--pictures <folder>", "write pictures of the region before and after, as SVG and HTML")
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY. Nothing is changed." +
        "\nExit code: 0 = nothing stands in the way, 2 = something does, 1 = it failed." +
        "\n\nExamples:\n  $ cdktf-maas ipv6 plan --prefix 2001:db8::/48\n  $ cdktf-maas ipv6 plan --prefix 2001:db8::/48 --vlan lab:10 --format markdown",
    )
    .action(async (document: string | undefined, options: RolloutPlanOptions) =>
      (await import("./plan.js")).planIpv6(document, options),
    );
}
