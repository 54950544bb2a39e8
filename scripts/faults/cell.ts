import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_FRAME } from "../fuzz/judge";
import type { SuiteName } from "./suites";
import { type FaultProxy, isKill, type Plot, type SeenCall } from "./fault-proxy";
import { CHANGES, type Ended } from "./rigs";
import { programCommand, type RegionView, type Situation, Stand } from "./situation";

/** One fault at one call of one command. */
export interface Cell {
  readonly suite: SuiteName;
  readonly situation: Situation;
  readonly fault: Plot["fault"];
  readonly at: number;
  /** Whether the fault stays until the command has ended: then it has to fail, with one clear error. */
  readonly lasts: boolean;
}

/**
 * What became of a cell, worst first. `lost`: something that should be there is not, or is there and forgotten. `doubled`: something is
 * there twice. `wrong`: something is otherwise than asked for, or the program says so of what is right. `hung`: it did not end.
 * `step`: the next run still fails, and a person has to do something. `state`: Terraform was killed while it wrote its own state file,
 * which it does not replace as a whole. `converged`: the next run finished the work.
 */
export const VERDICTS = ["lost", "doubled", "wrong", "hung", "step", "state", "converged"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface CellResult {
  readonly cell: Cell;
  readonly hit: SeenCall | undefined;
  readonly verdict: Verdict;
  /** The first error, or the first difference. */
  readonly detail: string;
}

interface Difference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** By object, so that one that is otherwise than wanted is missing and extra at once. */
function difference(goal: RegionView, actual: RegionView): Difference {
  const names = [...new Set([...Object.keys(goal), ...Object.keys(actual)])];
  const without = (a: RegionView, b: RegionView): string[] =>
    names.flatMap((name) => {
      const rest = [...(b[name] ?? [])];
      return (a[name] ?? [])
        .filter((item) => {
          const at = rest.indexOf(item);
          if (at >= 0) rest.splice(at, 1);
          return at < 0;
        })
        .map((item) => `${name} ${item}`);
    });
  return { missing: without(goal, actual), extra: without(actual, goal) };
}

/** Whether a line of a {@link Difference} is about an object of that view: one that was to go and is forgotten, not a second one. */
const isIn = (view: RegionView, line: string): boolean =>
  Object.entries(view).some(([name, items]) => items.some((item) => line === `${name} ${item}`));

function judge({ missing, extra }: Difference, start: RegionView): readonly [Verdict, string] | undefined {
  const [first = ""] = [...missing, ...extra];
  if (missing.length === 0 && extra.length === 0) return undefined;
  if (missing.length > extra.length) return ["lost", `missing: ${missing.join("; ")}`];
  if (extra.length > missing.length)
    return [extra.every((item) => isIn(start, item)) ? "lost" : "doubled", `too many: ${extra.join("; ")}`];
  return ["wrong", `differs: ${first}; is: ${extra[0] ?? ""}`];
}

/** How much of an error is shown. */
const SHOWN = 600;

/** What a run that failed says, from its first error on. */
function firstError({ output, code }: Ended): string {
  const lines = output.split("\n").map((line) => line.replace(/^[│╷╵\s]+/, "").trim());
  const at = lines.findIndex((line) => /error/i.test(line));
  const words = lines.slice(at < 0 ? -2 : at).filter((line) => line !== "");
  return `exit code ${code ?? "none"}: ${words.join(" ").slice(0, SHOWN)}`;
}

/** What is wrong with how a run failed: its error has to have a code, and is no stack trace. */
function unclear(ended: Ended): string | undefined {
  const { code, output } = ended;
  if (code === 0 || code === CHANGES) return undefined;
  if (STACK_FRAME.test(output)) return "the error is a stack trace";
  return /MAAS6?-[A-Z]+-\d+/.test(output) ? undefined : `the error has no code: ${firstError(ended)}`;
}

const isToSurvive = ({ fault, lasts }: Cell): boolean =>
  !isKill(fault) && (fault.survived === "always" || (fault.survived === "once" && !lasts));

/** Terraform's state file; undefined where there is none. */
function stateIn(folder: string): string | undefined {
  const file = join(folder, "terraform.tfstate");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * Whether Terraform has left a state file that it had not written to its end. It empties the file before it writes it. One that
 * was not there before is empty for as long as nothing was made.
 */
export function isStateCut(before: string | undefined, after: string | undefined): boolean {
  if (after === undefined) return false;
  if (after === "") return before !== undefined && before !== "";
  try {
    return typeof JSON.parse(after) !== "object";
  } catch {
    return true;
  }
}

/**
 * Plays a cell: the command with the fault, then the same command without, then a look at what there is; after a kill also a
 * destroy, and a look at what that leaves.
 */
export async function play(cell: Cell, proxy: FaultProxy): Promise<CellResult> {
  const { situation, fault, at, lasts } = cell;
  const { rig, command, folder, url, regionFile, start, goal, end } = situation;
  const from = { folder, url, ...(existsSync(regionFile) && { regionFile }) };
  const stand = await Stand.open(rig, proxy, from);
  try {
    const before = stateIn(stand.folder);
    const first = await stand.run(programCommand(command), { fault, at, lasts });
    const { hit } = proxy;
    const result = (verdict: Verdict, detail: string): CellResult => ({ cell, hit, verdict, detail });
    if (first.leak !== undefined) return result("wrong", `a secret is shown: ${first.leak}`);
    if (first.isLate) return result("hung", "the run with the fault did not end");
    const unclearError = isKill(fault) ? undefined : unclear(first);
    if (unclearError !== undefined) return result("wrong", unclearError);
    if (isToSurvive(cell) && first.code !== 0) return result("wrong", `it did not survive: ${firstError(first)}`);
    if (command === "plan" && first.code === CHANGES)
      return result("wrong", "the plan shows changes though there are none");
    if (isKill(fault) && isStateCut(before, stateIn(stand.folder)))
      return result("state", "terraform.tfstate is cut off");
    const second = await stand.run(programCommand(command));
    if (second.isLate) return result("hung", "the run after the fault did not end");
    if (second.code !== 0) return result("step", firstError(second));
    const verdict = judge(difference(goal, stand.region), start);
    if (verdict !== undefined) return result(...verdict);
    if (command === "destroy" || command === "plan") return result("converged", "");
    const third = await stand.run("plan");
    if (third.code !== 0) return result("wrong", `the plan after it is not empty: ${firstError(third)}`);
    // A program that was killed may have lost what it has to restore.
    const last = isKill(fault) ? await stand.run("destroy") : undefined;
    if (last?.isLate === true) return result("hung", "the destroy after it did not end");
    if (last !== undefined && last.code !== 0) return result("step", `destroy: ${firstError(last)}`);
    const left = last && judge(difference(end, stand.region), goal);
    return left === undefined ? result("converged", "") : result(left[0], `after a destroy, ${left[1]}`);
  } finally {
    await stand.close();
  }
}
