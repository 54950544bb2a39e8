import { setTimeout } from "node:timers/promises";
import { spawn, spawnSync } from "node:child_process";
import { programFile, RunningCommand } from "../support/command-line";
import { watchSecrets } from "../support/secrets";
import { changed, SHOP, SHOP_MADE } from "../support/shop-document";
import { StateServer } from "../support/state-server";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(120_000);

const RECORD = "maas-network.record.json";

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

const LATENCY_MS = 700;

/** A run with its first step under way, on a region that takes its time. */
async function underWay(): Promise<RunningCommand> {
  shop.simulator.faults.set({ latency: LATENCY_MS });
  const run = shop.start(["apply", "--yes", "--concurrency", "1"]);
  await run.said("fabric shop: creating...");
  return run;
}

/** The same command again, which is to finish what was begun. */
async function expectFinishedByAnotherRun(): Promise<void> {
  // What was sent before the end is carried out by then, and not between the plan and the changes of the next run.
  await setTimeout(LATENCY_MS + 300);
  shop.simulator.faults.clear();
  const again = await shop.run(["apply", "--yes"]);
  expect([again.stderr, again.code, shop.made()]).toEqual(["", 0, SHOP_MADE]);
}

describe("a run that does not come to its end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "finishes what is under way after %s, says so, and is resumed",
    async (signal) => {
      const run = await underWay();
      run.kill(signal);
      const { code, stdout, stderr } = await run.result;
      expect([code, shop.made()]).toEqual([1, ["fabric shop"]]);
      expect(stdout).toContain("Interrupted: what is under way is finished, and nothing else is begun.\n");
      expect(stdout).toContain("fabric shop: created after");
      expect(stderr).toContain("error: the run was interrupted: 1 done, 0 failed, 3 not tried\n");
      expect(stderr).toContain("  create subnet 10.77.0.0/24\n");
      expect(stderr).toContain("Run the same command again: it goes on where this one stopped.");
      await expectFinishedByAnotherRun();
    },
  );

  test.each(["SIGINT", "SIGTERM"] as const)(
    "ends at once after %s before its changes begin, and leaves no lock on the server of the record",
    async (signal) => {
      const server = await StateServer.start("gitlab");
      shop.simulator.faults.set({ latency: 5_000 });
      const run = shop.start(["apply", "--yes", "--record", "http"], { env: server.environment });
      while (!server.requests.includes("GET ")) await setTimeout(20);
      run.kill(signal);
      const { code, stderr } = await run.result;
      expect([code, stderr]).toEqual([1, "error: interrupted, and nothing was changed [MAAS-RUN-08]\n"]);
      expect([server.lock, server.state]).toEqual([undefined, undefined]);
      await server.stop();
    },
  );

  test("ends at once after the second signal, and is resumed", async () => {
    const run = await underWay();
    run.kill("SIGINT");
    await run.said("Interrupted");
    run.kill("SIGINT");
    const { code, stderr } = await run.result;
    expect([code, stderr]).toEqual([-1, ""]);
    await expectFinishedByAnotherRun();
  });

  test("has its objects on record before it begins, so that one that is killed is resumed", async () => {
    const run = await underWay();
    expect(shop.read(RECORD)).toContain('"shop:30"');
    run.kill("SIGKILL");
    await run.result;
    await expectFinishedByAnotherRun();
  });

  test("says what failed in MAAS's words, where, what is done and what was not tried, and is resumed", async () => {
    shop.wants({ ...SHOP, ip_range: [] });
    await shop.run(["apply", "--yes"]);
    const foreign = await shop.addRange("10.77.0.0/24", "10.77.0.5", "10.77.0.20");
    const later = changed(SHOP.ip_range, { start_ip: "10.77.0.200", end_ip: "10.77.0.209" }).map((range) => ({
      ...range,
      ...{ key: "10.77.0.200-10.77.0.209 in 10.77.0.0/24", path: "shop/later" },
    }));
    shop.wants({
      ...SHOP,
      vlan: changed(SHOP.vlan, { mtu: 9000 }),
      ip_range: [...SHOP.ip_range, ...later],
    });
    const plan = await shop.run(["plan"]);
    expect(`${plan.stdout}${plan.stderr}`).toContain("[IP range 10.77.0.5-10.77.0.20 in 10.77.0.0/24 of the region]");
    const { code, stdout, stderr } = await shop.run(["apply", "--yes", "--force", "rules", "--concurrency", "1"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^IP range 10\.77\.0\.2-10\.77\.0\.9 in 10\.77\.0\.0\/24: creating failed after .* \(2\/3\)$/m,
    );
    expect(stderr).toContain("error: 1 of 3 changes failed: 1 done, 1 failed, 1 not tried\n");
    expect(stderr).toContain("IP range 10.77.0.2-10.77.0.9 in 10.77.0.0/24: creating failed [shop/routers]\n");
    expect(stderr).toContain("conflicts with an existing range");
    expect(stderr).toContain("Not tried:\n  create IP range 10.77.0.200-10.77.0.209 in 10.77.0.0/24\n");
    expect(stderr).toContain(`overlaps the reserved range 10.77.0.5-10.77.0.20 (IP range ${foreign})`);
    const asJson = await shop.run([
      "apply",
      "--yes",
      "--force",
      "rules",
      "--concurrency",
      "1",
      "--error-format",
      "json",
    ]);
    expect(JSON.parse(asJson.stderr)).toMatchObject({
      error: {
        kind: "run",
        problems: [
          {
            ...{ path: "shop/routers", attribute: "start_ip" },
            what: expect.stringContaining("overlaps the reserved range 10.77.0.5-10.77.0.20") as string,
          },
        ],
        steps: { done: [], failed: [{ action: "create", kind: "ip_range" }], not_tried: [{ path: "shop/later" }] },
      },
    });
    await shop.removeRange(foreign);
    const again = await shop.run(["apply", "--yes"]);
    expect([again.stderr, again.code]).toEqual(["", 0]);
  });
});

const hasScript = spawnSync("script", ["--version"]).status === 0;

/** Runs `apply` on a terminal of its own, and answers its question. */
async function onTerminal(answer: string): Promise<{ readonly code: number; readonly stdout: string }> {
  const command = `'${process.execPath}' '${programFile("cdktf-maas-apply")}' apply`;
  const args = ["-qec", command, "/dev/null"];
  const env = { PATH: process.env.PATH, TERM: "xterm", MAAS_API_KEY: shop.simulator.apiKey };
  const check = watchSecrets({ args, env });
  const run = new RunningCommand(spawn("script", args, { cwd: shop.path, env }), check);
  await run.said("Only yes is accepted");
  run.type(answer);
  return run.result;
}

describe("apply on a terminal", () => {
  if (!hasScript) {
    process.stderr.write("\n*** SKIPPED, for there is no `script` (util-linux): apply on a terminal\n");
    test.skip("asks first", () => undefined);
    return;
  }

  test("asks, in colours, and goes on after yes", async () => {
    const { code, stdout } = await onTerminal("yes\r");
    expect([code, shop.made()]).toEqual([0, SHOP_MADE]);
    expect(stdout).toContain("\u001b[32m");
  });

  test.each([
    ["anything but yes", "y\r"],
    ["an interrupt", "\u0003"],
    ["the end of the input", "\u0004"],
  ])("changes nothing after %s", async (_, answer) => {
    const { code, stdout } = await onTerminal(answer);
    expect([code, shop.made(), shop.has(RECORD)]).toEqual([1, [], false]);
    expect(stdout).toContain("not confirmed, and nothing was changed");
  });
});
