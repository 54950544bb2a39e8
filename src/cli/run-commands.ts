import { Command } from "commander";
import {
  DEFAULT_DOCUMENT,
  ENVIRONMENT_HELP,
  readInput,
  readInputOrPlan,
  type RunOptions,
  withMaxDeletions,
  withRunOptions,
} from "./engine-input";
import { executePlan } from "./execute-plan";

interface ApplyOptions extends RunOptions {
  readonly existingOnly?: true;
}

/** `cdktf-maas apply`: makes a region what a document wants it to be. */
export function applyCommand(): Command {
  const command = new Command("apply")
    .description("Make a region what a document wants it to be")
    .argument("[document]", "desired-state document of a stack, or a saved plan", DEFAULT_DOCUMENT);
  return withMaxDeletions(withRunOptions(command))
    .option("--existing-only", "change and delete what is there, and create only what that needs")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = all done, 1 = it failed, was refused, or was interrupted.` +
        "\n\nExamples:\n  $ cdktf-maas apply cdktf.out/stacks/lab-network/maas-network.json\n  $ cdktf-maas apply plan.json --yes\n  $ cdktf-maas apply --force existing --force deletions",
    )
    .action(async (document: string, options: ApplyOptions) =>
      executePlan(await readInputOrPlan(document, options), options),
    );
}

/** `cdktf-maas destroy`: takes what the runs have made out of a region again. */
export function destroyCommand(): Command {
  const command = new Command("destroy")
    .description("Delete what the record names, else what the document makes, and restore what was adopted")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  return withRunOptions(command)
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = all done, 1 = it failed, was refused, or was interrupted.` +
        "\n\nExample:\n  $ cdktf-maas destroy cdktf.out/stacks/lab-network/maas-network.json",
    )
    .action(async (document: string, options: RunOptions) =>
      executePlan(await readInput(document, "destroy", options), options),
    );
}
