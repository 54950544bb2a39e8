import { type CellResult, VERDICTS, type Verdict } from "./cell";
import { grouped } from "../../lib/model/lists";

const HEADS: Readonly<Record<Verdict, string>> = {
  converged: "converged",
  step: "asked for a step",
  wrong: "wrong",
  lost: "lost",
  doubled: "doubled",
  hung: "hung",
  state: "state file cut off",
};

const COLUMNS: readonly Verdict[] = ["converged", "step", "wrong", "lost", "doubled", "hung", "state"];

const faultName = ({ cell: { fault, lasts } }: CellResult): string => `${fault.name}${lasts ? ", from then on" : ""}`;

/** What a row is about. Of kills that is who is killed and when, of all others the command. */
function rowName({ cell: { suite, situation, fault, lasts } }: CellResult): string {
  const { rig, command } = situation;
  if (suite === "kills") return `${rig.name}: ${fault.name}`;
  if (suite === "restarts") return `${rig.name}: ${fault.name}`;
  return `${rig.name} ${command}, ${lasts ? "lasting" : "once"}`;
}

/** A row for each group of cells: how many there were, and what became of them. */
export function tableOf(results: readonly CellResult[]): string {
  const rows = [...grouped(results, rowName)].sort(([a], [b]) => a.localeCompare(b));
  const used = COLUMNS.filter((verdict) => verdict !== "state" || results.some((result) => result.verdict === verdict));
  const head = ["", "cells", ...used.map((verdict) => HEADS[verdict])];
  const lines = rows.map(([name, cells]) => [
    name,
    String(cells.length),
    ...used.map((verdict) => String(cells.filter((cell) => cell.verdict === verdict).length)),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [head, rule, ...lines].map((line) => `| ${line.map(cell).join(" | ")} |\n`).join("");
}

/** Whether nothing is wrong with what this package does. */
export const isGood = (verdict: Verdict): boolean => verdict === "converged" || verdict === "state";

/** A line for each cell that did not converge, worst first, with what it takes to play it alone. */
export function detailsOf(results: readonly CellResult[]): string {
  return VERDICTS.filter((verdict) => !isGood(verdict))
    .flatMap((verdict) => results.filter((result) => result.verdict === verdict))
    .map((result) => {
      const { cell, hit, verdict, detail } = result;
      const where = hit === undefined ? `at ${cell.at}` : `at call ${cell.at}, ${hit.method} ${hit.path}`;
      return `${HEADS[verdict]}: ${cell.situation.rig.name} ${cell.situation.command}, ${faultName(result)} ${where}: ${detail}\n`;
    })
    .join("");
}
