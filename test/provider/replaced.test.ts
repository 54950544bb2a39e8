import type { ObjectJson } from "../../src/maas/codec";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";

jest.setTimeout(60_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;
let api: MaasClient;

type Made = Kept & { readonly state: Attributes };

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  provider = await startProvider();
});

afterEach(async () => {
  await provider.stop();
  await api.close();
  await simulator.stop();
});

/** The provider as a process of its own, as Terraform starts one to plan and one to apply. */
async function startProvider(): Promise<ProviderDriver> {
  const started = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  expect(await started.configure()).toEqual([]);
  return started;
}

/** Destroys the object and creates it again in one process, as Terraform does to replace it; the next run is another one. */
async function replace(type: string, config: Attributes, former: Made): Promise<Made> {
  await provider.stop();
  provider = await startProvider();
  expect(await provider.destroy(type, former)).toEqual([]);
  const made = await provider.make(type, config);
  await provider.stop();
  provider = await startProvider();
  return made;
}

test("the VLANs of a space that is replaced are in it again, somebody else's too", async () => {
  const fabric = await provider.make("maas_fabric", { name: "lab" });
  const space = await provider.make("maas_space", { name: "storage" });
  const vlan = await provider.make("maas_vlan", { fabric: "lab", vid: 5, space: "storage" });
  await api.put(`vlans/${textOf(fabric.state.untagged_vlan)}/`, [["space", "storage"]]);
  await replace("maas_space", { name: "storage" }, space);
  const read = await provider.read("maas_vlan", vlan);
  expect(read.state).toEqual(vlan.state);
  expect(await api.get(`vlans/${textOf(fabric.state.untagged_vlan)}/`)).toMatchObject({ space: "storage" });
});

test("a VLAN that has got another space meanwhile keeps that", async () => {
  await provider.make("maas_fabric", { name: "lab" });
  await provider.make("maas_space", { name: "other" });
  const space = await provider.make("maas_space", { name: "storage" });
  const vlan = await provider.make("maas_vlan", { fabric: "lab", vid: 5, space: "storage" });
  await provider.stop();
  provider = await startProvider();
  expect(await provider.destroy("maas_space", space)).toEqual([]);
  await api.put(`vlans/${textOf(vlan.state.id)}/`, [["space", "other"]]);
  await provider.make("maas_space", { name: "storage" });
  expect(await api.get(`vlans/${textOf(vlan.state.id)}/`)).toMatchObject({ space: "other" });
});

test.each([
  ["by its fabric's name", { fabric: "lab", vid: 5 }],
  ["by its fabric's id", { fabric: undefined, vid: 5 }],
])("what is on a VLAN %s that is replaced is on it again, by natural key too", async (_, { fabric: named, vid }) => {
  const fabric = await provider.make("maas_fabric", { name: "lab" });
  const config = { fabric: named ?? textOf(fabric.state.id), vid };
  const vlan = await provider.make("maas_vlan", config);
  const subnet = await provider.make("maas_subnet", { cidr: "10.1.0.0/24", vlan: "lab:5" });
  const nic = await provider.make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan: "lab:5" });
  const later = await replace("maas_vlan", config, vlan);
  expect(later.state.id).not.toBe(vlan.state.id);
  expect((await provider.read("maas_subnet", subnet)).state).toEqual(subnet.state);
  expect((await provider.read("maas_rack_interface", nic)).state).toEqual(nic.state);
  const [row] = (await api.get("subnets/")) as ObjectJson[];
  expect(row).toMatchObject({ cidr: "10.1.0.0/24", vlan: { id: Number(later.state.id) } });
});

test("a relay to a VLAN that is replaced goes to the new one", async () => {
  await provider.make("maas_fabric", { name: "lab" });
  const vlan = await provider.make("maas_vlan", { fabric: "lab", vid: 5 });
  await provider.make("maas_vlan", { fabric: "lab", vid: 6 });
  const relay = await provider.make("maas_vlan_dhcp", { vlan: "lab:6", relay_vlan: "lab:5" });
  await replace("maas_vlan", { fabric: "lab", vid: 5 }, vlan);
  expect((await provider.read("maas_vlan_dhcp", relay)).state).toEqual(relay.state);
});

test("a VLAN that MAAS would take for the default VLAN of another fabric is replaced, not moved there", async () => {
  await provider.make("maas_fabric", { name: "first" });
  const vlan = await provider.make("maas_vlan", { fabric: "first", vid: 5, name: "storage" });
  await provider.make("maas_fabric", { name: "later" });
  const moved = { fabric: "later", vid: 5, name: "storage" };
  expect((await provider.plan("maas_vlan", moved, vlan)).requiresReplace).toEqual(["fabric"]);
  const young = await provider.make("maas_vlan", { fabric: "later", vid: 6 });
  expect((await provider.plan("maas_vlan", { fabric: "first", vid: 6 }, young)).requiresReplace).toEqual([]);
});

describe("a tainted object, whose private state Terraform does not show to the plan of what replaces it", () => {
  const RACK_INTERFACE = { rack_controller: "rack1", name: "eth1", vlan: "lab:0" };
  const DHCP = { vlan: "lab:0", primary_rack_controller: "rack1" };
  const SUBNET = { cidr: "10.1.0.0/24", vlan: "lab:0", description: "of the code", adopt_existing: true };

  /** Plans and destroys as Terraform does with a tainted instance. */
  async function destroyTainted(type: string, config: Attributes, tainted: Made, isRefreshed = true): Promise<unknown> {
    await provider.stop();
    provider = await startProvider();
    if (isRefreshed) await provider.read(type, tainted);
    const plan = await provider.plan(type, config);
    expect(plan.told).toEqual([]);
    await provider.stop();
    provider = await startProvider();
    return provider.destroy(type, { state: tainted.state, private: plan.private });
  }

  const subnet = async (): Promise<ObjectJson | undefined> => ((await api.get("subnets/")) as ObjectJson[])[0];
  const nic = async (): Promise<unknown> => (await provider.import("maas_rack_interface", "rack1/eth1")).state?.vlan;

  test("is restored where it was adopted", async () => {
    const fabric = await provider.make("maas_fabric", { name: "lab" });
    const vlan = textOf(fabric.state.untagged_vlan);
    await api.post("subnets/", [
      ["cidr", "10.1.0.0/24"],
      ["vlan", vlan],
      ["description", "of somebody else"],
      ["gateway_ip", "10.1.0.1"],
    ]);
    const pool = await provider.make("maas_subnet_ip_range", {
      ...{ subnet: "10.1.0.0/24", type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" },
    });
    const adopted = await provider.make("maas_subnet", SUBNET);
    const before = await nic();
    const lent = await provider.make("maas_rack_interface", RACK_INTERFACE);
    const dhcp = await provider.make("maas_vlan_dhcp", DHCP);
    expect(await destroyTainted("maas_vlan_dhcp", DHCP, dhcp)).toEqual([]);
    expect(await api.get(`vlans/${vlan}/`)).toMatchObject({ dhcp_on: false });
    expect(await destroyTainted("maas_rack_interface", RACK_INTERFACE, lent)).toEqual([]);
    // It stays until it is clear that no new instance takes it over.
    const later = await provider.make("maas_rack_interface", RACK_INTERFACE);
    expect(await provider.destroy("maas_rack_interface", later)).toEqual([]);
    expect(await nic()).toBe(before);
    expect(await destroyTainted("maas_subnet", SUBNET, adopted)).toEqual([]);
    expect(await subnet()).toMatchObject({ description: "of somebody else", gateway_ip: "10.1.0.1" });
    expect((await provider.read("maas_subnet_ip_range", pool)).state).toEqual(pool.state);
  });

  test("is deleted where it was created", async () => {
    await provider.make("maas_fabric", { name: "lab" });
    const made = await provider.make("maas_subnet", SUBNET);
    expect(await destroyTainted("maas_subnet", SUBNET, made)).toEqual([]);
    expect(await subnet()).toBeUndefined();
  });

  test("stays where it is not known which, since it was not refreshed", async () => {
    await provider.make("maas_fabric", { name: "lab" });
    const made = await provider.make("maas_subnet", SUBNET);
    expect(await destroyTainted("maas_subnet", SUBNET, made, false)).toEqual([
      expect.objectContaining({ severity: "error", detail: expect.stringContaining("-refresh=false") as string }),
    ]);
    expect(await subnet()).toMatchObject({ cidr: "10.1.0.0/24" });
  });
});
