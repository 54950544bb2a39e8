import { printable } from "../../lib/model/text";
import type { Bar } from "./range-bar";

/** What is left of the characters that XML 1.0 can't hold, escaped or not. */
const NOT_XML = /[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text within XML or HTML, also within double quotes. Control characters are shown as elsewhere, as `\u001b`. */
export const xml = (text: string): string =>
  printable(text)
    .replace(NOT_XML, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");

/** A length in pixels, short. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** The bar of a subnet and its ranges, as shapes of an SVG image. */
export function barShapes(bars: readonly Bar[], x: number, y: number, width: number): string {
  const shapes = bars.map(({ from, to, type, label, share }) =>
    from === undefined || to === undefined
      ? ""
      : `<rect x="${px(x + from * width)}" y="${px(y)}" width="${px((to - from) * width)}" height="8" class="range ${type ?? ""}"><title>${xml(`${label}: ${share}`)}</title></rect>`,
  );
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="8" class="track"/>${shapes.join("")}`;
}
