import type { DocumentObject } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { isSavedPlan, readSavedPlan } from "../../src/reconcile/engine/plan/plan";
import { changed, SHOP } from "../support/shop-document";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(60_000);

const V6 = "2001:db8:77::/64";

const ipv6 = (attributes: Attributes, key: string, path: string): DocumentObject => ({
  ...{ key, path, origin: "create", attributes },
});

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

  test("names what apply would refuse, with why and what to do, and fails for it with --guard only, unless it is forced", async () => {
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
    const forced = await shop.run(["plan", "--record", "none", "--guard", "--force", "existing"]);
    expect([forced.code, forced.stderr]).toEqual([0, ""]);
    const shown = await shop.run(["plan", "--record", "none", "--force", "existing"]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.not.stringContaining("refused")]);
    shop.wants({ ...SHOP, ip_range: [] });
    const limited = ["plan", "--guard", "--max-deletions"];
    expect((await shop.run([...limited, "0"])).code).toBe(1);
    expect((await shop.run([...limited, "1"])).code).toBe(0);
  });

  test("with --guard exits with 0 when there are changes that apply would make", async () => {
    const { code, stdout } = await shop.run(["plan", "--guard"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Plan: 4 to create")]);
  });

  test("names objects by their titles, and each path once, in what would be refused", async () => {
    await shop.run(["apply", "--yes"]);
    const { stdout } = await shop.run(["plan", "--record", "none"]);
    expect(stdout).toContain("    VLAN shop:30 [shop/vlan]\n");
    expect(stdout).toContain("    IP range 10.77.0.2-10.77.0.9 in 10.77.0.0/24 [shop/routers]\n");
    shop.write("maas-network.json", shop.read("maas-network.json").replace(/ *"path".*\n/g, ""));
    const handWritten = await shop.run(["plan", "--record", "none"]);
    expect(handWritten.stdout).toContain("    VLAN shop:30\n");
  });

  test("plans with --destroy what destroy would do, and apply runs it as saved", async () => {
    await shop.run(["apply", "--yes"]);
    const save = ["plan", "--destroy", "--format", "json", "--output", "plan.json"];
    expect((await shop.run(["plan", "--destroy"])).stdout).toContain(
      "Plan: 0 to create, 0 to update, 4 to delete, 0 to release.",
    );
    expect((await shop.run(save)).code).toBe(2);
    const { code, stdout } = await shop.run(["apply", "plan.json", "--yes"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Done: 0 created, 0 updated, 4 deleted, 0 released.")]);
    expect([shop.made(), shop.has("maas-network.record.json")]).toEqual([[], false]);
    const stale = await shop.run(["apply", "plan.json", "--yes"]);
    expect([stale.code, stale.stderr]).toEqual([
      1,
      expect.stringContaining("cdktf-maas plan --destroy --format json --output plan.json"),
    ]);
  });

  test("tells what the rules warn of, in one line each, and what is suppressed not", async () => {
    const pool = { type: "dynamic", start_ip: "2001:db8:77:0:1::", end_ip: "2001:db8:77:0:1::ffff", subnet: V6 };
    const objects = {
      ...SHOP,
      subnet: [...(SHOP.subnet ?? []), ipv6({ cidr: V6, vlan: "shop:30" }, V6, "shop/v6")],
      ip_range: [...(SHOP.ip_range ?? []), ipv6(pool, `2001:db8:77:0:1::-2001:db8:77:0:1::ffff in ${V6}`, "shop/pool")],
    };
    shop.wants(objects);
    const text = await shop.run(["plan"]);
    expect(text.stdout).toMatch(/^warning: MAAS6-RTR-01 \[shop\/v6\] .*\. Fix: .*$/m);
    const warned = async (): Promise<unknown> => JSON.parse((await shop.run(["plan", "--format", "json"])).stdout);
    expect(await warned()).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ id: "MAAS6-RTR-01", path: "shop/v6" })]) as unknown,
    });
    const suppression = { id: "MAAS6-RTR-01", where: "shop/v6", reason: "a router beside MAAS sends them" };
    const document = JSON.parse(shop.read("maas-network.json")) as object;
    shop.write("maas-network.json", JSON.stringify({ ...document, suppressions: [suppression] }));
    expect((await shop.run(["plan"])).stdout).not.toContain("MAAS6-RTR-01");
  });

  test("takes a suppression that matches nothing for one of another part of the app", async () => {
    const suppression = { id: "MAAS6-RTR-01", where: "elsewhere/v6", reason: "a router beside MAAS sends them" };
    const document = JSON.parse(shop.read("maas-network.json")) as object;
    shop.write("maas-network.json", JSON.stringify({ ...document, suppressions: [suppression] }));
    expect(await shop.run(["plan", "--guard"])).toMatchObject({ code: 0, stderr: "" });
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
    for (const env of [{ CI: "1" }, { CI: "true", TERM: "xterm-256color" }, { FORCE_COLOR: "0" }])
      expect((await shop.run(["plan"], env)).stdout).not.toContain(escape);
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

  test.each([["plan"], ["destroy"], ["verify"], ["graph"]])(
    "says what a saved plan given to %s is for",
    async (command) => {
      await shop.run(["plan", "--format", "json", "--output", "plan.json"]);
      const { code, stdout, stderr } = await shop.run([command, "plan.json"]);
      expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("cdktf-maas apply plan.json")]);
    },
  );

  test.each([["plan"], ["graph"]])("says with %s which file can't be written, and what to do", async (command) => {
    const { code, stderr } = await shop.run([command, "maas-network.json", "--output", "absent/it"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: absent\/it: it can't be written .*--output/)]);
  });

  test("reads a document behind the mark that some editors put first", async () => {
    shop.write("maas-network.json", `\uFEFF${shop.read("maas-network.json")}`);
    expect((await shop.run(["plan"])).code).toBe(2);
  });

  test.each(["", "env:", "env:A-B"])("does not take %j for a record", async (name) => {
    const { code, stderr } = await shop.run(["plan", "--record", name]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("env:MAAS_RECORD")]);
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
