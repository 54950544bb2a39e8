import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/constructs/internal/facts";

const page = (): string => join(packageRoot(), "docs", "reliability.md");

const machine = (): string => {
  const [first, ...others] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${1 + others.length} cores (${(first?.model ?? "").trim()}), ${memory} GB, Node ${process.versions.node}`;
};

/** Puts a table into its place in docs/reliability.md, with the command that has made it, and the machine. */
export function writePage(suite: string, table: string, words: readonly string[]): void {
  const text = readFileSync(page(), "utf8");
  const block = new RegExp(`(<!-- faults ${suite} -->\n)[^]*?(<!-- /faults ${suite} -->)`);
  if (!block.test(text)) throw new Error(`docs/reliability.md has no place for the table of ${suite}`);
  const command = ["npm run faults --", ...words.filter((word) => word !== "--write")].join(" ");
  const said = `\`${command}\`, on ${machine()}:`;
  writeFileSync(
    page(),
    text.replace(block, (_, start: string, end: string) => `${start}\n${said}\n\n${table}\n${end}`),
  );
}
