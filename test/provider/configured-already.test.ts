import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(120_000);

let simulator: MaasSimulator;
let api: MaasClient;
let driver: ProviderDriver;

beforeEach(async () => {
  simulator = await MaasSimulator.start({
    seed: {
      spaces: [{ name: "green" }],
      fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 20 }] }, { name: "racks" }],
      subnets: [{ cidr: "10.1.0.0/24", fabric: "lab", vid: 0 }],
      ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
      racks: [
        {
          hostname: "rack1",
          interfaces: [
            { name: "eth0", fabric: "lab" },
            { name: "eth1", fabric: "racks" },
          ],
        },
        { hostname: "rack2", interfaces: [{ name: "eth0", fabric: "lab" }] },
      ],
    },
  });
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  driver = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  await driver.configure();
});

afterEach(async () => {
  await driver.stop();
  await api.close();
  await simulator.stop();
});

async function vlan(vid: number): Promise<ObjectJson> {
  const fabrics = (await api.get("fabrics/")) as readonly ObjectJson[];
  const lab = fabrics.find(({ name }) => name === "lab");
  const found = (lab?.vlans as readonly ObjectJson[]).find((row) => row.vid === vid);
  return (await api.get(`vlans/${textOf(found?.id)}/`)) as ObjectJson;
}

async function rack(hostname: string): Promise<ObjectJson> {
  const racks = (await api.get("rackcontrollers/")) as readonly ObjectJson[];
  return racks.find((row) => row.hostname === hostname) ?? {};
}

const setVlan = async (vid: number, form: readonly (readonly [string, string])[]): Promise<void> => {
  await api.put(`vlans/${textOf((await vlan(vid)).id)}/`, form);
};

const dhcpOf = ({ dhcp_on, primary_rack, secondary_rack, relay_vlan }: ObjectJson): unknown => ({
  dhcp_on,
  primary_rack,
  secondary_rack,
  relay_vlan: (relay_vlan as ObjectJson | null)?.id ?? null,
});

const switchOn = async (): Promise<void> =>
  setVlan(0, [
    ["dhcp_on", "true"],
    ["primary_rack", textOf((await rack("rack1")).system_id)],
  ]);

const relay = async (): Promise<void> => setVlan(10, [["relay_vlan", textOf((await vlan(0)).id)]]);

const moveInterface = async (): Promise<void> => {
  const nic = await interfaceRow();
  await api.put(`nodes/${textOf(nic.system_id)}/interfaces/${textOf(nic.id)}/`, [
    ["vlan", textOf((await vlan(20)).id)],
  ]);
};

async function interfaceRow(): Promise<ObjectJson> {
  const nics = (await rack("rack1")).interface_set as readonly ObjectJson[];
  return nics.find(({ name }) => name === "eth1") ?? {};
}

interface Case {
  readonly type: string;
  readonly config: Attributes;
  /** Configures the object as somebody else would. */
  readonly configure: () => Promise<void>;
  /** What is to be as before in the end. */
  readonly found: () => Promise<unknown>;
  readonly says: string;
}

const dhcp = async (vid: number): Promise<unknown> => dhcpOf(await vlan(vid));
const untagged = async (): Promise<unknown> => {
  const { mtu, space, dhcp_on } = await vlan(0);
  return { mtu, space, dhcp_on };
};

const CASES: Record<string, Case> = {
  "DHCP that is exactly as asked": {
    type: "maas_vlan_dhcp",
    config: { vlan: "lab:0", primary_rack_controller: "rack1" },
    configure: switchOn,
    found: () => dhcp(0),
    says: "dhcp_on = true",
  },
  "DHCP by another rack": {
    type: "maas_vlan_dhcp",
    config: { vlan: "lab:0", primary_rack_controller: "rack2", secondary_rack_controller: "rack1" },
    configure: switchOn,
    found: () => dhcp(0),
    says: "primary_rack_controller",
  },
  "a DHCP relay": {
    type: "maas_vlan_dhcp",
    config: { vlan: "lab:10", relay_vlan: "lab:0" },
    configure: relay,
    found: () => dhcp(10),
    says: "relay_vlan",
  },
  "DHCP in place of which there is to be a relay": {
    type: "maas_vlan_dhcp",
    config: { vlan: "lab:0", relay_vlan: "lab:20" },
    configure: switchOn,
    found: () => dhcp(0),
    says: "dhcp_on = true",
  },
  "an untagged VLAN with an MTU": {
    type: "maas_vlan",
    config: { fabric: "lab", vid: 0, mtu: 1400 },
    configure: () => setVlan(0, [["mtu", "9000"]]),
    found: untagged,
    says: "mtu = 9000",
  },
  "an untagged VLAN in a space": {
    type: "maas_vlan",
    config: { fabric: "lab", vid: 0 },
    configure: () => setVlan(0, [["space", "green"]]),
    found: untagged,
    says: 'space = "green"',
  },
  "an untagged VLAN with DHCP": {
    type: "maas_vlan",
    config: { fabric: "lab", vid: 0, mtu: 1400 },
    configure: switchOn,
    found: untagged,
    says: "dhcp_on = true",
  },
  "a rack interface on another VLAN": {
    type: "maas_rack_interface",
    config: { rack_controller: "rack1", name: "eth1", vlan: "lab:10" },
    configure: moveInterface,
    found: async () => ((await interfaceRow()).vlan as ObjectJson).id,
    says: "vlan = ",
  },
};

test.each(Object.entries(CASES))(
  "%s is refused with both ways out, and nothing is changed",
  async (_title, { type, config, configure, found, says }) => {
    await configure();
    const before = await found();
    const { told, state } = await driver.apply(type, config);
    expect(state).toBeUndefined();
    expect(told).toMatchObject([
      { severity: "error", summary: expect.stringMatching(/^(?:This|The) .* is configured already$/) as string },
    ]);
    expect(told[0]?.detail).toContain(says);
    expect(told[0]?.detail).toMatch(new RegExp(`terraform import ${type}\\.NAME \\S+\\).*adopt_existing = true`));
    expect(await found()).toEqual(before);
  },
);

test.each(Object.entries(CASES))(
  "%s is taken over with adopt_existing, and restored on destroy",
  async (_title, { type, config, configure, found }) => {
    await configure();
    const before = await found();
    const kept = await driver.make(type, { ...config, adopt_existing: true });
    expect(await driver.destroy(type, kept)).toEqual([]);
    expect(await found()).toEqual(before);
  },
);

test("what the same run has released is not refused: Terraform replaces it", async () => {
  for (const title of ["a rack interface on another VLAN", "an untagged VLAN with an MTU"])
    await CASES[title]?.configure();
  await switchOn();
  const replaced = [
    "an untagged VLAN with an MTU",
    "a rack interface on another VLAN",
    "DHCP that is exactly as asked",
  ];
  for (const { type, config } of replaced.flatMap((title) => CASES[title] ?? [])) {
    const kept = await driver.make(type, { ...config, adopt_existing: true });
    expect(await driver.destroy(type, kept)).toEqual([]);
    await driver.make(type, config);
  }
});

test("what is as MAAS makes it needs no adopt_existing", async () => {
  await driver.make("maas_vlan", { fabric: "lab", vid: 0, mtu: 9000 });
  await driver.make("maas_vlan_dhcp", { vlan: "lab:0", primary_rack_controller: "rack1" });
  await driver.make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan: "lab:10" });
});
