import type { Problem, Severity } from "../../../lib/model/problem";
import { shown } from "../../../lib/model/text";
import type { NetworkState, Rollout, RolloutNetwork } from "../../rollout/rollout";
import { headingOf, linesOf, problemLine, rolloutSummary } from "./rollout-view";
import { joined, type Style, styled, type Styled } from "./terminal";

const STATE_STYLES: Readonly<Record<NetworkState, Style>> = { ready: "green", done: "cyan", blocked: "red" };

const LABELS: Readonly<Record<Severity, readonly [label: string, style: Style]>> = {
  error: ["error:", "red"],
  warning: ["warning:", "yellow"],
  information: ["note:", "dim"],
  unknown: ["unknown:", "dim"],
};

/** Width of the labels of a network's lines. */
const WIDTH = 10;

function problemStyled(problem: Problem<string>): Styled {
  const [label, style] = LABELS[problem.severity];
  return [styled(style, label), ` ${problemLine(problem)}`];
}

function networkLines(network: RolloutNetwork): Styled[] {
  let before = "";
  const lines = linesOf(network).map(([label, value]): Styled => {
    const named = label === before ? "" : label;
    before = label;
    return `    ${named.padEnd(WIDTH)}${shown(value)}`;
  });
  return [
    ["  ", styled("bold", headingOf(network)), ": ", styled(STATE_STYLES[network.state], network.state)],
    ...lines,
    ...network.problems.map((problem): Styled => ["    ", problemStyled(problem)]),
  ];
}

/** A rollout for a terminal: network by network, then what is to be known of the region, and the counts. */
export function rolloutText(rollout: Rollout): Styled {
  const paragraphs: Styled[][] = rollout.networks.map(networkLines);
  const lines = [
    ...paragraphs.flatMap((paragraph) => [...paragraph, ""]),
    ...rollout.problems.map(problemStyled),
    ...(rollout.problems.length > 0 ? [""] : []),
    rolloutSummary(rollout),
    "",
  ];
  return joined(lines, "\n");
}
