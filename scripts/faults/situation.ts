import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot } from "../../lib/constructs/internal/facts";
import { MaasSimulator } from "../../src/simulator";
import { SecretScan } from "../../test/support/secrets";
import { canHit, type FaultProxy, isKill, type Plot, type SeenCall } from "./fault-proxy";
import { REGION } from "./network/region";
import type { VersionName } from "./network/versions";
import type { CommandName, Ended, Rig, Running, Seat } from "./rigs";

/** Has programs give calls up early that are never answered. */
const SHORT_TIME_LIMITS = {
  NODE_OPTIONS: `--require ${join(packageRoot(), "scripts", "faults", "short-time-limits.cjs")}`,
};

const API_KEY = "k7Qw2mZx9Lr4Tb6Yh3:t8Vn5cJd1Gs0Pf7Xe2:u9Hk4aWz6Rq1Mb8Ty3Ls5Vd0Nc7Gj2Xf";

const SECRETS = SecretScan.ofKey(API_KEY);

/** The version that is applied before a command begins, and the one that the folder then asks for. */
const VERSIONS: Readonly<Record<CommandName, { readonly before?: VersionName; readonly wanted: VersionName }>> = {
  apply: { wanted: "first" },
  plan: { before: "first", wanted: "first" },
  change: { before: "first", wanted: "second" },
  destroy: { before: "first", wanted: "first" },
};

/** A folder and a region in which a command can be begun, again and again from the same start. */
export interface Situation {
  readonly rig: Rig;
  readonly command: CommandName;
  readonly folder: string;
  /** The URL by which the folder's record knows the region. */
  readonly url: string;
  readonly regionFile: string;
  /** What the region holds before the command. */
  readonly start: RegionView;
  /** What the region holds after the command has run without a fault. */
  readonly goal: RegionView;
  /** What the region holds once all of that is destroyed. */
  readonly end: RegionView;
  /** The calls that the command makes then, and how long it takes, in milliseconds. */
  readonly calls: readonly SeenCall[];
  readonly ms: number;
}

/** What a region holds, in lists of one text for each object, in one order. */
export type RegionView = Readonly<Record<string, readonly string[]>>;

/** Links of an interface have no order: which of two was made first is left to chance. */
const sortedLinks = (value: unknown): unknown =>
  Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null && "mode" in item)
    ? value.map((item) => JSON.stringify(item)).sort()
    : value;

function view(simulator: MaasSimulator): RegionView {
  return Object.fromEntries(
    Object.entries(simulator.state).map(([name, held]: [string, unknown]) => [
      name,
      [held]
        .flat()
        .map((item) => JSON.stringify(item, (_name, value: unknown) => sortedLinks(value)))
        .sort(),
    ]),
  );
}

/** How long a plugin may go on when Terraform is gone, in milliseconds: one that nobody has called waits for 30 s. */
const ORPHAN_MS = 40_000;

async function isGone(running: Running): Promise<boolean> {
  for (const begun = performance.now(); running.isLeft(); await sleep(50))
    if (performance.now() - begun > ORPHAN_MS) {
      running.kill("all");
      return false;
    }
  return true;
}

/** What a stand is a copy of. */
export type Start = Pick<Situation, "folder"> & Partial<Pick<Situation, "url" | "regionFile">>;

/** A copy of a situation, with a region of its own behind the proxy. */
export class Stand {
  private constructor(
    private readonly rig: Rig,
    readonly folder: string,
    private readonly simulator: MaasSimulator,
    private readonly proxy: FaultProxy,
  ) {}

  static async open(rig: Rig, proxy: FaultProxy, from: Start): Promise<Stand> {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-faults-"));
    cpSync(from.folder, folder, { recursive: true, verbatimSymlinks: true });
    const record = join(folder, "maas-network.record.json");
    if (existsSync(record)) writeFileSync(record, readFileSync(record, "utf8").replaceAll(from.url ?? "", proxy.url));
    const stateFile = join(folder, "region.state");
    if (from.regionFile !== undefined) cpSync(from.regionFile, stateFile);
    const simulator = await MaasSimulator.start({ seed: REGION, adminKey: API_KEY, stateFile });
    return new Stand(rig, folder, simulator, proxy);
  }

  /** Runs a command to its end, with one fault or none. */
  async run(command: "apply" | "plan" | "destroy", plot?: Omit<Plot, "kill">): Promise<Ended> {
    let kill: Plot["kill"] = () => undefined;
    this.proxy.aim(this.simulator.url, plot && { ...plot, kill: (victim) => kill(victim) });
    const { fault, at = 0 } = plot ?? {};
    const running = this.start(command, {
      environment: fault !== undefined && "hangs" in fault ? SHORT_TIME_LIMITS : {},
      isKilled: fault !== undefined && isKill(fault),
    });
    kill = running.kill;
    const isMoment = fault !== undefined && isKill(fault) && fault.when === "during";
    const timer = isMoment ? setTimeout(kill, at, fault.victim) : undefined;
    const ended = await running.ended;
    clearTimeout(timer);
    await this.proxy.calm();
    if (!(await isGone(running))) return { ...ended, isLate: true };
    // The region's own file is no concern of the program.
    const inFiles = SECRETS.inFolder(this.folder).filter((one) => !one.startsWith("region.state"));
    const leak = SECRETS.inText(ended.output) ?? inFiles[0];
    return leak === undefined ? ended : { ...ended, leak };
  }

  /** Starts a command, without any fault. */
  start(
    command: "apply" | "plan" | "destroy",
    { environment = {}, isKilled = false }: Pick<Seat, "environment" | "isKilled"> = {},
  ): Running {
    return this.rig.start(
      {
        ...{ folder: this.folder, url: this.proxy.url, apiKey: API_KEY, isKilled },
        environment: { ...this.proxy.front.environment, ...environment },
      },
      this.rig.words[command],
    );
  }

  /** The region behind the proxy, without any fault. */
  aim(): void {
    this.proxy.aim(this.simulator.url);
  }

  write(version: VersionName): void {
    this.rig.write(this.folder, version);
  }

  get region(): RegionView {
    return view(this.simulator);
  }

  get calls(): readonly SeenCall[] {
    return [...this.proxy.seen];
  }

  async close({ keep = false } = {}): Promise<void> {
    await this.simulator.stop();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The command of the program that a command of the report is. */
export const programCommand = (command: CommandName): "apply" | "plan" | "destroy" =>
  command === "change" ? "apply" : command;

async function succeed(stand: Stand, command: "apply" | "plan" | "destroy"): Promise<number> {
  const { code, output, ms } = await stand.run(command);
  if (code !== 0) throw new Error(`${command} ended with ${code} without any fault:\n${output}`);
  return ms;
}

/** Brings about the start of a command, and learns what it does when nothing goes wrong. */
export async function prepareSituation(rig: Rig, command: CommandName, proxy: FaultProxy): Promise<Situation> {
  const { before, wanted } = VERSIONS[command];
  const empty = await rig.newFolder();
  const start = await Stand.open(rig, proxy, { folder: empty });
  rmSync(empty, { recursive: true, force: true });
  if (before !== undefined) {
    start.write(before);
    await succeed(start, "apply");
  }
  start.write(wanted);
  await start.close({ keep: true });
  const regionFile = join(start.folder, "region.state");
  const from = { folder: start.folder, url: proxy.url, ...(existsSync(regionFile) && { regionFile }) };
  const trial = await Stand.open(rig, proxy, from);
  const begun = trial.region;
  const ms = await succeed(trial, programCommand(command));
  const { region: goal, calls } = trial;
  if (command !== "destroy") await succeed(trial, "destroy");
  const end = trial.region;
  await trial.close();
  return {
    ...{ rig, command, folder: start.folder, url: proxy.url, regionFile },
    ...{ start: begun, goal, end, calls, ms },
  };
}

/** How many of a command's calls a fault can hit. */
export const occasions = ({ calls }: Situation, fault: Plot["fault"]): number =>
  calls.filter(({ method }) => canHit(fault, method)).length;
