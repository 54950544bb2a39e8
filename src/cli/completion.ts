import type { Argument, Command, Option } from "commander";
import { shellWord } from "../../lib/model/escape";
import type { Shell } from "./completion-command";
import { stdout } from "./output/terminal";

/** What a shell offers for a value: some words, names of files, or nothing. */
type Values = { readonly words: readonly string[] } | "files" | "nothing";

/** An option as a shell completes it. */
interface OptionWords {
  /** As it is written: `--format`; all of its forms. */
  readonly flags: readonly string[];
  readonly about: string;
  /** What its value may be; absent = it takes none. */
  readonly values?: Values;
}

/** A command as a shell completes it. */
interface CommandWords {
  /** The words that it is called by: `plan`, `ipv6 plan`. */
  readonly name: string;
  /** The last of them. */
  readonly word: string;
  /** The command that it is in; absent = it is in none. */
  readonly within?: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its argument may be; absent = it takes none. */
  readonly argument?: Values;
}

/** A program as a shell completes it. */
interface ProgramWords {
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

function commandWords(
  command: Command,
  shared: readonly OptionWords[],
  names: readonly string[],
  within?: string,
): CommandWords[] {
  const [argument]: readonly Argument[] = command.registeredArguments;
  const choices = argument?.name() === "command" ? names : argument?.argChoices;
  const word = command.name();
  const name = within === undefined ? word : `${within} ${word}`;
  const inner = command.commands.filter((one) => one.name() !== "help");
  const offered = inner.length > 0 ? { words: inner.map((one) => one.name()) } : undefined;
  const values = offered ?? (argument === undefined ? undefined : valuesOf(choices, argument.name()));
  const own: CommandWords = {
    ...{ name, word, about: command.description(), options: [...optionsOf(command), ...shared] },
    ...(within !== undefined && { within }),
    ...(values !== undefined && { argument: values }),
  };
  return [own, ...inner.flatMap((one) => commandWords(one, shared, names, name))];
}

/** What a shell completes of a program: all of its commands, options and choices. */
function programWords(program: Command): ProgramWords {
  const shared = program.options.filter(({ long }) => long !== "--version").map(optionWords);
  const commands = program.createHelp().visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: commands.flatMap((command) => commandWords(command, shared, names)),
  };
}

const isFirst = ({ within }: CommandWords): boolean => within === undefined;

/** The statement that offers these values. */
function offer(values: Values): string {
  if (values === "files") return "offer_files";
  return values === "nothing" ? ":" : `offer_words ${shellWord(values.words.join(" "))}`;
}

function valueCases(command: string, options: readonly OptionWords[]): string[] {
  return options.flatMap(({ flags, values }) =>
    values === undefined
      ? []
      : [`    ${flags.map((flag) => shellWord(`${command} ${flag}`)).join("|")}) ${offer(values)}; return ;;`],
  );
}

function commandCase({ name, options, argument = "nothing" }: CommandWords): string {
  const flags = offer({ words: options.flatMap((option) => option.flags) });
  return `    ${shellWord(name)}) if [[ $current == -* ]]; then ${flags}; else ${offer(argument)}; fi ;;`;
}

/** The completion of a program in bash, from version 3.2. */
function bashCompletion({ name, options, commands }: ProgramWords): string {
  const own = `_${name.replace(/-/g, "_")}`;
  const first = commands.filter(isFirst).map((command) => command.name);
  const known = commands.map((command) => shellWord(command.name)).join("|");
  const lines = [
    `# Completion of ${name} in bash: source <(${name} completion bash)`,
    "offer_words() {",
    "  local IFS=$' \\t\\n'",
    '  COMPREPLY=($(compgen -W "$1" -- "$current"))',
    "}",
    "offer_files() {",
    "  local IFS=$'\\n'",
    "  compopt -o filenames 2>/dev/null",
    '  COMPREPLY=($(compgen -f -- "$current"))',
    "}",
    "complete_program() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" word',
    "  # Bash takes --option=value apart at the sign.",
    '  if [[ $current == "=" ]]; then current=""',
    '  elif [[ $previous == "=" ]]; then previous="${COMP_WORDS[COMP_CWORD-2]}"; fi',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    word="${command:+$command }$word"',
    `    case "$word" in ${known}) command="$word" ;; esac`,
    "  done",
    "  COMPREPLY=()",
    '  case "$command $previous" in',
    ...valueCases("", options),
    ...commands.flatMap((command) => valueCases(command.name, command.options)),
    "  esac",
    '  case "$command" in',
    `    "") ${offer({ words: [...first, ...options.flatMap(({ flags }) => flags)] })} ;;`,
    ...commands.map(commandCase),
    "  esac",
    "}",
    `complete -F complete_program ${name}`,
    "",
  ];
  // All programs' functions live side by side in one shell.
  return lines.join("\n").replace(/\b(offer_words|offer_files|complete_program)\b/g, `${own}_$1`);
}

/** A text within a specification of `_arguments`, where these characters mean something. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function action(values: Values): string {
  if (values === "files") return "_files";
  return values === "nothing" ? " " : `(${values.words.join(" ")})`;
}

function optionSpecs({ flags, about, values }: OptionWords): string[] {
  const value = values === undefined ? "" : `:value:${action(values)}`;
  return flags.map((flag) => shellWord(`*${flag}[${escaped(about)}]${value}`));
}

const zshArguments = ({ options, argument }: CommandWords): string =>
  [
    "_arguments",
    ...options.flatMap(optionSpecs),
    ...(argument === undefined ? [] : [shellWord(`1:argument:${action(argument)}`)]),
  ].join(" ");

/** What follows a command; where it holds others, what follows each of those. */
function zshCommandCase(command: CommandWords, commands: readonly CommandWords[]): string[] {
  const inner = commands.filter(({ within }) => within === command.name);
  if (inner.length === 0) return [`        ${command.word}) ${zshArguments(command)} ;;`];
  return [
    `        ${command.word})`,
    "          if (( CURRENT > 2 )); then",
    "            shift words",
    "            (( CURRENT-- ))",
    "            case $words[1] in",
    ...inner.map((one) => `              ${one.word}) ${zshArguments(one)} ;;`),
    "            esac",
    `          else ${zshArguments(command)}`,
    "          fi ;;",
  ];
}

/** The completion of a program in zsh. */
function zshCompletion({ name, options, commands }: ProgramWords): string {
  return [
    `#compdef ${name}`,
    `# Completion of ${name} in zsh: ${name} completion zsh > "\${fpath[1]}/_${name}"`,
    `_${name}() {`,
    "  local -a commands line",
    "  local state",
    `  commands=(${commands
      .filter(isFirst)
      .map((command) => shellWord(`${command.name}:${escaped(command.about)}`))
      .join(" ")})`,
    `  _arguments -C ${options.flatMap(optionSpecs).join(" ")} '1:command:->command' '*::argument:->argument'`,
    "  case $state in",
    "    command) _describe command commands ;;",
    "    argument)",
    "      case $line[1] in",
    ...commands.filter(isFirst).flatMap((command) => zshCommandCase(command, commands)),
    "      esac ;;",
    "  esac",
    "}",
    // Autoloaded, the file is the function; sourced, it is made known.
    `if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
    "",
  ].join("\n");
}

const quotedForFish = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** What follows an option, or a command. */
function offered(values: Values): string {
  if (values === "files") return "-F";
  return values === "nothing" ? "" : `-a ${quotedForFish(values.words.join(" "))}`;
}

function optionLine(start: string, { flags, about, values }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? [] : [values === "files" ? "-r" : "-x", offered(values)];
  return [start, ...names, ...value, `-d ${quotedForFish(about)}`].filter((word) => word !== "").join(" ");
}

/** Whether the line is at the command, in fish's words. */
function fishCondition({ word, within }: CommandWords, commands: readonly CommandWords[]): string {
  const seen = (name: string): string => `__fish_seen_subcommand_from ${name}`;
  if (within !== undefined) return `${seen(within)}; and ${seen(word)}`;
  const others = commands.filter((one) => one.word === word && one.within !== undefined);
  return [seen(word), ...others.map((one) => `and not ${seen(one.within ?? "")}`)].join("; ");
}

/** The completion of a program in fish. */
function fishCompletion({ name, options, commands }: ProgramWords): string {
  const start = `complete -c ${name}`;
  const first = `${start} -n __fish_use_subcommand`;
  return [
    `# Completion of ${name} in fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
    `${start} -f`,
    ...commands.filter(isFirst).map((command) => `${first} -a ${command.word} -d ${quotedForFish(command.about)}`),
    ...options.map((option) => optionLine(first, option)),
    ...commands.flatMap((command) => {
      const within = `${start} -n '${fishCondition(command, commands)}'`;
      const argument = command.argument === undefined ? "" : offered(command.argument);
      return [
        ...command.options.map((option) => optionLine(within, option)),
        ...(argument === "" ? [] : [`${within} ${argument}`]),
      ];
    }),
    "",
  ].join("\n");
}

const SCRIPTS: Readonly<Record<Shell, (program: ProgramWords) => string>> = {
  ...{ bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion },
};

/** Does what `cdktf-maas completion` is for. */
export function writeCompletion(shell: Shell, program: Command): void {
  stdout.write(SCRIPTS[shell](programWords(program)));
}
