import { Argument, Command } from "commander";
import { bashCompletion } from "./completion/bash";
import { fishCompletion } from "./completion/fish";
import { stdout } from "./output/terminal";
import { type ProgramWords, programWords } from "./completion/program-words";
import { zshCompletion } from "./completion/zsh";

const SHELLS: Readonly<Record<string, (program: ProgramWords) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `cdktf-maas completion`: the program's commands and options, for a shell to complete. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("Write a script that lets a shell complete commands, options and files")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SHELLS)))
    .addHelpText(
      "after",
      "\nExamples:\n  $ source <(cdktf-maas completion bash)\n  $ cdktf-maas completion fish > ~/.config/fish/completions/cdktf-maas.fish",
    )
    .action((shell: string, _: object, { parent }: Command) => {
      if (parent !== null) stdout.write(SHELLS[shell]?.(programWords(parent)) ?? "");
    });
}
