import { printable } from "../../lib/model/printable";

/** What is left of the characters that XML 1.0 can't hold, escaped or not. */
const NOT_XML = /[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text within XML or HTML, also within double quotes. Control characters are shown as elsewhere, as `\u001b`. */
export const xml = (text: string): string =>
  printable(text)
    .replace(NOT_XML, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
