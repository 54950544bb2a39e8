import { changed, SHOP, SHOP_MADE } from "../support/shop-document";
import { ShopFolder } from "../support/shop-folder";

jest.setTimeout(60_000);

const RECORD = "maas-network.record.json";

let shop: ShopFolder;

beforeEach(async () => {
  shop = await ShopFolder.start();
});

afterEach(() => shop.stop());

describe("cdktf-maas destroy", () => {
  test("deletes what the record names, and then the record", async () => {
    await shop.run(["apply", "--yes"]);
    shop.wants({});
    const { code, stdout } = await shop.run(["destroy", "--yes"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Done: 0 created, 0 updated, 4 deleted, 0 released.")]);
    expect([shop.made(), shop.has(RECORD)]).toEqual([[], false]);
  });

  test("deletes what the document makes where there is no record, and finds nothing the second time", async () => {
    await shop.run(["apply", "--yes", "--record", "none"]);
    expect((await shop.run(["destroy", "--yes", "--record", "none"])).code).toBe(0);
    expect(shop.made()).toEqual([]);
    const again = await shop.run(["destroy"]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
  });

  test("takes the record for the document where that is gone", async () => {
    await shop.run(["apply", "--yes"]);
    shop.write("maas-network.json", "");
    const { code } = await shop.run(["destroy", RECORD, "--record", "none", "--yes"]);
    expect([code, shop.made()]).toEqual([0, []]);
  });

  test("restores what was adopted instead of deleting it", async () => {
    await shop.run(["apply", "--yes", "--record", "none"]);
    shop.wants({
      fabric: changed(SHOP.fabric, {}, "look_up"),
      vlan: changed(SHOP.vlan, { mtu: 9000 }, "adopt"),
    });
    const mtu = () => shop.simulator.state.vlans.find(({ vid }) => vid === 30)?.mtu;
    await shop.run(["apply", "--yes"]);
    expect(mtu()).toBe(9000);
    const { code, stdout } = await shop.run(["destroy", "--yes"]);
    expect([code, mtu()]).toEqual([0, 1500]);
    expect(stdout).toContain("  < VLAN shop:30 [shop/vlan]\n      mtu: 9000 -> 1500\n");
  });

  test("refuses without --yes where there is no terminal, and what would take something foreign along", async () => {
    await shop.run(["apply", "--yes"]);
    expect((await shop.run(["destroy"])).stderr).toContain("add --yes");
    shop.write("some.json", shop.read(RECORD));
    shop.wants({ ...SHOP, ip_range: [] });
    await shop.run(["destroy", "--yes", "--record", "none"]);
    expect(shop.made()).toEqual(SHOP_MADE);
    const { stderr } = await shop.run(["destroy", "--yes", "--record", "none"]);
    expect(stderr).toContain("foreign: ");
    expect((await shop.run(["destroy", "--yes", "--record", "none", "--force", "foreign"])).code).toBe(0);
    expect(shop.made()).toEqual([]);
  });
});
