import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";

// MAAS takes no change of a VLAN while its DHCP is on and its last dynamic range is gone. Terraform knows no order between
// the end of a range and a change of its VLAN, and what makes the next range waits for the VLAN.

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
  user = await ProviderUser.start({
    racks: [{ hostname: "rack1", interfaces: [{ name: "eth0", fabric: "lab" }] }],
    fabrics: [{ name: "lab" }, { name: "other" }],
    subnets: [{ cidr: "10.2.0.0/24", fabric: "other", vid: 0 }],
    ip_ranges: [{ type: "dynamic", start_ip: "10.2.0.100", end_ip: "10.2.0.199" }],
  });
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
