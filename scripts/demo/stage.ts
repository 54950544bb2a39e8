import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { networkTree } from "./network-tree";
import { coloursFor } from "../../src/cli/output/terminal";
import { apiPath } from "../../src/maas/api-url";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { Snapshot } from "../../src/maas/snapshot";
import { listRegion } from "../../src/reconcile/region/live-network";
import type { MaasSimulator } from "../../src/simulator";

const colours = coloursFor(process.stdout);

/** The stack of the example that is shown. */
export const STACK = "lab-network";

/** What every way through the demo works with. */
export interface Stage {
  /** This repository. */
  readonly root: string;
  /** A folder that is removed in the end. */
  readonly folder: string;
  readonly simulator: MaasSimulator;
  /** A client of its own, for looking and for meddling. */
  readonly api: MaasClient;
  /** The environment of all programs: the region, and nobody to ask. */
  readonly env: NodeJS.ProcessEnv;
}

/** Tells what comes next. */
export const say = (text: string): void => void process.stdout.write(`\n${colours.bold(colours.cyan(`== ${text}`))}\n`);

const isVerbose = process.argv.includes("--verbose");

/** A program to run with Node. */
export interface Program {
  /** What a user would type for it. */
  readonly name: string;
  readonly file: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The lines that matter, without colours; `npm run demo -- --verbose` shows all of them. */
  readonly telling: RegExp;
  /** What begins each line and tells nothing. */
  readonly prefix?: RegExp;
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program, shows what it prints, and gives that back. `onLine` is told of each line. */
export function run(
  { name, file, cwd, env, telling, prefix = /^/ }: Program,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<Ended> {
  process.stdout.write(colours.dim(`$ ${[name, ...args].join(" ")}\n`));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        output += `${line}\n`;
        const isShown = isVerbose || telling.test(stripVTControlCharacters(line));
        if (isShown) process.stdout.write(`  ${line.replace(prefix, "")}\n`);
        onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}

/** @throws Error with all output when the program did not end as it must. */
export function expectCode(expected: number, { name }: Program, { code, output }: Ended): void {
  if (code === expected) return;
  throw new Error(`${name} ended with ${code} in place of ${expected}${isVerbose ? "" : `:\n${output}`}`);
}

/** The networks, as the region has them now. */
export async function showTree({ api }: Stage): Promise<void> {
  process.stdout.write(`${networkTree(await listRegion(new Snapshot(api)))}\n`);
}

/** What somebody does in MAAS's own pages, past all code. */
export async function meddle({ api }: Stage): Promise<void> {
  const subnets = (await api.get("subnets/")) as readonly ObjectJson[];
  const subnet = subnets.find(({ cidr }) => typeof cidr === "string" && cidr.includes(":"));
  const vlan = (subnet?.vlan as ObjectJson).id as number;
  await api.put(apiPath`subnets/${subnet?.id as number}/`, [["gateway_ip", ""]]);
  await api.put(apiPath`vlans/${vlan}/`, [["dhcp_on", "false"]]);
}
