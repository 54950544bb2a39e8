import { createColors } from "picocolors";
import type { Colors } from "picocolors/types";

/** No colours, for files. */
export const PLAIN: Colors = createColors(false);

/** What decides on colours besides the stream. */
export interface ColourSettings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The colours for what is written to the stream: none with `--no-color` or NO_COLOR, always with FORCE_COLOR (but 0 or
 * false), else only on a terminal. Not where CI is set, unlike picocolors by itself: a pipeline's output is mostly a file.
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean | undefined },
  { argv, env }: ColourSettings = process,
): Colors {
  const { NO_COLOR: none = "", FORCE_COLOR: forced = "", TERM: terminal } = env;
  if (argv.includes("--no-color") || none !== "") return PLAIN;
  if (forced !== "") return createColors(forced !== "0" && forced !== "false");
  return createColors(stream.isTTY === true && terminal !== "dumb");
}
