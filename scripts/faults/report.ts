import { type CellResult, VERDICTS, type Verdict } from "./cell";
import { grouped } from "../../lib/model/lists";

const HEADS: Readonly<Record<Verdict, string>> = {
  converged: "converged",
  step: "asked for a step",
  wrong: "wrong",
  lost: "lost",
  doubled: "doubled",
  hung: "hung",
};

const COLUMNS: readonly Verdict[] = ["converged", "step", "wrong", "lost", "doubled", "hung"];

const faultName = ({ cell: { fault, lasts } }: CellResult): string =>
  fault === "kill" ? "killed right after the commit" : `${fault.name}${lasts ? ", from then on" : ""}`;

/** A row for each command: how many cells there were, and what became of them. */
export function tableOf(results: readonly CellResult[]): string {
  const rows = grouped(results, ({ cell: { situation } }) => `${situation.rig.name} ${situation.command}`);
  const head = ["command", "cells", ...COLUMNS.map((verdict) => HEADS[verdict])];
  const lines = [...rows].map(([name, cells]) => [
    name,
    String(cells.length),
    ...COLUMNS.map((verdict) => String(cells.filter((cell) => cell.verdict === verdict).length)),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const padded = [head, ...lines].map((line) =>
    line
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${padded.join("\n")}\n`;
}

/** A line for each cell that did not converge, worst first, with what it takes to play it alone. */
export function detailsOf(results: readonly CellResult[]): string {
  return VERDICTS.filter((verdict) => verdict !== "converged")
    .flatMap((verdict) => results.filter((result) => result.verdict === verdict))
    .map((result) => {
      const { cell, hit, verdict, detail } = result;
      const where = hit === undefined ? "at no call" : `at call ${cell.at}, ${hit.method} ${hit.path}`;
      return `${HEADS[verdict]}: ${cell.situation.rig.name} ${cell.situation.command}, ${faultName(result)} ${where}: ${detail}\n`;
    })
    .join("");
}
