import type { Colors } from "picocolors/types";
import { printable } from "../../../lib/model/printable";

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
