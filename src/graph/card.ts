import type { Finding } from "../../lib/rules/report";
import type { Bar } from "./range-bar";
import type { RackPicture, VlanPicture } from "./picture";

/** One line of a card. Heights and positions are in pixels. */
export type CardLine =
  | { readonly kind: "title" | "subnet" | "text"; readonly y: number; readonly text: string }
  | { readonly kind: "finding"; readonly y: number; readonly text: string; readonly finding: Finding }
  | { readonly kind: "bar"; readonly y: number; readonly bars: readonly Bar[] }
  | { readonly kind: "range"; readonly y: number; readonly text: string; readonly bar: Bar }
  | { readonly kind: "rule"; readonly y: number };

/** A rectangle with lines of text: its size is known before it has a place. */
export interface Card {
  readonly id: string;
  readonly role: "vlan" | "rack";
  readonly width: number;
  readonly height: number;
  readonly lines: readonly CardLine[];
}

/** Advance of one character of the monospaced 12-pixel font; titles are set in 14 pixels. */
const CHARACTER = 7.3;
const TITLE_CHARACTER = 8.5;
export const PADDING = 12;
const WIDTH = { least: 230, most: 520 };

const HEIGHT = { title: 22, subnet: 20, text: 17, finding: 18, bar: 20, range: 17, rule: 14 } as const;

type Content = CardLine extends infer L ? (L extends CardLine ? Omit<L, "y"> : never) : never;

const widthOf = (line: Content): number =>
  "text" in line
    ? line.text.length * (line.kind === "title" ? TITLE_CHARACTER : CHARACTER) + (line.kind === "range" ? 16 : 0)
    : 0;

/** Text that is too long for the widest card ends in an ellipsis; all of it is in the page's list. */
function cut<L extends Content>(line: L): L {
  if (!("text" in line)) return line;
  const most = Math.floor((WIDTH.most - 2 * PADDING - 20) / CHARACTER);
  return line.text.length <= most ? line : { ...line, text: `${line.text.slice(0, most - 1)}…` };
}

function card(id: string, role: Card["role"], content: readonly Content[]): Card {
  const short = content.map(cut);
  const width = Math.min(WIDTH.most, Math.max(WIDTH.least, ...short.map(widthOf)) + 2 * PADDING);
  let y = PADDING;
  const lines = short.map((line): CardLine => {
    const placed = { ...line, y };
    y += HEIGHT[line.kind];
    return placed;
  });
  return { id, role, width: Math.ceil(width), height: y + PADDING - 4, lines };
}

const text = (line: string): Content => ({ kind: "text", text: line });

const finding = (one: Finding): Content => ({
  kind: "finding",
  text: `${one.id} ${one.suppressed === undefined ? one.level : "suppressed"}`,
  finding: one,
});

/** The card of a VLAN, with its subnets. */
export function vlanCard({ id, label, lines, subnets, findings }: VlanPicture): Card {
  const content: Content[] = [{ kind: "title", text: label }, ...lines.map(text), ...findings.map(finding)];
  for (const subnet of subnets) {
    content.push({ kind: "rule" }, { kind: "subnet", text: subnet.cidr }, ...subnet.lines.map(text));
    if (subnet.bars.length > 0) content.push({ kind: "bar", bars: subnet.bars });
    for (const bar of subnet.bars) {
      content.push({ kind: "range", text: bar.label, bar });
      if (bar.share !== "") content.push(text(`  ${bar.share}`));
    }
    content.push(...subnet.findings.map(finding));
  }
  return card(id, "vlan", content);
}

/** The card of a rack controller, with its interfaces. */
export function rackCard({ id, label, lines, findings }: RackPicture): Card {
  return card(id, "rack", [{ kind: "title", text: label }, ...lines.map(text), ...findings.map(finding)]);
}
