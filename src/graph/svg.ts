import { shown } from "../../lib/model/text";
import { type Finding, sentenceOf } from "../../lib/rules/report";
import {
  type Card,
  CHANGE_LEGEND,
  CHANGE_STYLE,
  type ChangeLine,
  type Changes,
  changeText,
  type Chip,
  type FabricPicture,
  findingsOf,
  markOf,
  outcomeMark,
  type Picture,
  stateOf,
  summaryOf,
  worstOf,
} from "./picture";
import { type Bar, barShapes, LEGEND, px, RANGE_TYPES, STYLE } from "./range-bar";
import { xml } from "../../lib/model/escape";

/** Pixels. A column holds the longest range of an IPv4 subnet and most of IPv6 on one line. */
const COLUMN = 440;
const MOST_COLUMNS = 4;
const MARGIN = 24;
const GAP = 16;
const PADDING = 14;
const INNER = COLUMN - 2 * PADDING;

/** Something with a height that is drawn below what comes before it. */
interface Block {
  readonly height: number;
  readonly draw: (x: number, y: number) => string;
}

/** The widest advance of a character in any common monospaced font, by font size. */
const ADVANCE = 0.62;

/** Letters of East Asia and pictures take two places; to be safe all that comes after the alphabets does. */
const places = (text: string): number =>
  [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1), 0);

/** The text in lines of at most so many places, broken at spaces, or within a word that is longer than a line. */
function wrap(text: string, most: number): string[] {
  const lines = [""];
  let width = 0;
  const put = (piece: string, size: number): void => {
    const line = lines.at(-1) ?? "";
    if (line !== "" && width + size > most) {
      lines.push(piece.trimStart());
      width = 0;
    } else lines[lines.length - 1] = line + piece;
    width += size;
  };
  for (const [index, word] of shown(text).split(" ").entries()) {
    const piece = index === 0 ? word : ` ${word}`;
    const size = places(piece);
    if (size <= most) put(piece, size);
    else for (const character of piece) put(character, places(character));
  }
  return lines;
}

/** Height of a line and size of its font, by what it says. */
const STYLES = {
  ...{ head: { height: 30, size: 22 }, title: { height: 22, size: 15 }, subnet: { height: 20, size: 13 } },
  ...{ quiet: { height: 17, size: 12 }, text: { height: 17, size: 12 }, finding: { height: 18, size: 12 } },
};

const lineSvg = (x: number, y: number, classes: string, line: string): string =>
  `<text x="${px(x)}" y="${px(y)}" class="${classes}" xml:space="preserve">${xml(line)}</text>`;

/** A text over as many lines as it needs. */
function textBlock(style: keyof typeof STYLES, text: string, width = INNER, { classes = "", hint = "" } = {}): Block {
  const { height, size } = STYLES[style];
  const lines = text === "" ? [] : wrap(text, Math.floor(width / (size * ADVANCE)));
  const draw = (x: number, y: number): string => {
    const all = lines.map((line, index) =>
      lineSvg(x, y + index * height + size + 1, `${style} ${classes}`.trim(), line),
    );
    return hint === "" ? all.join("") : `<g>${all.join("")}<title>${xml(hint)}</title></g>`;
  };
  return { height: lines.length * height, draw };
}

const space = (height: number): Block => ({ height, draw: () => "" });

const stack = (blocks: readonly Block[]): Block => ({
  height: blocks.reduce((sum, { height }) => sum + height, 0),
  draw: (x, y) => {
    let at = y;
    return blocks
      .map(({ height, draw }) => {
        at += height;
        return draw(x, at - height);
      })
      .join("");
  },
});

const findingBlock = (finding: Finding, width = INNER): Block =>
  textBlock("finding", markOf(finding), width, { classes: stateOf(finding), hint: sentenceOf(finding) });

/** A line of text on a ground of its own, which leads to the card that it names. */
function chipBlock({ role, label, detail, target }: Chip): Block {
  const text = textBlock("text", `${label} ${detail}`, INNER - 16, { classes: `on-${role}` });
  const width = Math.min(INNER, places(shown(`${label} ${detail}`)) * 12 * ADVANCE + 16);
  const draw = (x: number, y: number): string => {
    const box = `<rect x="${px(x)}" y="${px(y + 4)}" width="${px(width)}" height="${text.height + 3}" rx="5" class="${role}-chip"/>`;
    const chip = box + text.draw(x + 8, y + 5);
    return target === undefined ? chip : `<a href="#${target}">${chip}</a>`;
  };
  return { height: text.height + 7, draw };
}

const barBlock = (bars: readonly Bar[]): Block => ({
  height: bars.length === 0 ? 0 : 16,
  draw: (x, y) => (bars.length === 0 ? "" : barShapes(bars, x, y + 4, INNER)),
});

function rangeBlock({ type, label, share }: Bar): Block {
  const text = textBlock(
    "text",
    share === "" ? label : `${label} ·\u00a0${share.replaceAll(" ", "\u00a0")}`,
    INNER - 16,
  );
  const swatch = (x: number, y: number): string =>
    `<rect x="${px(x)}" y="${px(y + 4)}" width="9" height="9" rx="2" class="range ${type ?? ""}"/>`;
  return { height: text.height, draw: (x, y) => swatch(x, y) + text.draw(x + 16, y) };
}

const rule: Block = {
  height: 15,
  draw: (x, y) => `<rect x="${px(x)}" y="${px(y + 7)}" width="${INNER}" height="1" class="line"/>`,
};

const changeBlock = (line: ChangeLine, width = INNER): Block =>
  textBlock("text", changeText(line), width, { classes: line.outcome });

const changeBlocks = ({ changes = [] }: Changes, width?: number): Block[] =>
  changes.map((line) => changeBlock(line, width));

/** What becomes of an object, before what it is. */
const marked = ({ outcome }: Changes, title: string): string => `${outcomeMark(outcome)} ${title}`.trim();

const content = ({ title, name, facts, chips, subnets, findings, ...card }: Card): Block =>
  stack([
    textBlock("title", marked(card, `${title}  ${name}`.trim()), INNER, { classes: card.outcome ?? "" }),
    textBlock("quiet", facts.join(" · ")),
    ...changeBlocks(card),
    ...chips.map(chipBlock),
    ...findings.map((finding) => findingBlock(finding)),
    ...subnets.flatMap((subnet) => [
      rule,
      textBlock("subnet", marked(subnet, `${subnet.cidr}  ${subnet.name}`.trim()), INNER, {
        classes: `v${subnet.family ?? ""} ${subnet.outcome ?? ""}`.trim(),
      }),
      textBlock("quiet", subnet.facts.join(" · ")),
      barBlock(subnet.bars),
      ...subnet.bars.map(rangeBlock),
      ...changeBlocks(subnet),
      ...subnet.findings.map((finding) => findingBlock(finding)),
    ]),
  ]);

/** Cards in rows, all of a row as high as the highest. */
function gridBlock(cards: readonly Card[], columns: number): Block {
  const rows = Array.from({ length: Math.ceil(cards.length / columns) }, (_, row): Block => {
    const blocks = cards.slice(row * columns, (row + 1) * columns).map((card) => ({ card, block: content(card) }));
    const height = Math.max(...blocks.map(({ block }) => block.height)) + 2 * PADDING;
    const draw = (left: number, y: number): string =>
      blocks
        .map(({ card, block }, index) => {
          const x = left + index * (COLUMN + GAP);
          const box = `<rect x="${px(x)}" y="${px(y)}" width="${COLUMN}" height="${px(height)}" rx="8" class="box"/>`;
          const edge = `<rect x="${px(x)}" y="${px(y + 8)}" width="4" height="${px(height - 16)}" class="edge ${card.outcome ?? worstOf(findingsOf(card)) ?? ""}"/>`;
          return `<g id="${card.id}" class="card">${box}${edge}${block.draw(x + PADDING, y + PADDING)}</g>\n`;
        })
        .join("");
    return { height: height + GAP, draw };
  });
  return stack(rows);
}

const SVG_STYLE = `
svg { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; } text { fill: var(--text); } .page { fill: var(--page); } .box { fill: var(--card); stroke: var(--line); }
.line, .edge { fill: var(--line); } .head { font-size: 22px; font-weight: 700; } .title { font-size: 15px; font-weight: 700; } .subnet { font-size: 13px; font-weight: 600; }
.quiet { fill: var(--quiet); } .v4 { fill: var(--v4); } .v6 { fill: var(--v6); } .finding { font-weight: 600; } .error { fill: var(--error); } .warning { fill: var(--warning); }
.information { fill: var(--information); } .suppressed { fill: var(--quiet); font-weight: 400; } .rack-chip { fill: var(--rack); } .on-rack { fill: var(--on-rack); }
.relay-chip { fill: var(--relay); } .on-relay { fill: var(--on-relay); } .vlan-chip { fill: var(--vlan); } .on-vlan { fill: var(--on-vlan); }
`.trim();

/** The picture as SVG, in at most four columns. Self-contained; light or dark as the viewer's system is. */
export function svg(picture: Picture): string {
  const { title, fabrics, racks, isChange = false } = picture;
  const most = Math.max(2, racks.length, ...fabrics.map(({ vlans }) => vlans.length));
  const columns = Math.min(MOST_COLUMNS, most);
  const width = columns * (COLUMN + GAP) - GAP;
  const fabricBlock = ({ label, vlans, findings, ...fabric }: FabricPicture): Block =>
    stack([
      space(20),
      textBlock("title", marked(fabric, label), width, { classes: fabric.outcome ?? "" }),
      ...changeBlocks(fabric, width),
      ...findings.map((one) => findingBlock(one, width)),
      space(6),
      vlans.length === 0 ? textBlock("quiet", isChange ? "" : "no VLANs", width) : gridBlock(vlans, columns),
    ]);
  const body = stack([
    textBlock("head", title, width),
    textBlock("quiet", summaryOf(picture), width),
    space(10),
    ...(isChange ? [] : RANGE_TYPES.map((type) => rangeBlock({ type, label: type, share: "" }))),
    textBlock("quiet", isChange ? CHANGE_LEGEND : LEGEND, width),
    ...fabrics.map(fabricBlock),
    ...(racks.length === 0 ? [] : [space(20), textBlock("title", "Rack controllers", width), space(6)]),
    gridBlock(racks, columns),
  ]);
  const [w, h] = [width + 2 * MARGIN, body.height + 2 * MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(w)} ${px(h)}" width="${px(w)}" height="${px(h)}" role="img" style="max-width: 100%; height: auto">
<title>${xml(title)}</title><desc>${xml(summaryOf(picture))}</desc><style>${STYLE}
${SVG_STYLE}${isChange ? `\n${CHANGE_STYLE}` : ""}</style>
<rect width="100%" height="100%" class="page"/>
${body.draw(MARGIN, MARGIN)}</svg>
`;
}
