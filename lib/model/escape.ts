import { printable, shown } from "./text";

// One function per language that a text of somebody else's is put into. HCL's is in `src/migrate/hcl/text.ts`, Markdown's in `lib/rules/report-markdown.ts`.

/** A text as a literal in double quotes, which JSON, TypeScript and YAML read alike: nothing in it ends a line or steers a terminal. */
export const jsonText = (text: string): string => shown(JSON.stringify(text));

/** A word of a command line, as POSIX shells and zsh read it. */
export const shellWord = (text: string): string =>
  /^[\w@%+:,./][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What is left of the characters that XML 1.0 can't hold, escaped or not. */
const NOT_XML = /[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text within XML or HTML, also within double quotes. Control characters are shown as elsewhere, as `\u001b`. */
export const xml = (text: string): string =>
  printable(text)
    .replace(NOT_XML, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
