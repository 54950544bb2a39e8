import { Command } from "commander";
import { carryOut } from "./carry-out";
import { readInputOrPlan } from "./engine-input";
import {
  DEFAULT_DOCUMENT,
  ENVIRONMENT_HELP,
  type RunOptions,
  withMaxDeletions,
  withRunOptions,
} from "./engine-options";

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
    .action((document: string, options: ApplyOptions) =>
      carryOut(readInputOrPlan(document, { ...options, isRun: true }), options),
    );
}
