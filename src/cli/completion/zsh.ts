import type { CommandWords, OptionWords, ProgramWords, Values } from "./program-words";

const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

/** A text within a specification of `_arguments`, where these characters mean something. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function action(values: Values): string {
  if (values === "files") return "_files";
  return values === "nothing" ? " " : `(${values.words.join(" ")})`;
}

function optionSpecs({ flags, about, values }: OptionWords): string[] {
  const value = values === undefined ? "" : `:value:${action(values)}`;
  return flags.map((flag) => quoted(`*${flag}[${escaped(about)}]${value}`));
}

function commandCase({ name, options, argument }: CommandWords): string[] {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...(argument === undefined ? [] : [quoted(`1:argument:${action(argument)}`)]),
  ];
  return [`        ${name}) _arguments ${specs.join(" ")} ;;`];
}

/** The completion of a program in zsh. */
export function zshCompletion({ name, options, commands }: ProgramWords): string {
  return [
    `#compdef ${name}`,
    `# Completion of ${name} in zsh: ${name} completion zsh > "\${fpath[1]}/_${name}"`,
    `_${name}() {`,
    "  local -a commands line",
    "  local state",
    `  commands=(${commands.map((command) => quoted(`${command.name}:${escaped(command.about)}`)).join(" ")})`,
    `  _arguments -C ${options.flatMap(optionSpecs).join(" ")} '1:command:->command' '*::argument:->argument'`,
    "  case $state in",
    "    command) _describe command commands ;;",
    "    argument)",
    "      case $line[1] in",
    ...commands.flatMap(commandCase),
    "      esac ;;",
    "  esac",
    "}",
    // Autoloaded, the file is the function; sourced, it is made known.
    `if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
    "",
  ].join("\n");
}
