import { hostname } from "node:os";
import { SHOP_MADE } from "../support/shop-document";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(60_000);

const LOCK = "maas-network.record.json.lock";

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

describe("the lock of a record", () => {
  test("keeps a second run away while the first one is under way, and is gone after it", async () => {
    shop.simulator.faults.set({ latency: 300 });
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
    for (const text of [JSON.stringify(other), ""]) {
      shop.write(LOCK, text);
      const { code, stderr } = await shop.run(["apply", "--yes", "--error-format", "json"]);
      expect([code, JSON.parse(stderr)]).toMatchObject([1, { error: { kind: "locked", file: LOCK } }]);
      expect([shop.made(), shop.read(LOCK)]).toEqual([[], text]);
    }
  });

  test("is not asked for where there is no record to write", async () => {
    shop.write(LOCK, "");
    expect((await shop.run(["apply", "--yes", "--record", "none"])).code).toBe(0);
  });
});
