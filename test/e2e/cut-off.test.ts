import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentText, type NetworkDocument } from "../../lib/model/document";
import { FIRST, SECOND } from "../support/cut-networks";
import { type Cut, CuttingProxy } from "../support/cutting-proxy";
import { EngineUser } from "../support/engine";
import { FOREIGN_SEED } from "../support/random-network";
import { strideOf } from "../support/sampled";

jest.setTimeout(600_000);

const PROGRAM = join(__dirname, "..", "..", "dist", "bin", "cdktf-maas-apply.js");

/** More calls than any run of these networks makes. */
const MANY = 500;

/** test/reconcile/engine/cut-off-networks.test.ts cuts off the same runs at more calls, in its own process. */
const STRIDE = strideOf("calls at which programs are killed", 9);

let user: EngineUser;
let proxy: CuttingProxy;
let folder: string;

beforeAll(async () => {
  user = await EngineUser.start(FOREIGN_SEED);
  proxy = await CuttingProxy.start(user.simulator.url);
});

afterAll(async () => {
  await proxy.stop();
  await user.stop();
});

beforeEach(() => {
  user.reset();
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-cut-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How a run ended: its exit code, or the signal that ended it. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of the engine as a process, killed without warning at one of its calls. */
function run(command: readonly string[], cutAt = 0, when: Cut = "before"): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, MAAS_API_URL: proxy.url, MAAS_API_KEY: user.simulator.apiKey };
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...command], { cwd: folder, env });
    proxy.cutAt(cutAt, when, () => child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

const write = (network: NetworkDocument): void =>
  writeFileSync(join(folder, "maas-network.json"), documentText(network));

const apply = (cutAt?: number, when?: Cut): Promise<Ended> => run(["apply", "--yes", "--force", "rules"], cutAt, when);

async function succeed(ended: Promise<Ended>): Promise<void> {
  const { code, output } = await ended;
  if (code !== 0) throw new Error(`it ended with ${code ?? "a signal"}:\n${output}`);
}

/** Kills a run that starts with the first network at its calls, and lets the next one finish it. */
async function cutEverywhere(
  goal: () => Promise<void>,
  attempt: (at: number, when: Cut) => Promise<Ended>,
): Promise<void> {
  const recordText = (): string =>
    user.record === undefined ? "" : documentText(user.record).replace(user.simulator.url, proxy.url);
  const start = async (): Promise<void> => {
    user.reset();
    await user.run(FIRST);
    write(FIRST);
    writeFileSync(join(folder, "maas-network.record.json"), recordText());
  };
  await start();
  await goal();
  const wanted = user.state;
  for (const when of ["before", "after"] as const) {
    for (let at = when === "before" ? 1 : 1 + Math.floor(STRIDE / 2); at < MANY; at += STRIDE) {
      await start();
      const { code } = await attempt(at, when);
      if (code === 0) break;
      expect({ at, when, code }).toEqual({ at, when, code: null });
      await goal();
      expect({ at, when, state: user.state }).toEqual({ at, when, state: wanted });
    }
  }
  // The last attempt ran to its end: there were calls to be cut off at.
  expect(proxy.calls).toBeGreaterThan(10);
}

test("an apply that is killed at a call is finished by the next one", async () => {
  const goal = async (): Promise<void> => {
    write(SECOND);
    await succeed(apply());
  };
  await cutEverywhere(goal, (at, when) => {
    write(SECOND);
    return apply(at, when);
  });
  expect(existsSync(join(folder, "maas-network.record.json"))).toBe(true);
});

test("a destroy that is killed at a call is finished by the next one", async () => {
  const seed = user.state;
  await cutEverywhere(
    () => succeed(run(["destroy", "--yes"])),
    (at, when) => run(["destroy", "--yes"], at, when),
  );
  expect(user.state).toEqual(seed);
  expect(existsSync(join(folder, "maas-network.record.json"))).toBe(false);
});
