import type { Finding } from "../../lib/rules/report";
import { shown } from "../../lib/model/printable";
import type { Picture } from "./picture";

/** Text on one line, without what means something to Mermaid (`%%{` begins a directive anywhere), or to the HTML that it makes. */
const text = (label: string): string =>
  shown(label).replace(/["#<>&;`{}]/g, (character) => `#${character.codePointAt(0) ?? 0};`);

const SIGN = { error: "✖", warning: "▲", information: "ℹ" } as const;

const open = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ suppressed }) => suppressed === undefined);

const signs = (findings: readonly Finding[]): string[] => [
  ...new Set(open(findings).map(({ id, level }) => `${SIGN[level]} ${id}`)),
];

const label = (lines: readonly string[]): string => `"${lines.map(text).join("<br/>")}"`;

function classOf(findings: readonly Finding[]): string {
  const levels = new Set(open(findings).map(({ level }) => level));
  return levels.has("error") ? ":::error" : levels.has("warning") ? ":::warning" : "";
}

/** The picture as a Mermaid flowchart: what Markdown viewers draw, with the shares of the ranges in words. */
export function mermaid({ title, summary, fabrics, racks, links, elsewhere }: Picture): string {
  const ids = new Map<string, string>();
  const idOf = (name: string): string => {
    const id = ids.get(name) ?? `n${ids.size}`;
    ids.set(name, id);
    return id;
  };
  const lines = [`%% ${text(title.replace(/\s+/g, " "))}: ${summary}`, "flowchart LR"];
  for (const rack of racks) {
    const content = label([rack.label, ...rack.lines, ...signs(rack.findings)]);
    lines.push(`  ${idOf(rack.id)}([${content}])${classOf(rack.findings)}`);
  }
  for (const fabric of fabrics) {
    lines.push(`  subgraph ${idOf(fabric.id)}[${label([fabric.label, ...signs(fabric.findings)])}]`);
    for (const vlan of fabric.vlans) {
      lines.push(`    subgraph ${idOf(vlan.id)}[${label([vlan.label, ...vlan.lines, ...signs(vlan.findings)])}]`);
      for (const { cidr, lines: facts, bars, findings } of vlan.subnets) {
        const ranges = bars.map((bar) => `${bar.label}${bar.share === "" ? "" : `: ${bar.share}`}`);
        const content = label([cidr, ...facts, ...ranges, ...signs(findings)]);
        lines.push(`      ${idOf(`subnet ${vlan.id} ${cidr}`)}[${content}]${classOf(findings)}`);
      }
      if (vlan.subnets.length === 0) lines.push(`      ${idOf(`none ${vlan.id}`)}["no subnets"]`);
      lines.push("    end");
    }
    if (fabric.vlans.length === 0) lines.push(`    ${idOf(`none ${fabric.id}`)}["no VLANs"]`);
    lines.push("  end");
  }
  for (const { from, to, label: what } of links) lines.push(`  ${idOf(from)} -->|"${text(what)}"| ${idOf(to)}`);
  if (elsewhere.length > 0)
    lines.push(`  ${idOf("elsewhere")}[${label(["elsewhere", ...signs(elsewhere)])}]${classOf(elsewhere)}`);
  lines.push("  classDef error stroke:#cf222e,stroke-width:3px", "  classDef warning stroke:#bf8700,stroke-width:3px");
  return `${lines.join("\n")}\n`;
}
