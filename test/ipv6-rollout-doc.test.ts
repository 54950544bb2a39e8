import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import type { Seed } from "../src/simulator/seed/notation";
import { programFile } from "./support/command-line";
import { runConsoleBlocks } from "./support/console-doc";

jest.setTimeout(120_000);

const FILE = join(__dirname, "..", "docs/ipv6-rollout.md");
const PAGE = readFileSync(FILE, "utf8");
const SHOWN_URL = "http://127.0.0.1:5240/MAAS";

test("docs/ipv6-rollout.md shows what the commands really say on the way", async () => {
  const seed = JSON.parse(readFileSync(join(__dirname, "..", "docs/ipv6-rollout-region.json"), "utf8")) as Seed;
  const simulator = await MaasSimulator.start({ seed, adminKey: "consumer:token:secret" });
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-rollout-doc-"));
  try {
    const env = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
    const run = await runConsoleBlocks(PAGE, { cwd: folder, env, program: programFile("cdktf-maas") });
    const page = run.replaceAll(simulator.url, SHOWN_URL);
    // UPDATE_DOCS=1 writes what the commands say now.
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page);
    else expect(page).toBe(PAGE);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});

test("docs/ipv6-rollout.md links only to files that there are", () => {
  for (const [, path = ""] of PAGE.matchAll(/\]\((?!https?:)([^)#]+)/g))
    expect([path, existsSync(join(dirname(FILE), path))]).toEqual([path, true]);
});
