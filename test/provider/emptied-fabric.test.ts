import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver, type Told } from "../support/provider-driver";

// MAAS deletes a fabric when its last interface leaves it and no subnet is on it.

jest.setTimeout(60_000);

const NIC = { rack_controller: "rack1", name: "eth1", vlan: "lab:0" };

let simulator: MaasSimulator;
let provider: ProviderDriver;
let api: MaasClient;
let folder: string;
let fabric: Kept & { readonly state: Attributes };

async function startProvider(): Promise<void> {
  const { url, apiKey } = simulator;
  provider = await ProviderDriver.here({ MAAS_API_URL: url, MAAS_API_KEY: apiKey, TF_DATA_DIR: folder });
  expect(await provider.configure()).toEqual([]);
}

const nextRun = async (): Promise<void> => {
  await provider.stop();
  await startProvider();
};

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-emptied-"));
  await startProvider();
  fabric = await provider.make("maas_fabric", { name: "lab" });
});

afterEach(async () => {
  await provider.stop();
  await api.close();
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

const vlanOfNic = async (): Promise<unknown> => {
  const racks = (await api.get("rackcontrollers/")) as ObjectJson[];
  const nics = (racks[0]?.interface_set ?? []) as ObjectJson[];
  return (nics.find(({ name }) => name === "eth1")?.vlan as ObjectJson | null)?.id;
};
const fabrics = async (): Promise<unknown[]> => ((await api.get("fabrics/")) as ObjectJson[]).map(({ name }) => name);

/** The private state with which Terraform destroys an instance that it replaces: that of the plan of the new one. */
async function replacing(former: Kept, { isTainted = false } = {}): Promise<Kept> {
  const { private: refreshed } = await provider.read("maas_rack_interface", former);
  const seen = isTainted
    ? undefined
    : await provider.plan("maas_rack_interface", NIC, { ...former, private: refreshed });
  const plan = await provider.plan("maas_rack_interface", NIC, seen && { state: undefined, private: seen.private });
  expect(plan.told).toEqual([]);
  return { state: former.state, private: plan.private };
}

const planDestroy = async (kept: Kept): Promise<readonly Told[]> => {
  await nextRun();
  await provider.read("maas_fabric", fabric);
  await provider.plan("maas_fabric", { name: "lab" }, fabric);
  return provider.planDestroy("maas_rack_interface", await provider.read("maas_rack_interface", kept));
};

describe("the last interface of a fabric without a subnet", () => {
  test.each([
    ["replaced (-replace)", {}],
    ["tainted", { isTainted: true }],
  ])("is %s and stays there, and is restored by a destroy", async (_, how) => {
    const before = await vlanOfNic();
    const former = await provider.make("maas_rack_interface", NIC);
    const replaced = await replacing(former, how);
    expect(await provider.destroy("maas_rack_interface", replaced)).toEqual([]);
    const later = await provider.make("maas_rack_interface", NIC);
    expect((await provider.read("maas_fabric", fabric)).state).toEqual(fabric.state);
    await nextRun();
    expect(await provider.destroy("maas_rack_interface", later)).toEqual([]);
    expect(await vlanOfNic()).toBe(before);
  });

  test("leaves before its VLAN is restored, which has gone with the fabric then", async () => {
    const vlan = await provider.make("maas_vlan", { fabric: "lab", vid: 0, mtu: 9000 });
    const nic = await provider.make("maas_rack_interface", NIC);
    await nextRun();
    expect(await provider.destroy("maas_rack_interface", nic)).toEqual([]);
    expect(await fabrics()).not.toContain("lab");
    await nextRun();
    expect(await provider.destroy("maas_vlan", vlan)).toEqual([]);
    expect(await provider.destroy("maas_fabric", fabric)).toEqual([]);
  });

  test("is replaced along with the fabric", async () => {
    const before = await vlanOfNic();
    const former = await provider.make("maas_rack_interface", NIC);
    const replaced = await replacing(former);
    expect(await provider.destroy("maas_rack_interface", replaced)).toEqual([]);
    expect(await provider.destroy("maas_fabric", fabric)).toEqual([]);
    expect(await vlanOfNic()).toBe(before);
    const later = await provider.make("maas_fabric", { name: "lab" });
    const nic = await provider.make("maas_rack_interface", NIC);
    expect(await vlanOfNic()).toBe(Number(later.state.untagged_vlan));
    await nextRun();
    expect(await provider.destroy("maas_rack_interface", nic)).toEqual([]);
    expect(await vlanOfNic()).toBe(before);
  });

  test("is restored by a later run where its replacement was cut off after the destroy", async () => {
    const before = await vlanOfNic();
    const former = await provider.make("maas_rack_interface", NIC);
    const replaced = await replacing(former);
    expect(await provider.destroy("maas_rack_interface", replaced)).toEqual([]);
    await nextRun();
    const later = await provider.make("maas_rack_interface", NIC);
    await nextRun();
    expect(await provider.destroy("maas_rack_interface", later)).toEqual([]);
    expect(await vlanOfNic()).toBe(before);
  });

  test("leaves it with a warning when it is destroyed and the fabric is to stay", async () => {
    const nic = await provider.make("maas_rack_interface", NIC);
    const [told, ...others] = await planDestroy(nic);
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      severity: "warning",
      summary: "MAAS deletes the fabric lab when its last interface, eth1, leaves it",
      detail: expect.stringContaining('vlan = "lab:untagged"') as string,
    });
    await provider.make("maas_subnet", { cidr: "10.9.0.0/24", vlan: "lab:0" });
    expect(await planDestroy(nic)).toEqual([]);
  });

  test("leaves it with a warning when it moves, but within the fabric without one", async () => {
    const nic = await provider.make("maas_rack_interface", NIC);
    await provider.make("maas_vlan", { fabric: "lab", vid: 5 });
    await provider.make("maas_fabric", { name: "other" });
    await nextRun();
    const plan = async (type: string, config: Attributes, kept: Kept): Promise<readonly Told[]> =>
      (await provider.plan(type, config, await provider.read(type, kept))).told;
    await plan("maas_fabric", { name: "lab" }, fabric);
    expect(await plan("maas_rack_interface", { ...NIC, vlan: "lab:5" }, nic)).toEqual([]);
    expect(await plan("maas_rack_interface", { ...NIC, vlan: "other:0" }, nic)).toEqual([
      expect.objectContaining({ severity: "warning", attribute: "vlan" }),
    ]);
  });

  test.each([
    ["theirs", 1],
    ["fabric-1", 0],
  ])("that is taken over from the fabric %s of nobody's in the state: %d warning", async (name, count) => {
    await provider.make("maas_rack_interface", { ...NIC, rack_controller: "rack2" });
    const [, second] = (await api.get("fabrics/")) as ObjectJson[];
    await api.put(`fabrics/${textOf(second?.id)}/`, [["name", name]]);
    await nextRun();
    const { told } = await provider.plan("maas_rack_interface", NIC);
    expect(told).toHaveLength(count);
    expect((await provider.apply("maas_rack_interface", NIC)).told).toEqual([]);
    expect(await fabrics()).toEqual(["fabric-0", "lab"]);
  });
});
