import { Command, Option } from "commander";
import {
  DEFAULT_DOCUMENT,
  ENVIRONMENT_HELP,
  type PlanOptions,
  type RunOptions,
  withMaxDeletions,
  withPlanOptions,
  withRunOptions,
} from "./engine-options";

const FORMATS = ["text", "json", "markdown"] as const;

export type PlanFormat = (typeof FORMATS)[number];

/** What the engine's own program leaves out, which travels in a stack's folder. */
export interface PlanExtras {
  /** Serves the region of a file, for `--against`. */
  readonly start: StartRecorded;
  /** Draws a saved plan as a block of Markdown, for `--picture`. */
  readonly draw: (savedPlan: string) => Promise<string>;
}

export interface PlanCommandOptions extends PlanOptions {
  readonly format: PlanFormat;
  readonly output?: string;
  readonly guard?: true;
  readonly destroy?: true;
  readonly against?: string;
  readonly picture?: true;
}

/** Serves the region that a file describes. */
export type StartRecorded = (
  file: string,
) => Promise<{ readonly url: string; readonly apiKey: string; stop(): Promise<void> }>;

/**
 * `cdktf-maas plan`: what `apply` would do. Changes nothing.
 *
 * @param extras what there are options for; without one of them there is no such option
 */
export function planCommand(extras: Partial<PlanExtras> = {}): Command {
  const command = new Command("plan")
    .description("Show what apply would change, without changing anything")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  if (extras.start !== undefined)
    command.option("--against <file>", "plan on the region that a file describes: a document of cdktf-maas export");
  if (extras.draw !== undefined)
    command.option("--picture", "with --format markdown: draw what changes, as far as a comment has room");
  return withMaxDeletions(withPlanOptions(command))
    .addOption(new Option("--format <format>", "form of the plan").choices(FORMATS).default("text"))
    .option("--output <file>", "write the plan to a file; of the format json, apply can run it")
    .option("--destroy", "plan what destroy would do")
    .option("--guard", "exit with 0 when apply would go ahead, and with 1 when it would be refused")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = nothing to do, 2 = there are changes, 1 = it failed.` +
        "\nWith --guard: 0 = apply would go ahead, 1 = it would be refused, or the planning failed." +
        "\n\nExamples:\n  $ cdktf-maas plan cdktf.out/stacks/lab-network/maas-network.json\n  $ cdktf-maas plan --format json --output plan.json && cdktf-maas apply plan.json",
    )
    .action(async (document: string, options: PlanCommandOptions, command: Command) =>
      (await import("./plan.js")).plan(extras, document, options, command),
    );
}

/** What may be said of an apply. */
export interface ApplyOptions extends RunOptions {
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
      (await import("./execute-plan.js")).apply(document, options),
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
      (await import("./execute-plan.js")).destroy(document, options),
    );
}
