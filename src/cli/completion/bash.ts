import type { CommandWords, OptionWords, ProgramWords, Values } from "./program-words";

const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

/** The statement that offers these values. */
function offer(values: Values): string {
  if (values === "files") return "offer_files";
  return values === "nothing" ? ":" : `offer_words ${quoted(values.words.join(" "))}`;
}

function valueCases(command: string, options: readonly OptionWords[]): string[] {
  return options.flatMap(({ flags, values }) =>
    values === undefined
      ? []
      : [`    ${flags.map((flag) => quoted(`${command} ${flag}`)).join("|")}) ${offer(values)}; return ;;`],
  );
}

function commandCase({ name, options, argument = "nothing" }: CommandWords): string {
  const flags = offer({ words: options.flatMap((option) => option.flags) });
  return `    ${name}) if [[ $current == -* ]]; then ${flags}; else ${offer(argument)}; fi ;;`;
}

/** The completion of a program in bash, from version 3.2. */
export function bashCompletion({ name, options, commands }: ProgramWords): string {
  const own = `_${name.replace(/-/g, "_")}`;
  const names = commands.map((command) => command.name);
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
    `    case "$word" in ${names.join("|")}) command="$word"; break ;; esac`,
    "  done",
    "  COMPREPLY=()",
    '  case "$command $previous" in',
    ...valueCases("", options),
    ...commands.flatMap((command) => valueCases(command.name, command.options)),
    "  esac",
    '  case "$command" in',
    `    "") ${offer({ words: [...names, ...options.flatMap(({ flags }) => flags)] })} ;;`,
    ...commands.map(commandCase),
    "  esac",
    "}",
    `complete -F complete_program ${name}`,
    "",
  ];
  // All programs' functions live side by side in one shell.
  return lines.join("\n").replace(/\b(offer_words|offer_files|complete_program)\b/g, `${own}_$1`);
}
