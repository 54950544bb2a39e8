const LONGEST = 500;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#x27": "'",
  nbsp: " ",
  amp: "&",
};

/** Control characters but the line break and the tab, line separators, and what turns the direction of writing. */
const CONTROL = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A text of several lines as it can be shown anywhere: what would steer a terminal is written as `\u001b`. */
export const printable = (text: string): string =>
  text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A body in one line fit for a message: HTML reduced to its text, blanks collapsed, cut at 500 characters. */
export function plainText(body: string, isHtml: boolean): string {
  const text = (isHtml ? htmlText(body) : body).replace(/\s+/g, " ").trim();
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function htmlText(html: string): string {
  return html
    .replace(/<!--.*?-->|<(script|style|title)\b.*?<\/\1\s*>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
