import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";
import { DHCP_REGION } from "./support/dhcp-region";

// MAAS takes no change of a VLAN while its DHCP is on and its last dynamic range is gone, or a rack of its has left the VID.
// Terraform knows no order between that and a change of the VLAN, and what mends it waits for the VLAN.

jest.setTimeout(60_000);

const RANGE = { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" };
const SUBNET = { cidr: "10.1.0.0/24" };

let user: ProviderUser;
let vlan: Kept & { readonly state: Attributes };
let subnet: typeof vlan;
let range: typeof vlan;
let dhcp: typeof vlan;
let id: string;

beforeAll(async () => {
  user = await ProviderUser.start(DHCP_REGION);
});

afterAll(() => user.stop());

beforeEach(async () => {
  await user.reset();
  const { provider } = user;
  vlan = await provider.make("maas_vlan", { fabric: "lab", vid: 0 });
  id = textOf(vlan.state.id);
  subnet = await provider.make("maas_subnet", { ...SUBNET, vlan: id });
  range = await provider.make("maas_subnet_ip_range", { ...RANGE, subnet: textOf(subnet.state.id) });
  dhcp = await provider.make("maas_vlan_dhcp", { vlan: id, primary_rack_controller: "rack1" });
  await user.nextRun();
});

const live = async (): Promise<ObjectJson> => (await user.api.get(`vlans/${id}/`)) as ObjectJson;
const changed = { fabric: "lab", vid: 0, mtu: 9000 };

test("DHCP without a range is off once its VLAN is changed, and is what it is to be afterwards", async () => {
  const { provider } = user;
  expect(await provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
  await provider.make("maas_vlan", changed, vlan);
  expect(await live()).toMatchObject({ mtu: 9000, dhcp_on: false });
  const other = (await user.api.get("subnets/")) as ObjectJson[];
  const target = other.find(({ cidr }) => cidr === "10.2.0.0/24")?.vlan as ObjectJson;
  await user.api.put(`vlans/${textOf(target.id)}/`, [
    ["dhcp_on", "true"],
    ["primary_rack", textOf((await live()).primary_rack)],
  ]);
  await provider.make("maas_vlan_dhcp", { vlan: id, relay_vlan: textOf(target.id) }, dhcp);
  expect(await live()).toMatchObject({ dhcp_on: false, relay_vlan: { id: target.id } });
});

test.each([
  ["a range is made again", (): Promise<unknown> => makeRange()],
  [
    "a subnet with ranges comes to the VLAN",
    async (): Promise<unknown> => {
      const [moved] = ((await user.api.get("subnets/")) as ObjectJson[]).filter(({ cidr }) => cidr === "10.2.0.0/24");
      const kept = await user.provider.import("maas_subnet", textOf(moved?.id));
      const state = kept.state as Attributes;
      return user.provider.make("maas_subnet", { cidr: "10.2.0.0/24", vlan: id }, { ...kept, state });
    },
  ],
])("it is on again, by the same racks, once %s in the same run", async (_, make) => {
  const before = await live();
  expect(await user.provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
  await user.provider.make("maas_vlan", changed, vlan);
  await make();
  const { dhcp_on: isOn, primary_rack: rack, mtu } = await live();
  expect([isOn, rack, mtu]).toEqual([true, before.primary_rack, 9000]);
  await user.nextRun();
  expect((await user.provider.read("maas_vlan_dhcp", dhcp)).state).toEqual(dhcp.state);
});

const makeRange = (): Promise<unknown> =>
  user.provider.make("maas_subnet_ip_range", { ...RANGE, subnet: textOf(subnet.state.id) });

test("DHCP that lost its range otherwise is left alone, and the refusal says what to do", async () => {
  await user.api.delete(`ipranges/${textOf(range.state.id)}/`);
  const { told } = await user.provider.apply("maas_vlan", changed, vlan);
  expect(told).toMatchObject([
    {
      summary: `MAAS refuses to change the VLAN lab:0 (id ${id})`,
      detail: expect.stringMatching(/DHCP is on.*vlan update 1 0 dhcp_on=false\)/) as string,
    },
  ]);
  expect(await live()).toMatchObject({ mtu: 1500, dhcp_on: true });
  expect(await makeRange()).toBeDefined();
  expect(await live()).toMatchObject({ dhcp_on: true });
});

describe("where the racks have left the VID of the VLAN", () => {
  let tagged: typeof vlan;
  let nics: (typeof vlan)[];

  const idsOf = async (path: string, name: string): Promise<string> =>
    textOf(
      ((await user.api.get(path)) as ObjectJson[]).find((row) => row.name === name || row.hostname === name)?.system_id,
    );
  const rackInterface = (rack: string, on: string): Attributes => ({ rack_controller: rack, name: "eth1", vlan: on });
  const leave = async (): Promise<void> => {
    for (const [index, rack] of ["rack1", "rack2"].entries())
      nics[index] = await user.provider.make("maas_rack_interface", rackInterface(rack, id), nics[index]);
  };
  const change = { fabric: "lab", vid: 10, mtu: 9000 };
  let taggedId: string;
  const now = async (): Promise<ObjectJson> => (await user.api.get(`vlans/${taggedId}/`)) as ObjectJson;

  beforeEach(async () => {
    const { provider } = user;
    tagged = await provider.make("maas_vlan", { fabric: "lab", vid: 10 });
    taggedId = textOf(tagged.state.id);
    nics = [];
    for (const rack of ["rack1", "rack2"])
      nics.push(await provider.make("maas_rack_interface", rackInterface(rack, taggedId)));
    const { state } = await provider.make("maas_subnet", { cidr: "10.3.0.0/24", vlan: taggedId });
    const place = { type: "dynamic", start_ip: "10.3.0.100", end_ip: "10.3.0.199", subnet: textOf(state.id) };
    await provider.make("maas_subnet_ip_range", place);
    const racks = { primary_rack_controller: "rack1", secondary_rack_controller: "rack2" };
    dhcp = await provider.make("maas_vlan_dhcp", { vlan: taggedId, ...racks });
    await user.nextRun();
  });

  test("its DHCP is off once it is changed, and by the same racks again once they are back in the same run", async () => {
    await leave();
    await user.provider.make("maas_vlan", change, tagged);
    expect(await now()).toMatchObject({ mtu: 9000, dhcp_on: false });
    for (const [index, rack] of ["rack1", "rack2"].entries())
      await user.provider.make("maas_rack_interface", rackInterface(rack, taggedId), nics[index]);
    const [primary, secondary] = [await idsOf("rackcontrollers/", "rack1"), await idsOf("rackcontrollers/", "rack2")];
    expect(await now()).toMatchObject({ mtu: 9000, dhcp_on: true, primary_rack: primary, secondary_rack: secondary });
    await user.nextRun();
    expect((await user.provider.read("maas_vlan_dhcp", dhcp)).state).toEqual(dhcp.state);
  });

  test("DHCP that is on stays as it is where this run has moved none of them, and the refusal says what to do", async () => {
    await leave();
    await user.nextRun();
    const { told } = await user.provider.apply("maas_vlan", change, tagged);
    const off = /vlan update \d+ 10 dhcp_on=false primary_rack= secondary_rack=\)/;
    expect(told).toMatchObject([
      {
        summary: `MAAS refuses to change the VLAN lab:10 (id ${taggedId})`,
        detail: expect.stringMatching(off) as string,
      },
    ]);
    expect(await now()).toMatchObject({ mtu: 1500, dhcp_on: true });
  });

  test("racks that MAAS keeps of DHCP that is off do not stop a change", async () => {
    await user.api.put(`vlans/${taggedId}/`, [["dhcp_on", "false"]]);
    await leave();
    await user.nextRun();
    await user.provider.make("maas_vlan", change, tagged);
    expect(await now()).toMatchObject({ mtu: 9000, dhcp_on: false });
  });
});
