import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import pc from "picocolors";
import type { Colors } from "picocolors/types";
import { readDocument } from "../../lib/model/document/read";
import { planJson } from "../reconcile/engine/plan";
import { prepare } from "../reconcile/engine/prepare";
import { withInputRegion } from "./carry-out";
import { readInput } from "./engine-input";
import { DEFAULT_DOCUMENT, ENVIRONMENT_HELP, type PlanOptions, withPlanOptions } from "./engine-options";
import { judgeDocument } from "./judge-document";
import { planMarkdown } from "./output/plan-markdown";
import { type ShownPlan, planText } from "./output/plan-text";
import { RefusedError } from "./run-error";

/** Exit code when there is something to do; 1 is for a command that failed. */
const CHANGES = 2;

const FORMATS: Readonly<Record<string, (shown: ShownPlan, colours: Colors) => string>> = {
  text: planText,
  json: ({ plan, refusals }) => planJson(plan, refusals),
  markdown: planMarkdown,
};

interface PlanCommandOptions extends PlanOptions {
  readonly format: string;
  readonly output?: string;
  readonly guard?: true;
}

async function plan(document: string, options: PlanCommandOptions): Promise<void> {
  const { format, output, guard, maxDeletions } = options;
  const input = readInput(document, "apply", options);
  const { plan: made, refusals } = await withInputRegion(input, options, (region, url) =>
    prepare(region, input.request, { url, maxDeletions }),
  );
  // With --guard they are the error that comes after.
  const isToldLater = guard === true && format === "text";
  const colours = output === undefined ? pc : pc.createColors(false);
  const { report } = judgeDocument(readDocument(made.request.document));
  const text = FORMATS[format]?.({ plan: made, refusals: isToldLater ? [] : refusals, report }, colours) ?? "";
  if (output === undefined) process.stdout.write(text);
  else writeFileSync(output, text);
  if (guard === true && refusals.length > 0) throw new RefusedError(refusals);
  if (made.steps.length > 0) process.exitCode = CHANGES;
}

/** `cdktf-maas plan`: what `apply` would do. Changes nothing. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("Show what apply would change, without changing anything")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  return withPlanOptions(command)
    .addOption(new Option("--format <format>", "form of the plan").choices(Object.keys(FORMATS)).default("text"))
    .option("--output <file>", "write the plan to a file; of the format json, apply can run it")
    .option("--guard", "fail, too, when apply would refuse the plan")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = nothing to do, 2 = there are changes, 1 = it failed.` +
        "\n\nExamples:\n  $ cdktf-maas plan cdktf.out/stacks/lab-network/maas-network.json\n  $ cdktf-maas plan --format json --output plan.json && cdktf-maas apply plan.json",
    )
    .action(plan);
}
