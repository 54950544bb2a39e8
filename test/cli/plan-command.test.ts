import { isSavedPlan, readSavedPlan } from "../../src/reconcile/engine/plan";
import { changed, SHOP } from "../support/shop-document";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(60_000);

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

describe("cdktf-maas plan", () => {
  test("shows what is to be made, changes nothing, writes no record, and exits with 2", async () => {
    const before = shop.made();
    const { code, stdout, stderr } = await shop.run(["plan"]);
    expect([code, stderr]).toEqual([2, ""]);
    expect(stdout).toContain("  + fabric shop [shop/fabric]\n");
    expect(stdout).toContain('      gateway_ip       = "10.77.0.1"\n');
    expect(stdout).toContain("Plan: 4 to create, 0 to update, 0 to delete, 0 to release.\n");
    expect(shop.made()).toEqual(before);
    expect(shop.has("maas-network.record.json")).toBe(false);
    expect(shop.simulator.requests.all().map(({ method }) => method)).toEqual(
      shop.simulator.requests.all().map(() => "GET"),
    );
  });

  test("exits with 0 when the region is as the document wants it, and says so", async () => {
    await shop.run(["apply", "--yes"]);
    const { code, stdout } = await shop.run(["plan"]);
    expect([code, stdout.trim().split("\n").at(-1)]).toEqual([
      0,
      "No changes. The region is as the document wants it.",
    ]);
  });

  test("shows an update with what is live and what is desired, a deletion, and a replacement as one", async () => {
    await shop.run(["apply", "--yes"]);
    shop.wants({
      ...SHOP,
      vlan: changed(SHOP.vlan, { mtu: 9000 }),
      ip_range: changed(SHOP.ip_range, { type: "dynamic" }),
    });
    const update = await shop.run(["plan"]);
    expect(update.stdout).toContain("  ~ VLAN shop:30 [shop/vlan]\n      mtu: 1500 -> 9000\n");
    expect(update.stdout).toContain("-/+ IP range 10.77.0.2-10.77.0.9 in 10.77.0.0/24 [shop/routers]\n");
    expect(update.stdout).toContain('      type: "reserved" -> "dynamic"\n');
    expect(update.stdout).toContain("Plan: 1 to create, 1 to update, 1 to delete, 0 to release.");
    shop.wants({ ...SHOP, ip_range: [] });
    const deletion = await shop.run(["plan"]);
    expect(deletion.stdout).toContain("  - IP range 10.77.0.2-10.77.0.9 in 10.77.0.0/24 [shop/routers]\n");
  });

  test("names what apply would refuse, with why and what to do, and fails for it with --guard only", async () => {
    await shop.run(["apply", "--yes"]);
    const plan = await shop.run(["plan", "--record", "none"]);
    expect([plan.code, plan.stderr]).toEqual([0, ""]);
    expect(plan.stdout).toContain("This plan would be refused:\n\nexisting: ");
    expect(plan.stdout).toContain("--force existing");
    const guarded = await shop.run(["plan", "--record", "none", "--guard"]);
    expect(guarded.code).toBe(1);
    expect(guarded.stdout).not.toContain("refused");
    expect(guarded.stderr).toContain("existing: the region has 4 objects that the document is to make");
    expect(guarded.stderr).toContain("  Fix: ");
    expect((await shop.run(["plan", "--guard"])).code).toBe(0);
  });

  test("writes JSON that apply can run, without the API key", async () => {
    const { code, stdout } = await shop.run(["plan", "--format", "json", "--output", "plan.json"]);
    expect([code, stdout]).toEqual([2, ""]);
    const text = shop.read("plan.json");
    expect(isSavedPlan(text)).toBe(true);
    expect(readSavedPlan(text).region).toBe(shop.simulator.url);
    expect(JSON.parse(text)).toMatchObject({ refusals: [], steps: [{ action: "create", kind: "fabric" }, {}, {}, {}] });
    for (const part of shop.simulator.apiKey.split(":")) expect(text).not.toContain(part);
    const onStdout = await shop.run(["plan", "--format", "json"]);
    expect(onStdout.stdout).toBe(text);
  });

  test("writes Markdown for a pull request: a table of the changes, and refusals whose objects are folded", async () => {
    const { stdout } = await shop.run(["plan", "--format", "markdown"]);
    expect(stdout).toContain("| Action | Object | Attributes | Where |\n| --- | --- | --- | --- |\n");
    expect(stdout).toContain('| `+` create | fabric shop | name = "shop" | shop/fabric |\n');
    expect(stdout).toContain("**Plan: 4 to create, 0 to update, 0 to delete, 0 to release.**");
    await shop.run(["apply", "--yes"]);
    shop.wants({ ...SHOP, ip_range: changed(SHOP.ip_range, { comment: "a|b`c" }) });
    const refused = await shop.run(["plan", "--format", "markdown", "--record", "none"]);
    expect(refused.stdout).toContain('comment: "routers" → "a\\|b\\`c"');
    expect(refused.stdout).toContain("<details>\n<summary>4 in all</summary>");
  });

  test("is coloured where colours are forced, and neither with NO_COLOR, --no-color nor in a file", async () => {
    const escape = "\u001b[";
    expect((await shop.run(["plan"])).stdout).not.toContain(escape);
    expect((await shop.run(["plan"], { FORCE_COLOR: "1" })).stdout).toContain(`${escape}32m  +`);
    expect((await shop.run(["plan"], { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain(escape);
    expect((await shop.run(["plan", "--no-color"], { FORCE_COLOR: "1" })).stdout).not.toContain(escape);
    await shop.run(["plan", "--output", "plan.txt"], { FORCE_COLOR: "1" });
    expect(shop.read("plan.txt")).not.toContain(escape);
  });

  test("asks the region that --url names, else the document's, else MAAS_API_URL, in any spelling", async () => {
    const { url } = shop.simulator;
    const nowhere = "http://127.0.0.1:1/MAAS";
    const reached = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> =>
      (await shop.run(["plan", ...args], env)).stdout.includes(`Region: ${url}\n`);
    expect(await reached([], { MAAS_API_URL: nowhere })).toBe(true);
    shop.wants(SHOP, nowhere);
    expect(await reached(["--url", `${url}/api/2.0/`], { MAAS_API_URL: nowhere })).toBe(true);
    shop.write("maas-network.json", shop.read("maas-network.json").replace(/ {2}"api_url".*\n/, ""));
    expect(await reached([], { MAAS_API_URL: `${url}/` })).toBe(true);
    const none = await shop.run(["plan"]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("MAAS_API_URL")]);
  });

  test("fails with 1 for a document that isn't there, is none, or can't be planned, and names the place", async () => {
    const missing = await shop.run(["plan", "absent.json"]);
    expect([missing.code, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toContain("absent.json: there is no such file. Give the maas-network.json");
    shop.write("none.json", "[1]");
    expect(await shop.run(["plan", "none.json"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("none.json") as string,
    });
    const broken = shop.read("maas-network.json").replace('"10.77.0.1"', '"10.99.0.1"');
    shop.write("maas-network.json", broken);
    const wrong = await shop.run(["plan"]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("/objects/subnet/0/attributes/gateway_ip")]);
    shop.wants({ subnet: [{ key: "10.79.0.0/24", path: "shop/other", origin: "look_up", attributes: {} }] });
    const absent = await shop.run(["plan"]);
    expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining("[shop/other]")]);
  });

  test("fails with 1 when the region can't be reached or refuses the key, and never shows a key", async () => {
    const unreachable = await shop.run(["plan", "--url", "http://127.0.0.1:1/MAAS"]);
    expect([unreachable.code, unreachable.stderr]).toEqual([1, expect.stringContaining("127.0.0.1:1")]);
    const key = "aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccccccccccccccccc";
    const refused = await shop.run(["plan"], { MAAS_API_KEY: key });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("MAAS_API_KEY")]);
    for (const part of key.split(":")) expect(refused.stderr + refused.stdout).not.toContain(part);
  });
});
