import { grouped } from "../../lib/model/lists";
import { counted, markdownTable } from "../page";
import { type Cell, type CellResult, VERDICTS, type Verdict } from "./cell";

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

/** What a row is about. Of kills that is who is killed and when, of restarts how long and how, of all others the command. */
function rowName({ suite, situation, fault, lasts }: Cell): string {
  if (suite === "kills" || suite === "restarts") return fault.name;
  return `${situation.command}, ${lasts ? "lasting" : "once"}`;
}

/** A row for each group of cells: how many were played, of how many, and what became of them. */
export function tableOf(results: readonly CellResult[], all: readonly Cell[]): string {
  const played = grouped(results, ({ cell }) => rowName(cell));
  const rows = [...grouped(all, rowName)].sort(([a], [b]) => a.localeCompare(b));
  const used = COLUMNS.filter((verdict) => verdict !== "state" || results.some((result) => result.verdict === verdict));
  const lines = rows.map(([name, cells]) => {
    const ended = played.get(name) ?? [];
    const counts = used.map((verdict) => ended.filter((one) => one.verdict === verdict).length);
    return [name, ...[ended.length, cells.length, ...counts].map(counted)];
  });
  return markdownTable(["", "cells", "of", ...used.map((verdict) => HEADS[verdict])], lines);
}

/** Whether nothing is wrong with what this package does. */
export const isGood = (verdict: Verdict): boolean => verdict === "converged" || verdict === "state";

/** A line for each cell that did not converge, worst first, with what it takes to play it alone. */
export function detailsOf(results: readonly CellResult[]): string {
  return VERDICTS.filter((verdict) => verdict !== "converged")
    .flatMap((verdict) => results.filter((result) => result.verdict === verdict))
    .map((result) => {
      const { cell, hit, verdict, detail } = result;
      const where = hit === undefined ? `at ${cell.at}` : `at call ${cell.at}, ${hit.method} ${hit.path}`;
      return `${HEADS[verdict]}: ${cell.situation.rig.name} ${cell.situation.command}, ${faultName(result)} ${where}: ${detail}\n`;
    })
    .join("");
}
