import { Argument, Command } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** `cdktf-maas completion`: the program's commands and options, for a shell to complete. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("Write a script that lets a shell complete commands, options and files")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText(
      "after",
      "\nExamples:\n  $ source <(cdktf-maas completion bash)\n  $ cdktf-maas completion fish > ~/.config/fish/completions/cdktf-maas.fish",
    )
    .action(async (shell: Shell, _: object, { parent }: Command) => {
      if (parent !== null) (await import("./completion.js")).writeCompletion(shell, parent);
    });
}
