import { shown } from "../../lib/model/text";
import type { Finding } from "../../lib/rules/report";
import { type Card, type Picture, SIGN, summaryOf, worstOf } from "./picture";

/**
 * Text on one line, without what means something to Mermaid (`%%{` begins a directive anywhere, `$$` a formula, `fa:fa-` an
 * icon, `\\n` a line), or to the HTML that it makes.
 */
const text = (label: string): string =>
  shown(label).replace(/["#<>&;`{}$\\]|:(?=fa-)/g, (character) => `#${character.codePointAt(0) ?? 0};`);

const signs = (findings: readonly Finding[]): string[] => [
  ...new Set(
    findings.flatMap(({ id, level, suppressed }) => (suppressed === undefined ? `${SIGN[level] ?? ""} ${id}` : [])),
  ),
];

const label = (lines: readonly string[]): string =>
  `"${lines
    .filter((line) => line !== "")
    .map(text)
    .join("<br/>")}"`;

function classOf(findings: readonly Finding[]): string {
  const worst = worstOf(findings);
  return worst === "error" || worst === "warning" ? `:::${worst}` : "";
}

const cardLabel = ({ title, name, facts, chips, findings }: Card): string =>
  label([
    `${title} ${name}`.trim(),
    ...facts,
    ...chips.map((chip) => [chip.label, chip.detail].filter((part) => part !== "").join(": ")),
    ...signs(findings),
  ]);

/** The picture as a Mermaid flowchart: what Markdown viewers draw, with the shares of the ranges in words. */
export function mermaid(picture: Picture): string {
  const { title, fabrics, racks, elsewhere } = picture;
  const lines = [`%% ${text(title.replace(/\s+/g, " "))}: ${summaryOf(picture)}`, "flowchart LR"];
  const links: string[] = [];
  for (const rack of racks) lines.push(`  ${rack.id}([${cardLabel(rack)}])${classOf(rack.findings)}`);
  for (const fabric of fabrics) {
    lines.push(`  subgraph ${fabric.id}[${label([fabric.label, ...signs(fabric.findings)])}]`);
    for (const vlan of fabric.vlans) {
      lines.push(`    subgraph ${vlan.id}[${cardLabel(vlan)}]`);
      for (const { id, cidr, name, facts, bars, findings } of vlan.subnets) {
        const ranges = bars.map((bar) => `${bar.label}${bar.share === "" ? "" : `: ${bar.share}`}`);
        const content = label([`${cidr} ${name}`.trim(), facts.join(", "), ...ranges, ...signs(findings)]);
        lines.push(`      ${id}[${content}]${classOf(findings)}`);
      }
      if (vlan.subnets.length === 0) lines.push(`      ${vlan.id}none["no subnets"]`);
      lines.push("    end");
      for (const { role, target, detail } of vlan.chips) {
        if (target === undefined) continue;
        if (role === "rack") links.push(`  ${target} -->|"${text(detail)}"| ${vlan.id}`);
        if (role === "relay") links.push(`  ${vlan.id} -->|"DHCP relay"| ${target}`);
      }
    }
    if (fabric.vlans.length === 0) lines.push(`    ${fabric.id}none["no VLANs"]`);
    lines.push("  end");
  }
  lines.push(...links);
  if (elsewhere.length > 0)
    lines.push(`  elsewhere[${label(["elsewhere", ...signs(elsewhere)])}]${classOf(elsewhere)}`);
  lines.push("  classDef error stroke:#cf222e,stroke-width:3px", "  classDef warning stroke:#bf8700,stroke-width:3px");
  return `${lines.join("\n")}\n`;
}
