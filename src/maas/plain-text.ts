import { printable } from "../../lib/model/printable";

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
