import { setTimeout } from "node:timers/promises";
import type { CommandResult } from "../support/command-line";
import { ShopFolder } from "../support/shop-folder";
import { SHOP_MADE } from "../support/shop-document";
import { StateServer } from "../support/state-server";

jest.setTimeout(120_000);

/** Long beside what a program takes to start on a busy machine: the first run is under way when the later one comes. */
const LATENCY_MS = 600;
const APPLY = ["apply", "--yes", "--concurrency", "1"];

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

const changes = (): string[] =>
  shop.simulator.requests
    .all()
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);

/** Where the record of both runs is: what a run is told, and what has to be stopped after it. */
const RECORDS: Readonly<
  Record<string, () => Promise<{ args: readonly string[]; env?: NodeJS.ProcessEnv; stop?: () => Promise<unknown> }>>
> = {
  "in a file": () => Promise.resolve({ args: [] }),
  "behind an HTTP backend as GitLab's": () => onServer("gitlab"),
  "behind an HTTP backend with LOCK and UNLOCK": () => onServer("plain"),
};

async function onServer(rules: "gitlab" | "plain") {
  const server = await StateServer.start(rules);
  return { args: ["--record", "http"], env: server.environment, stop: () => server.stop() };
}

describe("two runs at once", () => {
  it.each(Object.keys(RECORDS))(
    "on one record %s: the later one names the first and changes nothing, and finds nothing to do afterwards",
    async (where) => {
      const { args, env = {}, stop } = (await RECORDS[where]?.()) ?? { args: [] };
      shop.simulator.faults.set({ latency: LATENCY_MS });
      const first = shop.start([...APPLY, ...args], { env });
      await first.said("fabric shop: creating...");
      const second = await shop.run([...APPLY, ...args], env);
      expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("works with the same record")]);
      expect(second.stderr).toContain("nothing was changed");
      expect(second.stdout).not.toContain("creating...");
      expect((await first.result).code).toBe(0);
      expect(shop.made()).toEqual(SHOP_MADE);

      shop.simulator.faults.clear();
      const before = changes().length;
      const again = await shop.run([...APPLY, ...args], env);
      expect([again.code, again.stderr, changes().length]).toEqual([0, "", before]);
      expect((await shop.run(["destroy", "--yes", ...args], env)).code).toBe(0);
      expect(shop.made()).toEqual([]);
      await stop?.();
    },
  );

  it("with a record each make every object once: what the other one has made is not taken over, nor destroyed with the rest", async () => {
    // Long beside what the starts of two processes differ in: both have planned before either of them creates anything.
    shop.simulator.faults.set({ latency: 600 });
    const record = (name: string): string[] => ["--record", `${name}.json`];
    const both = ["mine", "theirs"].map((name) => shop.run([...APPLY, ...record(name)]));
    const results: CommandResult[] = await Promise.all(both);
    shop.simulator.faults.clear();
    // Which of them makes the fabric, and so the rest, is a matter of milliseconds.
    expect(results.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(results.map(({ stderr }) => stderr).join("")).toContain("It was not there when the plan was made");
    expect(shop.made()).toEqual(SHOP_MADE);

    const [winner, loser] = results[0]?.code === 0 ? ["mine", "theirs"] : ["theirs", "mine"];
    const again = await shop.run([...APPLY, ...record(loser)]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force existing")]);
    expect((await shop.run(["destroy", "--yes", ...record(loser)])).code).toBe(0);
    expect(shop.made()).toEqual(SHOP_MADE);
    expect((await shop.run(["destroy", "--yes", ...record(winner)])).code).toBe(0);
    expect(shop.made()).toEqual([]);
  });

  it("on one saved plan apply it once: the later one is told that the plan is stale", async () => {
    expect((await shop.run(["plan", "--format", "json", "--output", "saved.json"])).code).toBe(2);
    shop.simulator.faults.set({ latency: LATENCY_MS });
    const first = shop.start(["apply", "saved.json", "--yes", "--concurrency", "1"]);
    await first.said("fabric shop: creating...");
    expect((await shop.run(["apply", "saved.json", "--yes"])).stderr).toContain("works with the same record");
    expect((await first.result).code).toBe(0);
    await setTimeout(LATENCY_MS);
    shop.simulator.faults.clear();
    const late = await shop.run(["apply", "saved.json", "--yes"]);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining("plan")]);
    expect(shop.made()).toEqual(SHOP_MADE);
  });
});
