import type { Argument, Command, Option } from "commander";

/** What a shell offers for a value: some words, names of files, or nothing. */
export type Values = { readonly words: readonly string[] } | "files" | "nothing";

/** An option as a shell completes it. */
export interface OptionWords {
  /** As it is written: `--format`; all of its forms. */
  readonly flags: readonly string[];
  readonly about: string;
  /** What its value may be; absent = it takes none. */
  readonly values?: Values;
}

/** A command as a shell completes it. */
export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its argument may be; absent = it takes none. */
  readonly argument?: Values;
}

/** A program as a shell completes it. */
export interface ProgramWords {
  readonly name: string;
  /** Options that may stand before a command. */
  readonly options: readonly OptionWords[];
  readonly commands: readonly CommandWords[];
}

/** Arguments and options of these names are files. */
const FILES: readonly string[] = ["file", "document"];

function valuesOf(choices: readonly string[] | undefined, name: string): Values {
  if (choices !== undefined) return { words: choices };
  return FILES.includes(name) ? "files" : "nothing";
}

function optionWords({ flags, short, long, description, argChoices }: Option): OptionWords {
  const [, placeholder] = /[<[]([\w-]+)/.exec(flags) ?? [];
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    about: description,
    ...(placeholder !== undefined && { values: valuesOf(argChoices, placeholder) }),
  };
}

const optionsOf = (command: Command): OptionWords[] => command.createHelp().visibleOptions(command).map(optionWords);

function commandWords(command: Command, shared: readonly OptionWords[], names: readonly string[]): CommandWords {
  const [argument]: readonly Argument[] = command.registeredArguments;
  const choices = argument?.name() === "command" ? names : argument?.argChoices;
  return {
    name: command.name(),
    about: command.description(),
    options: [...optionsOf(command), ...shared],
    ...(argument !== undefined && { argument: valuesOf(choices, argument.name()) }),
  };
}

/** What a shell completes of a program: all of its commands, options and choices. */
export function programWords(program: Command): ProgramWords {
  const shared = program.options.filter(({ long }) => long !== "--version").map(optionWords);
  const commands = program.createHelp().visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: commands.map((command) => commandWords(command, shared, names)),
  };
}
