import { openRegion } from "../../../src/reconcile/kinds";
import { tryResolve } from "../../../src/reconcile/references/lookups";
import { resolve } from "../../../src/reconcile/references/references";
import type { Region } from "../../../src/reconcile/region/region";
import { startRegion, type TestRegion } from "../../support/region";

let maas: TestRegion;
let region: Region;

beforeAll(async () => {
  maas = await startRegion();
  region = openRegion(maas.api);
});

afterAll(() => maas.stop());

test("a VLAN is found by its fabric's name in any script, and its VID in any digits", async () => {
  const { id } = (await maas.api.post("fabrics/", [["name", "Büro"]])) as { id: number };
  const vlan = (await maas.api.post(`fabrics/${id}/vlans/`, [["vid", "3"]])) as { id: number };
  for (const key of ["Büro:3", "Büro:٣", "Büro:３", `${id}:3`])
    expect(await resolve(region, "vlan", key)).toBe(String(vlan.id));
  expect(await tryResolve(region, "vlan", "Büro:x")).toBeUndefined();
});
