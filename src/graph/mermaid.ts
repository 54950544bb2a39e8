import { shown } from "../../lib/model/text";
import type { Finding } from "../../lib/rules/report";
import { type Card, type Changes, changeText, outcomeMark, type Picture, SIGN, summaryOf, worstOf } from "./picture";

/**
 * Text on one line, without what means something to Mermaid (`%%{` begins a directive anywhere, `$$` a formula, `fa:fa-` an
 * icon, `\\n` a line), to the Markdown that it takes labels for (a sign at the beginning makes a list), or to the HTML that it makes.
 */
const text = (label: string): string =>
  shown(label).replace(
    /["#<>&;`{}$\\*~]|:(?=fa-)|^[-+](?=\s)|^\d(?=\d*[.)]\s)/g,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );

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

/** What becomes of an object, before what it is. */
const marked = ({ outcome }: Changes, title: string): string => `${outcomeMark(outcome)} ${title}`.trim();

const changeLines = ({ changes = [] }: Changes): string[] => changes.map(changeText);

/** The colour of an outcome, which subgraphs get by a statement of its own. */
const outcomeClass = (id: string, { outcome = "unchanged" }: Changes): string[] =>
  outcome === "unchanged" ? [] : [`  class ${id} ${outcome}`];

const cardLabel = (card: Card): string => {
  const { title, name, facts, chips, findings } = card;
  return label([
    marked(card, `${title} ${name}`.trim()),
    ...facts,
    ...changeLines(card),
    ...chips.map((chip) => [chip.label, chip.detail].filter((part) => part !== "").join(": ")),
    ...signs(findings),
  ]);
};

const CLASSES = ["error stroke:#cf222e,stroke-width:3px", "warning stroke:#bf8700,stroke-width:3px"];

const CHANGE_CLASSES = [
  ...["added stroke:#1a7f37,stroke-width:3px", "changed stroke:#bf8700,stroke-width:3px"],
  ...["replaced stroke:#8250df,stroke-width:3px", "gone stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4"],
  ...["released stroke:#6e7781,stroke-width:3px", "imported stroke:#0969da,stroke-width:3px", "moved stroke:#0969da"],
];

/** The picture as a Mermaid flowchart: what Markdown viewers draw, with the shares of the ranges in words. */
export function mermaid(picture: Picture): string {
  const { title, fabrics, racks, elsewhere, isChange = false } = picture;
  const lines = [`%% ${text(title.replace(/\s+/g, " "))}: ${summaryOf(picture)}`, "flowchart LR"];
  const links: string[] = [];
  for (const rack of racks) lines.push(`  ${rack.id}([${cardLabel(rack)}])${classOf(rack.findings)}`);
  for (const fabric of fabrics) {
    const fabricLabel = label([marked(fabric, fabric.label), ...changeLines(fabric), ...signs(fabric.findings)]);
    if (isChange && fabric.vlans.length === 0) lines.push(`  ${fabric.id}[${fabricLabel}]`);
    else lines.push(`  subgraph ${fabric.id}[${fabricLabel}]`);
    links.push(...outcomeClass(fabric.id, fabric));
    for (const vlan of fabric.vlans) {
      links.push(...outcomeClass(vlan.id, vlan));
      if (isChange && vlan.subnets.length === 0) {
        lines.push(`    ${vlan.id}[${cardLabel(vlan)}]`);
        continue;
      }
      lines.push(`    subgraph ${vlan.id}[${cardLabel(vlan)}]`);
      for (const subnet of vlan.subnets) {
        const { id, cidr, name, facts, bars, findings } = subnet;
        const ranges = bars.map((bar) => `${bar.label}${bar.share === "" ? "" : `: ${bar.share}`}`);
        const content = label([
          ...[marked(subnet, `${cidr} ${name}`.trim()), facts.join(", "), ...ranges, ...changeLines(subnet)],
          ...signs(findings),
        ]);
        lines.push(`      ${id}[${content}]${classOf(findings)}`);
        links.push(...outcomeClass(id, subnet));
      }
      if (vlan.subnets.length === 0) lines.push(`      ${vlan.id}none["no subnets"]`);
      lines.push("    end");
      for (const { role, target, detail } of vlan.chips) {
        if (target === undefined) continue;
        if (role === "rack") links.push(`  ${target} -->|"${text(detail)}"| ${vlan.id}`);
        if (role === "relay") links.push(`  ${vlan.id} -->|"DHCP relay"| ${target}`);
      }
    }
    if (isChange && fabric.vlans.length === 0) continue;
    if (fabric.vlans.length === 0) lines.push(`    ${fabric.id}none["no VLANs"]`);
    lines.push("  end");
  }
  lines.push(...links);
  if (elsewhere.length > 0)
    lines.push(`  elsewhere[${label(["elsewhere", ...signs(elsewhere)])}]${classOf(elsewhere)}`);
  if (isChange && fabrics.length === 0) lines.push('  nothing["no changes"]');
  lines.push(...[...CLASSES, ...(isChange ? CHANGE_CLASSES : [])].map((one) => `  classDef ${one}`));
  return `${lines.join("\n")}\n`;
}

/** The default of Mermaid's setting `maxTextSize`, which GitHub and GitLab keep. */
export const MAX_MERMAID = 50_000;

/** The flowchart as a block of Markdown, for a comment; where it is too long for viewers, a sentence. */
export function mermaidBlock(picture: Picture): string {
  const chart = mermaid(picture);
  return chart.length > MAX_MERMAID
    ? `The picture is too large for Markdown: ${summaryOf(picture)}.\n`
    : `\`\`\`mermaid\n${chart}\`\`\`\n`;
}
