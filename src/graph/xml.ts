/** Characters that XML 1.0 can't hold, escaped or not. */
const NOT_XML = /[^\P{Cc}\n\t\r]|[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text within XML or HTML, also within double quotes. */
export const xml = (text: string): string =>
  text.replace(NOT_XML, "\ufffd").replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
