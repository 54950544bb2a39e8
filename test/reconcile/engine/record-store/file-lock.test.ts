import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { lockRecordFile } from "../../../../src/reconcile/engine/record-store/file-lock";
import { RecordLockedError } from "../../../../src/reconcile/engine/record-store/record-store";
import { SHOP_MADE } from "../../../support/shop-document";
import { ShopFolder } from "../../../support/shop-folder";
import { run } from "../../../support/terraform";

jest.setTimeout(60_000);

const LOCK = "maas-network.record.json.lock";

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

describe("the lock of a record", () => {
  test("keeps a second run away while the first one is under way, and is gone after it", async () => {
    shop.simulator.faults.set({ latency: 800 });
    const first = shop.start(["apply", "--yes"]);
    await first.said("fabric shop: creating...");
    const second = await shop.run(["destroy", "--yes"]);
    expect([second.code, second.stdout]).toEqual([1, ""]);
    expect(second.stderr).toMatch(
      /^error: the run of process \d+ on \S+ works with the same record, and nothing was changed/,
    );
    expect(second.stderr).toContain(`rm '${LOCK}'`);
    expect((await shop.run(["plan"])).code).not.toBe(1);
    expect([(await first.result).code, shop.made(), shop.has(LOCK)]).toEqual([0, SHOP_MADE, false]);
  });

  test("of a run that was killed is no obstacle", async () => {
    shop.simulator.faults.set({ latency: 300 });
    const killed = shop.start(["apply", "--yes"]);
    await killed.said("fabric shop: creating...");
    killed.kill("SIGKILL");
    await killed.result;
    shop.simulator.faults.clear();
    expect(shop.has(LOCK)).toBe(true);
    const again = await shop.run(["apply", "--yes"]);
    expect([again.stderr, again.code, shop.has(LOCK)]).toEqual(["", 0, false]);
  });

  test("of another host, or of nobody that can be named, stays until it is removed", async () => {
    const other = { pid: 1, host: `not-${hostname()}` };
    for (const text of [JSON.stringify(other), "", "null", "7", '{"pid":"1"}']) {
      shop.write(LOCK, text);
      const { code, stderr } = await shop.run(["apply", "--yes", "--error-format", "json"]);
      expect([code, JSON.parse(stderr)]).toMatchObject([1, { error: { kind: "locked", file: LOCK } }]);
      expect([shop.made(), shop.read(LOCK)]).toEqual([[], text]);
    }
  });

  test("that is stale is taken by one of many runs that find it at once", async () => {
    const locking = join(shop.path, "locking.js");
    const source = join(__dirname, "../../../../src/reconcile/engine/record-store/file-lock.ts");
    buildSync({ entryPoints: [source], outfile: locking, bundle: true, platform: "node", format: "cjs" });
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (let round = 0; round < 8; round += 1) {
      shop.write(LOCK, JSON.stringify({ pid: dead, host: hostname() }));
      // All begin at one moment, and whoever has the lock keeps it until the others have tried.
      const script = `
        const { lockRecordFile } = require("./locking.js");
        const start = ${Date.now() + 700};
        while (Date.now() < start);
        lockRecordFile("maas-network.record.json").then(() => {
          console.log("held");
          setTimeout(() => undefined, 1500);
        });`;
      const runs = Array.from({ length: 5 }, () =>
        run(process.execPath, ["-e", script], { cwd: shop.path, env: process.env }),
      );
      const held = (await Promise.all(runs)).filter(({ output }) => output.startsWith("held"));
      const left = readdirSync(shop.path).filter((name) => name.includes(".lock"));
      expect({ round, held: held.length, left }).toEqual({ round, held: 1, left: [] });
    }
  });

  test("is not asked for where there is no record to write", async () => {
    shop.write(LOCK, "");
    expect((await shop.run(["apply", "--yes", "--record", "none"])).code).toBe(0);
  });

  test("keeps a second run of the same process away as well, until it is released", async () => {
    const record = join(shop.path, "own.json");
    const lock = await lockRecordFile(record);
    await expect(lockRecordFile(record)).rejects.toThrow(RecordLockedError);
    await lock.release();
    expect(shop.has("own.json.lock")).toBe(false);
    await (await lockRecordFile(record)).release();
  });
});
