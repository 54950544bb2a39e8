import type { OptionWords, ProgramWords, Values } from "./program-words";

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** What follows an option, or a command. */
function offered(values: Values): string {
  if (values === "files") return "-F";
  return values === "nothing" ? "" : `-a ${quoted(values.words.join(" "))}`;
}

function optionLine(start: string, { flags, about, values }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? [] : [values === "files" ? "-r" : "-x", offered(values)];
  return [start, ...names, ...value, `-d ${quoted(about)}`].filter((word) => word !== "").join(" ");
}

/** The completion of a program in fish. */
export function fishCompletion({ name, options, commands }: ProgramWords): string {
  const start = `complete -c ${name}`;
  const first = `${start} -n __fish_use_subcommand`;
  return [
    `# Completion of ${name} in fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
    `${start} -f`,
    ...commands.map((command) => `${first} -a ${command.name} -d ${quoted(command.about)}`),
    ...options.map((option) => optionLine(first, option)),
    ...commands.flatMap((command) => {
      const within = `${start} -n '__fish_seen_subcommand_from ${command.name}'`;
      const argument = command.argument === undefined ? "" : offered(command.argument);
      return [
        ...command.options.map((option) => optionLine(within, option)),
        ...(argument === "" ? [] : [`${within} ${argument}`]),
      ];
    }),
    "",
  ].join("\n");
}
