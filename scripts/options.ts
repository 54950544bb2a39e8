import { wholeNumberOf } from "../lib/model/text";

/** An option that a script can't take: its message is for the user, without a stack. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/**
 * The whole number that an option has.
 *
 * @param option as it is written, such as `--jobs`
 * @param text absent: not given
 * @throws OptionError where it is none, or less than the least one
 */
export function wholeNumber<T extends number | undefined>(
  option: string,
  text: string | undefined,
  byDefault: T,
  least = 1,
): number | T {
  if (text === undefined) return byDefault;
  const number = wholeNumberOf(text, least);
  if (number !== undefined) return number;
  throw new OptionError(
    `${option} ${text} is not a whole number of at least ${least}, such as ${option} ${least + 1}.`,
  );
}

/** One of the names that an option takes. @throws OptionError where it is none */
export function oneOf<T extends string>(option: string, name: string, names: readonly T[]): T {
  const found = names.find((one) => one === name);
  if (found === undefined) throw new OptionError(`${option} ${name} is none of ${names.join(", ")}.`);
  return found;
}

/** Whether the user can mend it: an option that is unknown, lacks its value, or has a wrong one. */
const isOfOptions = (error: Error): boolean =>
  error instanceof OptionError || ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_"));

/**
 * Runs a script. Where it fails it ends at once with exit code 1, whatever it has started, with the message alone where an
 * option is wrong.
 */
export function runScript(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const words = !(error instanceof Error) ? String(error) : isOfOptions(error) ? error.message : error.stack;
    process.stderr.write(`${words ?? ""}\n`, () => process.exit(1));
  });
}
