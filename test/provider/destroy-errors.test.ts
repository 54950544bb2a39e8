import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;
let plain: ProviderDriver;

async function start(apiKey: string): Promise<ProviderDriver> {
  const started = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: apiKey });
  expect(await started.configure()).toEqual([]);
  return started;
}

beforeAll(async () => {
  simulator = await MaasSimulator.start({
    seed: {
      fabrics: [{ name: "lab", vlans: [{ vid: 60 }] }],
      subnets: [{ cidr: "10.9.0.0/24", fabric: "lab", vid: 60 }],
      racks: [{ hostname: "rack1", interfaces: [{ name: "eth0", fabric: "lab", vid: 60, addresses: [] }] }],
      machines: [{ hostname: "node1", interfaces: [{ name: "eth0", fabric: "lab", vid: 60 }] }],
    },
  });
  [provider, plain] = [await start(simulator.apiKey), await start(simulator.userApiKey)];
});

afterAll(async () => {
  await Promise.all([provider.stop(), plain.stop()]);
  await simulator.stop();
});

/** What Terraform shows of a destroy that MAAS refuses: it says nothing of the resource itself. */
async function refusal(type: string, kept: Kept): Promise<string> {
  const told = await plain.destroy(type, kept);
  expect(told).toHaveLength(1);
  return `${told[0]?.summary}: ${told[0]?.detail}`;
}

/** As it is where what goes along may go: else the destroy of these is refused before MAAS is asked. */
const forced = (kept: Kept & { readonly state: Attributes }): Kept => ({
  ...kept,
  state: { ...kept.state, force_destroy: true },
});

const made = (type: string, config: Attributes): Promise<Kept & { readonly state: Attributes }> =>
  provider.make(type, config);

test("a destroy that is refused names the resource's type, its id and its natural key", async () => {
  const fabric = await made("maas_fabric", { name: "dc1" });
  const vlan = await made("maas_vlan", { fabric: textOf(fabric.state.id), vid: 61 });
  const subnet = await made("maas_subnet", { cidr: "10.8.0.0/24", vlan: textOf(vlan.state.id) });
  const ends = { start_ip: "10.8.0.10", end_ip: "10.8.0.20" };
  const range = await made("maas_subnet_ip_range", { subnet: textOf(subnet.state.id), type: "reserved", ...ends });
  const space = await made("maas_space", { name: "dmz" });
  for (const [type, kept, name] of [
    ["maas_fabric", forced(fabric), "fabric dc1"],
    ["maas_vlan", forced(vlan), "VLAN dc1:61"],
    ["maas_subnet", forced(subnet), "subnet 10.8.0.0/24"],
    ["maas_subnet_ip_range", range, "IP range 10.8.0.10-10.8.0.20 in 10.8.0.0/24"],
    ["maas_space", space, "space dmz"],
  ] as const) {
    expect(await refusal(type, kept)).toMatch(
      `MAAS refused to delete the ${name} (${type} with id ${textOf(kept.state?.id)}): DELETE `,
    );
  }
});

test("objects that are named by others are named by the keys of those", async () => {
  await made("maas_subnet_ip_range", {
    subnet: "10.9.0.0/24",
    type: "dynamic",
    start_ip: "10.9.0.10",
    end_ip: "10.9.0.20",
  });
  const dhcp = await made("maas_vlan_dhcp", { vlan: "lab:60", primary_rack_controller: "rack1" });
  const state = { ...dhcp.state, vlan: dhcp.state.id ?? null };
  expect(await refusal("maas_vlan_dhcp", { ...dhcp, state })).toMatch(
    `MAAS refused to delete the DHCP of VLAN lab:60 (maas_vlan_dhcp with id ${textOf(dhcp.state.id)}): PUT `,
  );
});

test("MAAS's own refusal is told with the object's name too", async () => {
  const fabric = await provider.import("maas_fabric", "lab");
  const [told] = await provider.destroy("maas_fabric", forced({ ...fabric, state: { ...fabric.state } }));
  expect(told?.summary).toMatch(/^The fabric "lab" \(id \d+\) can't be deleted while something is still on it$/);
  expect(told?.detail).toContain("Can't delete fabric");
});
