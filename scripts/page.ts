import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../lib/constructs/internal/facts";

const page = (): string => join(packageRoot(), "docs", "reliability.md");

const machine = (): string => {
  const [first, ...others] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${1 + others.length} cores (${(first?.model ?? "").trim()}), ${memory} GB, Node ${process.versions.node}`;
};

const blockOf = (place: string): RegExp => new RegExp(`(<!-- ${place} -->\n)[^]*?(<!-- /${place} -->)`);

/** To be asked before hours of work. @throws Error where docs/reliability.md has no place of that name */
export function checkPlace(place: string): void {
  if (!blockOf(place).test(readFileSync(page(), "utf8")))
    throw new Error(`docs/reliability.md has no place for a table of ${place}: run it without --write`);
}

/** A table of one program's campaign. */
export interface Campaign {
  /** The name of the comment around it. */
  readonly place: string;
  /** How much of all there is was played. */
  readonly extent: string;
  readonly table: string;
}

/** Puts a table into its place in docs/reliability.md, with the command that has made it (`npm run NAME` with these words), and the machine. */
export function writeTable({ place, extent, table }: Campaign, name: string, words: readonly string[]): void {
  checkPlace(place);
  const command = [`npm run ${name} --`, ...words.filter((word) => word !== "--write")].join(" ");
  const said = `\`${command}\`, on ${machine()}. ${extent}:`;
  const text = readFileSync(page(), "utf8");
  writeFileSync(
    page(),
    text.replace(blockOf(place), (_, start: string, end: string) => `${start}\n${said}\n\n${table}\n${end}`),
  );
}

/** A Markdown table as Prettier sets it: the first column is text, the others are numbers. */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [head, rule, ...lines].map((line) => `| ${line.map(cell).join(" | ")} |\n`).join("");
}

/** A whole number as it stands in the page. */
export const counted = (count: number): string => count.toLocaleString("en");
