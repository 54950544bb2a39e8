import { markdownOf, type MarkdownRow, plain, tablePart, tableRow } from "../../../lib/rules/report-markdown";
import type { Rollout, RolloutNetwork } from "../../rollout/rollout";
import { headingOf, linesOf, problemLine, rolloutSummary } from "./rollout-view";

const SIGNS = { ready: "✅ ready", done: "done", blocked: "⛔ blocked" } as const;

function cellOf(network: RolloutNetwork, ...labels: readonly string[]): string {
  return linesOf(network)
    .filter(([label]) => labels.includes(label))
    .map(([, value]) => plain(value))
    .join("<br>");
}

function row(network: RolloutNetwork): MarkdownRow {
  return tableRow(network.state, [
    ...[plain(headingOf(network)), SIGNS[network.state]],
    ...[["IPv4"], ["Racks"], ["IPv6", "Machines"], ["DHCPv6"], ["Router"]].map((labels) => cellOf(network, ...labels)),
  ]);
}

/** A rollout for a pull request: a table of the networks, then what stands in their way. At most as long as GitHub takes. */
export function rolloutMarkdown(rollout: Rollout): string {
  const problems = [
    ...rollout.networks.flatMap((network) => network.problems.map((problem) => [network.title, problem] as const)),
    ...rollout.problems.map((problem) => ["the region", problem] as const),
  ].map(([place, problem]): MarkdownRow => {
    const text = `- **${plain(place)}**, ${problem.severity}: ${plain(problemLine(problem))}`;
    return { group: problem.severity, text };
  });
  const columns = ["Network", "State", "IPv4", "Racks", "IPv6 and machines", "DHCPv6", "Router advertisements"];
  return `${markdownOf([
    { head: ["## IPv6 rollout", "", `**${plain(rolloutSummary(rollout))}**`, ""] },
    { ...tablePart(columns, rollout.networks.map(row)), what: "networks" },
    ...(problems.length === 0
      ? []
      : [
          {
            head: ["### What stands in the way, and what is to be known", ""],
            rows: problems,
            what: "problems",
            tail: [""],
          },
        ]),
  ]).trimEnd()}\n`;
}
