import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";
import { DHCP_REGION } from "./support/dhcp-region";

// What a run does to DHCP along with a change of its VLAN (see dhcp-pause.test.ts), beside other changes of the same run: it is
// for DHCP that lacks what this run has taken away, and never in the way of what the configuration says of it.

jest.setTimeout(60_000);

type Made = Kept & { readonly state: Attributes };

const RANGE = { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" };

let user: ProviderUser;
let vlan: Made;
let subnet: Made;
let range: Made;
let id: string;
let racks: string[];

beforeEach(async () => {
  user = await ProviderUser.start(DHCP_REGION);
  await user.nextRun();
  racks = ((await user.api.get("rackcontrollers/")) as ObjectJson[]).map((row) => textOf(row.system_id));
  vlan = await user.provider.make("maas_vlan", { fabric: "lab", vid: 0 });
  id = textOf(vlan.state.id);
  subnet = await user.provider.make("maas_subnet", { cidr: "10.1.0.0/24", vlan: id });
  range = await makeRange();
});

afterEach(() => user.stop());

const live = async (): Promise<ObjectJson> => (await user.api.get(`vlans/${id}/`)) as ObjectJson;
const makeRange = (): Promise<Made> =>
  user.provider.make("maas_subnet_ip_range", { ...RANGE, subnet: textOf(subnet.state.id) });
const larger = { fabric: "lab", vid: 0, mtu: 9000 };

/** DHCP by both racks, as somebody else has switched it on. */
const switchOn = async (vlanId = id): Promise<void> => {
  const [primary = "", secondary = ""] = racks;
  const form = [["dhcp_on", "true"] as const, ["primary_rack", primary] as const];
  await user.api.put(`vlans/${vlanId}/`, [...form, ["secondary_rack", secondary]]);
};

test("it is left alone where only something else was changed or taken away", async () => {
  await switchOn();
  const place = { cidr: "10.77.0.0/24", vlan: "other:0" };
  const elsewhere = await user.provider.make("maas_subnet", place);
  const ends = { type: "dynamic", start_ip: "10.77.0.100", end_ip: "10.77.0.199", subnet: textOf(elsewhere.state.id) };
  const other = await user.provider.make("maas_subnet_ip_range", ends);
  await user.api.delete(`ipranges/${textOf(range.state.id)}/`);
  await user.nextRun();
  await user.provider.make("maas_subnet", { ...place, description: "x" }, elsewhere);
  expect(await user.provider.destroy("maas_subnet_ip_range", other)).toEqual([]);
  await user.provider.make("maas_subnet", { cidr: "10.1.0.0/24", vlan: "other:0" }, subnet);
  expect((await user.provider.apply("maas_vlan", larger, vlan)).told).toMatchObject([
    { severity: "error", summary: `MAAS refuses to change the VLAN lab:0 (id ${id})` },
  ]);
  expect(await live()).toMatchObject({ mtu: 1500, dhcp_on: true });
});

test("the user is told of it", async () => {
  await switchOn();
  await user.nextRun();
  expect(await user.provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
  expect((await user.provider.apply("maas_vlan", larger, vlan)).told).toMatchObject([
    { severity: "warning", summary: `The DHCP of the VLAN lab:0 (id ${id}) is switched off for now` },
  ]);
});

test("a rack that still serves goes on while the other one has left", async () => {
  vlan = await user.provider.make("maas_vlan", { fabric: "lab", vid: 10 });
  id = textOf(vlan.state.id);
  await user.provider.make("maas_subnet", { cidr: "10.1.0.0/24", vlan: id }, subnet);
  const nics: Made[] = [];
  for (const rack of ["rack1", "rack2"])
    nics.push(await user.provider.make("maas_rack_interface", { rack_controller: rack, name: "eth1", vlan: id }));
  const nextChange = { fabric: "lab", vid: 10, mtu: 9000 };
  await switchOn();
  for (const [index, rack] of ["rack2", "rack1"].entries()) {
    await user.nextRun();
    const place = { rack_controller: rack, name: "eth1" };
    const nic = await user.provider.make("maas_rack_interface", { ...place, vlan: "lab:0" }, nics[1 - index]);
    await user.provider.make("maas_vlan", { ...nextChange, mtu: 9000 + index }, vlan);
    expect(await live()).toMatchObject({ dhcp_on: true, primary_rack: racks[index], secondary_rack: null });
    nics[1 - index] = await user.provider.make("maas_rack_interface", { ...place, vlan: id }, nic);
    expect(await live()).toMatchObject({ dhcp_on: true, primary_rack: racks[0], secondary_rack: racks[1] });
  }
});

test.each([0, 5, 15, 30])(
  "what the configuration says of it wins, made %d ms after a range that would restore it",
  async (ms) => {
    const dhcp = await user.provider.make("maas_vlan_dhcp", { vlan: id, primary_rack_controller: "rack1" });
    await user.nextRun();
    expect(await user.provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
    await user.provider.make("maas_vlan", larger, vlan);
    user.simulator.faults.set({ latency: 10 });
    const making = makeRange();
    await new Promise((resolve) => setTimeout(resolve, ms));
    expect(await user.provider.destroy("maas_vlan_dhcp", dhcp)).toEqual([]);
    await making;
    user.simulator.faults.clear();
    expect(await live()).toMatchObject({ dhcp_on: false });
  },
);

test.each([0, 5, 10, 15, 20, 25, 30, 40])(
  "it is on in the end, whether or not the range is back %d ms after the change began",
  async (ms) => {
    await switchOn();
    await user.nextRun();
    expect(await user.provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
    user.simulator.faults.set({ latency: 10 });
    const changing = user.provider.make("maas_vlan", larger, vlan);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await Promise.all([makeRange(), changing]);
    user.simulator.faults.clear();
    expect(await live()).toMatchObject({ mtu: 9000, dhcp_on: true, primary_rack: racks[0], secondary_rack: racks[1] });
  },
);

test("VLANs exchange their VIDs though the one that gives way has lost its last range", async () => {
  const other = await user.provider.make("maas_vlan", { fabric: "other", vid: 20 });
  const first = await user.provider.make("maas_vlan", { fabric: "other", vid: 10 });
  const [otherId, firstId] = [other, first].map(({ state }) => textOf(state.id));
  const made: Made[] = [];
  for (const [index, on] of [otherId, firstId].entries()) {
    const { state } = await user.provider.make("maas_subnet", { cidr: `10.${5 + index}.0.0/24`, vlan: on ?? "" });
    const ends = { start_ip: `10.${5 + index}.0.100`, end_ip: `10.${5 + index}.0.199` };
    made.push(await user.provider.make("maas_subnet_ip_range", { type: "dynamic", ...ends, subnet: textOf(state.id) }));
    await user.provider.make("maas_rack_interface", {
      rack_controller: `rack${index + 1}`,
      name: "eth1",
      vlan: on ?? "",
    });
    await user.api.put(`vlans/${on ?? ""}/`, [
      ["dhcp_on", "true"],
      ["primary_rack", racks[index] ?? ""],
    ]);
  }
  await user.nextRun();
  for (const one of made) expect(await user.provider.destroy("maas_subnet_ip_range", one)).toEqual([]);
  await Promise.all([
    user.provider.make("maas_vlan", { fabric: "other", vid: 10 }, other),
    user.provider.make("maas_vlan", { fabric: "other", vid: 20 }, first),
  ]);
  const rows = (await user.api.get("fabrics/")) as { vlans: { id: number; vid: number }[] }[];
  const vids = new Map(rows.flatMap(({ vlans }) => vlans.map((row) => [String(row.id), row.vid])));
  expect([vids.get(otherId ?? ""), vids.get(firstId ?? "")]).toEqual([10, 20]);
});

describe("DHCP that somebody has configured, taken over in the same run", () => {
  const config = (): Attributes => ({ vlan: id, primary_rack_controller: "rack2" });

  beforeEach(async () => {
    await switchOn();
    await user.nextRun();
    expect(await user.provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
    await user.provider.make("maas_vlan", larger, vlan);
    expect(await live()).toMatchObject({ dhcp_on: false });
  });

  test("is refused without adopt_existing, as ever", async () => {
    expect((await user.provider.apply("maas_vlan_dhcp", config())).told).toMatchObject([
      { severity: "error", summary: "The DHCP of this VLAN is configured already" },
    ]);
    await makeRange();
    expect(await live()).toMatchObject({ dhcp_on: true, primary_rack: racks[0], secondary_rack: racks[1] });
  });

  test("is restored by a destroy to what it was before the pause", async () => {
    const relayed = { vlan: id, relay_vlan: "other:0", adopt_existing: true };
    const target = ((await user.api.get("subnets/")) as ObjectJson[]).find(({ cidr }) => cidr === "10.2.0.0/24");
    await switchOn(textOf((target?.vlan as ObjectJson).id));
    const dhcp = await user.provider.make("maas_vlan_dhcp", relayed);
    await makeRange();
    expect(await live()).toMatchObject({ dhcp_on: false });
    await user.nextRun();
    expect(await user.provider.destroy("maas_vlan_dhcp", dhcp)).toEqual([]);
    expect(await live()).toMatchObject({ dhcp_on: true, primary_rack: racks[0], secondary_rack: racks[1] });
  });

  test("is restored by a destroy in the same run once its range is back", async () => {
    await makeRange();
    const dhcp = await user.provider.make("maas_vlan_dhcp", { ...config(), adopt_existing: true });
    await user.nextRun();
    const made = { ...(await user.provider.import("maas_subnet_ip_range", "10.1.0.100-10.1.0.199")) };
    expect(await user.provider.destroy("maas_subnet_ip_range", { ...made, state: made.state })).toEqual([]);
    await user.provider.make("maas_vlan", { ...larger, mtu: 9001 }, { ...vlan, state: { ...vlan.state, mtu: 9000 } });
    expect(await user.provider.destroy("maas_vlan_dhcp", dhcp)).toEqual([]);
    expect(await live()).toMatchObject({ dhcp_on: false });
    await makeRange();
    expect(await live()).toMatchObject({ dhcp_on: true, primary_rack: racks[0], secondary_rack: racks[1] });
  });
});
