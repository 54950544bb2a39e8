import { Command } from "commander";
import { carryOut } from "./carry-out";
import { readInput } from "./engine-input";
import { DEFAULT_DOCUMENT, ENVIRONMENT_HELP, type RunOptions, withRunOptions } from "./engine-options";

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
    .action((document: string, options: RunOptions) =>
      carryOut(readInput(document, "destroy", { ...options, isRun: true }), options),
    );
}
