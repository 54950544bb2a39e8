import { gzipSync } from "node:zlib";
import { changed, documentOf, SHOP, SHOP_MADE, shopWithSubnets } from "../support/shop-document";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(60_000);

const RECORD = "maas-network.record.json";

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

/** The record in environment variables, in parts of this many characters. */
function inEnvironment(name: string, text: string, size: number): NodeJS.ProcessEnv {
  const encoded = gzipSync(text).toString("base64");
  const parts = encoded.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
  return Object.fromEntries([...parts, "", ""].map((part, index) => [`${name}_${index}`, part]));
}

describe("cdktf-maas apply", () => {
  test("makes what the document wants, tells of each step in lines, keeps a record, and then finds nothing to do", async () => {
    const { code, stdout, stderr } = await shop.run(["apply", "--yes"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(shop.made()).toEqual(SHOP_MADE);
    expect(stdout).toContain("subnet 10.77.0.0/24: creating...\n");
    expect(stdout).toMatch(/^subnet 10\.77\.0\.0\/24: created after \d+ ms \(3\/4\)$/m);
    expect(stdout).toContain("Done: 4 created, 0 updated, 0 deleted, 0 released.\n");
    expect(JSON.parse(shop.read(RECORD))).toMatchObject({
      api_url: shop.simulator.url,
      objects: { fabric: [{ key: "shop" }] },
    });
    for (const part of shop.simulator.apiKey.split(":")) expect(stdout + shop.read(RECORD)).not.toContain(part);
    const again = await shop.run(["apply"]);
    expect([again.code, again.stderr]).toEqual([0, ""]);
    expect(again.stdout).toContain("No changes.");
  });

  test("deletes what the record has and the document no longer names, and nothing else", async () => {
    await shop.run(["apply", "--yes"]);
    shop.wants({ ...SHOP, ip_range: [] });
    const { code, stdout } = await shop.run(["apply", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("IP range 10.77.0.2-10.77.0.9 in 10.77.0.0/24: deleted after");
    expect(shop.made()).toEqual(SHOP_MADE.slice(0, 3));
    expect(shop.read(RECORD)).not.toContain("10.77.0.9");
  });

  test("writes a record when there is nothing to do, so that the next run knows whose it is", async () => {
    await shop.run(["apply", "--yes", "--record", "none"]);
    expect(shop.has(RECORD)).toBe(false);
    const { code } = await shop.run(["apply", "--force", "existing"]);
    expect([code, shop.has(RECORD)]).toEqual([0, true]);
    expect((await shop.run(["apply"])).code).toBe(0);
  });

  test("refuses without --yes where there is no terminal to ask on, and changes nothing", async () => {
    const { code, stderr } = await shop.run(["apply"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("add --yes")]);
    expect([shop.made(), shop.has(RECORD)]).toEqual([[], false]);
  });

  test("refuses to take over what it has not made, and does with --force existing", async () => {
    await shop.run(["apply", "--yes", "--record", "none"]);
    shop.wants({ ...SHOP, vlan: changed(SHOP.vlan, { mtu: 9000 }) });
    const refused = await shop.run(["apply", "--yes"]);
    expect([refused.code, shop.has(RECORD)]).toEqual([1, false]);
    expect(refused.stderr).toContain("existing: ");
    expect(refused.stderr).toContain("subnet 10.77.0.0/24 [shop/v4]");
    const forced = await shop.run(["apply", "--yes", "--force", "existing"]);
    expect([forced.code, forced.stdout]).toEqual([0, expect.stringContaining("Forced (existing): ")]);
  });

  test("refuses more deletions than are allowed, and the words to allow them do allow them", async () => {
    shop.wants(shopWithSubnets(3));
    await shop.run(["apply", "--yes"]);
    shop.wants(SHOP);
    const refused = await shop.run(["apply", "--yes", "--max-deletions", "2"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--max-deletions 3")]);
    expect(shop.made()).toContain("subnet 10.78.0.0/24");
    expect((await shop.run(["apply", "--yes", "--max-deletions", "3"])).code).toBe(0);
    expect(shop.made()).toEqual(SHOP_MADE);
  });

  test("takes several --force, and one with several words", async () => {
    shop.wants(shopWithSubnets(1));
    await shop.run(["apply", "--yes"]);
    const moved = shop.read(RECORD).replace(shop.simulator.url, "http://elsewhere.example:5240/MAAS");
    shop.write("moved.json", moved);
    shop.wants(SHOP);
    const command = ["apply", "--yes", "--max-deletions", "0", "--record", "moved.json"];
    expect((await shop.run([...command, "--force", "region"])).stderr).not.toContain("region: ");
    const forced = await shop.run([...command, "--force", "region,deletions"]);
    expect(forced.code).toBe(0);
    shop.wants({});
    const again = await shop.run([...command, "--force", "region", "--force", "deletions"]);
    expect([again.code, shop.made()]).toEqual([0, []]);
  });

  test("changes and deletes with --existing-only, and creates nothing that this does not need", async () => {
    await shop.run(["apply", "--yes"]);
    shop.wants({ ...shopWithSubnets(1), vlan: changed(SHOP.vlan, { mtu: 9000 }), ip_range: [] });
    const { code, stdout } = await shop.run(["apply", "--yes", "--existing-only"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Done: 0 created, 1 updated, 1 deleted, 0 released.")]);
    // What is still to be made is on record as well as what was.
    expect(shop.read(RECORD)).toContain("10.78.0.0/24");
    expect(shop.read(RECORD)).toContain("10.77.0.9");
    const rest = await shop.run(["apply", "--yes"]);
    expect([rest.stderr, rest.code]).toEqual(["", 0]);
    expect(shop.read(RECORD)).not.toContain("10.77.0.9");
  });

  test("reads a record from the environment, in as many parts as there are, and writes none", async () => {
    await shop.run(["apply", "--yes"]);
    const env = inEnvironment("MADE", shop.read(RECORD), 100);
    expect(Object.keys(env).length).toBeGreaterThan(4);
    shop.wants({ ...SHOP, ip_range: [] });
    const before = shop.read(RECORD);
    const { code } = await shop.start(["apply", "--yes", "--record", "env:MADE"], { env }).result;
    expect([code, shop.made(), shop.read(RECORD)]).toEqual([0, SHOP_MADE.slice(0, 3), before]);
  });

  test("takes no variables for no record, and says what is wrong with a part of one", async () => {
    expect((await shop.run(["apply", "--yes", "--record", "env:MADE"])).code).toBe(0);
    const { MADE_0 } = inEnvironment("MADE", documentOf(SHOP, shop.simulator.url), 40);
    const { code, stderr } = await shop.start(["apply", "--yes", "--record", "env:MADE"], { env: { MADE_0 } }).result;
    expect([code, stderr]).toEqual([1, expect.stringContaining("env:MADE: the variables hold no record")]);
  });

  test("says so when the record can't be written, before it changes anything", async () => {
    const { code, stderr } = await shop.run(["apply", "--yes", "--record", "absent/record.json"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("absent/record.json: the record can't be written")]);
    expect(shop.made()).toEqual([]);
  });
});

describe("cdktf-maas apply with a saved plan", () => {
  const save = () => shop.run(["plan", "--format", "json", "--output", "plan.json"]);

  test("runs it, with the record that it was made with", async () => {
    await save();
    const { code, stdout } = await shop.run(["apply", "plan.json", "--yes"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`(${SHOP_MADE.length}/${SHOP_MADE.length})`)]);
    expect([shop.made(), shop.has(RECORD)]).toEqual([SHOP_MADE, true]);
  });

  test("runs it where neither document nor record has come along", async () => {
    await shop.run(["apply", "--yes", "--record", "here.json"]);
    shop.wants({ ...SHOP, ip_range: [] });
    await shop.run(["plan", "--record", "here.json", "--format", "json", "--output", "plan.json"]);
    const text = shop.read("plan.json").replace('"recordName": "here.json"', '"recordName": "there.json"');
    shop.write("plan.json", text);
    shop.write("maas-network.json", "");
    const { code } = await shop.run(["apply", "plan.json", "--yes"]);
    expect([code, shop.made()]).toEqual([0, SHOP_MADE.slice(0, 3)]);
  });

  test("refuses it once the region has changed, and runs it made anew with --force stale", async () => {
    await save();
    await shop.run(["apply", "--yes"]);
    shop.wants({ ...SHOP, vlan: changed(SHOP.vlan, { mtu: 9000 }) });
    await shop.run(["apply", "--yes"]);
    const stale = await shop.run(["apply", "plan.json", "--yes"]);
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringContaining("stale: the saved plan is stale")]);
    expect(stale.stderr).toContain("cdktf-maas plan --format json --output plan.json");
    const forced = await shop.run(["apply", "plan.json", "--yes", "--force", "stale"]);
    expect([forced.code, forced.stdout]).toEqual([0, expect.stringContaining("Done: 0 created, 1 updated")]);
    expect(shop.simulator.state.vlans.find(({ vid }) => vid === 30)?.mtu).toBe(1500);
  });

  test("refuses it for another region", async () => {
    await save();
    const { code, stderr } = await shop.run([
      "apply",
      "plan.json",
      "--yes",
      "--url",
      "http://elsewhere.example:5240/MAAS",
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("plan.json is a plan for")]);
    expect(shop.made()).toEqual([]);
  });

  test("refuses one of another version, or one that is not whole", async () => {
    await save();
    const plan = shop.read("plan.json");
    shop.write("plan.json", plan.replace('"version": 1', '"version": 7'));
    expect((await shop.run(["apply", "plan.json", "--yes"])).stderr).toContain("of version 7");
    shop.write("plan.json", plan.replace('"hash"', '"other"'));
    expect((await shop.run(["apply", "plan.json", "--yes"])).stderr).toContain("not whole");
    expect(shop.made()).toEqual([]);
  });
});
