import { type Finding, sentenceOf } from "../../lib/rules/report";
import { type Card, type CardLine, PADDING } from "./card";
import type { PlacedCard, PlacedFabric, PlacedLink, Scene } from "./layout";
import type { Bar } from "./range-bar";
import { STYLE } from "./style";
import { xml } from "./xml";

/** Room around the picture, and for its title and legend above it. */
const MARGIN = 20;
const HEAD = 100;

const LEGEND =
  "range bars: IPv4 to scale; IPv6 on a log scale, each stretch as wide as log2 of its addresses; at least 2% wide";

const classOf = ({ level, suppressed }: Finding): string => (suppressed === undefined ? level : "suppressed");

const text = (x: number, y: number, classes: string, content: string, hint = ""): string =>
  `<text x="${x}" y="${y}" class="${classes}" xml:space="preserve">${xml(content)}${hint === "" ? "" : `<title>${xml(hint)}</title>`}</text>`;

const number = (value: number): string => String(Math.round(value * 10) / 10);

function barSvg(width: number, y: number, bars: readonly Bar[]): string {
  const inner = width - 2 * PADDING;
  const parts = bars.map(({ from, to, type, label, share }) => {
    if (from === undefined || to === undefined) return "";
    const place = `x="${number(PADDING + from * inner)}" width="${number((to - from) * inner)}"`;
    return `<rect ${place} y="${y + 4}" height="10" class="bar ${type ?? "unknown"}"><title>${xml(`${label}: ${share}`)}</title></rect>`;
  });
  return `<rect x="${PADDING}" y="${y + 4}" width="${inner}" height="10" class="track"/>${parts.join("")}`;
}

function lineSvg({ width }: Card, line: CardLine): string {
  const { y } = line;
  switch (line.kind) {
    case "title":
      return text(PADDING, y + 14, "title", line.text);
    case "subnet":
      return text(PADDING, y + 13, `subnet ${line.text.includes(":") ? "v6" : "v4"}`, line.text);
    case "text":
      return text(PADDING, y + 12, "quiet", line.text);
    case "finding":
      return text(PADDING, y + 12, classOf(line.finding), `● ${line.text}`, sentenceOf(line.finding));
    case "bar":
      return barSvg(width, y, line.bars);
    case "range": {
      const swatch = `<rect x="${PADDING}" y="${y + 3}" width="10" height="10" class="bar ${line.bar.type ?? "unknown"}"/>`;
      return swatch + text(PADDING + 16, y + 12, "", line.text);
    }
    case "rule":
      return `<line x1="${PADDING}" x2="${width - PADDING}" y1="${y + 5}" y2="${y + 5}" class="rule"/>`;
  }
}

function cardSvg({ x, y, card }: PlacedCard): string {
  const box = `<rect width="${card.width}" height="${card.height}" rx="6" class="${card.role}"/>`;
  const lines = card.lines.map((line) => lineSvg(card, line)).join("");
  return `<g class="card" transform="translate(${number(x)} ${number(y)})">${box}${lines}</g>`;
}

function fabricSvg({ x, y, width, height, fabric: { label, findings } }: PlacedFabric): string {
  const box = `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="10" class="fabric"/>`;
  const signs = findings.map((finding, index) =>
    text(
      x + 24 + label.length * 8.5 + index * 190,
      y + 27,
      classOf(finding),
      `● ${finding.id} ${finding.level}`,
      sentenceOf(finding),
    ),
  );
  return `${box}${text(x + 16, y + 27, "title", label)}${signs.join("")}`;
}

function linkSvg({ points, link }: PlacedLink): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${number(x)} ${number(y)}`).join("");
  return `<path d="${path}" class="link" marker-end="url(#tip)"><title>${xml(link.label)}</title></path>`;
}

/** The words of a line, before its end: over all lines, so that none runs through them. */
function linkLabelSvg({ points, link }: PlacedLink): string {
  const [from, to] = [points.at(0), points.at(1)];
  if (from === undefined || to === undefined) return "";
  return `<text x="${number(from.x + 6)}" y="${number(from.y - 6)}" class="quiet halo">${xml(link.label)}</text>`;
}

/** Types of range, for the legend. */
const TYPES = ["dynamic", "reserved", "static"];

/** The picture as SVG. Self-contained; light or dark as the viewer's system is. */
export function svg({ width, height, picture, cards, fabrics, links }: Scene): string {
  const [w, h] = [Math.max(width, 980) + 2 * MARGIN, height + HEAD + MARGIN];
  const legend = TYPES.map((type, index) => {
    const x = MARGIN + index * 110;
    return `<rect x="${x}" y="59" width="10" height="10" class="bar ${type}"/>${text(x + 16, 68, "quiet", type)}`;
  });
  const above = [text(MARGIN, 30, "head", picture.title), text(MARGIN, 50, "quiet", picture.summary), ...legend];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(w)} ${number(h)}" width="${number(w)}" height="${number(h)}" role="img">`,
    `<title>${xml(picture.title)}</title><desc>${xml(picture.summary)}</desc><style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>',
    `<rect width="100%" height="100%" class="page"/>`,
    ...above,
    text(MARGIN, 86, "quiet", LEGEND),
    `<g transform="translate(${MARGIN} ${HEAD})">`,
    ...fabrics.map(fabricSvg),
    ...links.map(linkSvg),
    ...cards.map(cardSvg),
    ...links.map(linkLabelSvg),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
