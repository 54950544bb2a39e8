/** Control characters, line separators, and what turns the direction of writing. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const LAYOUT = new Set(["\n", "\t"]);

/** `\u001b`, as JSON and TypeScript write it too. */
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * A text of several lines as it can be shown anywhere: what would steer a terminal is written as `\u001b`. The value of a
 * JSON text stays the same.
 */
export const printable = (text: string): string =>
  text.replace(CONTROL, (character) => (LAYOUT.has(character) ? character : escaped(character)));

/** A name or a sentence as it can be shown anywhere, on one line. */
export const shown = (text: string): string => text.replace(CONTROL, escaped);
