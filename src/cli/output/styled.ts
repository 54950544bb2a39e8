import { createColors } from "picocolors";
import type { Colors } from "picocolors/types";
import { printable } from "../../../lib/model/text";

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

/** How a part of a text is set where there are colours. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan";

/** Text for people, parts of which have a style. Whether it is written with colours is up to the stream that it goes to. */
export type Styled = string | { readonly style: Style; readonly text: string } | readonly Styled[];

/** The same as plain text. */
export const styled = (style: Style, text: string): Styled => ({ style, text });

/** The parts with a separator between them. */
export const joined = (parts: readonly Styled[], separator: string): Styled =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));

/** The text with escape sequences of the colours, and none that comes from anywhere else. `clean` is applied to each part. */
export function render(text: Styled, colours: Colors, clean: (part: string) => string = printable): string {
  if (typeof text === "string") return clean(text);
  if ("style" in text) return colours[text.style](clean(text.text));
  return text.map((part) => render(part, colours, clean)).join("");
}
