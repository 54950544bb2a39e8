import { type Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import { ApiKey } from "../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(60_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  expect(await provider.configure()).toEqual([]);
});

afterEach(async () => {
  await provider.stop();
  await simulator.stop();
});

const make = (type: string, config: Attributes, kept?: Kept): Promise<Kept & { readonly state: Attributes }> =>
  provider.make(type, config, kept);

const idOf = ({ state }: { readonly state: Attributes }): string => textOf(state.id);

/** VLANs of one fabric. */
async function vlans(...vids: readonly number[]): Promise<string[]> {
  const fabric = idOf(await make("maas_fabric", { name: "lab" }));
  const made: string[] = [];
  for (const vid of vids) made.push(idOf(await make("maas_vlan", { fabric, vid })));
  return made;
}

describe("a relay", () => {
  test("to the VLAN itself is an error of the plan", async () => {
    const [vlan = ""] = await vlans(10);
    const { told } = await provider.plan("maas_vlan_dhcp", { vlan, relay_vlan: "lab:10" });
    expect(told).toEqual([
      expect.objectContaining({
        ...{ severity: "error", attribute: "relay_vlan", summary: "A VLAN can't be relayed to itself" },
      }),
    ]);
  });

  test("to a VLAN that is relayed itself waits until it is not", async () => {
    const [a = "", b = "", c = ""] = await vlans(10, 20, 30);
    const relayed = await make("maas_vlan_dhcp", { vlan: b, relay_vlan: c });
    const waiting = make("maas_vlan_dhcp", { vlan: a, relay_vlan: b });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await provider.destroy("maas_vlan_dhcp", relayed)).toEqual([]);
    expect((await waiting).state.relay_vlan).toBe(b);
  });

  test("to a VLAN that stays relayed is an error that names where that one is relayed to", async () => {
    const [a = "", b = "", c = ""] = await vlans(10, 20, 30);
    await make("maas_vlan_dhcp", { vlan: b, relay_vlan: c });
    const { told } = await provider.apply("maas_vlan_dhcp", { vlan: a, relay_vlan: b });
    expect(told).toEqual([
      expect.objectContaining({
        ...{ attribute: "relay_vlan", summary: `VLAN ${b} (lab:20) is relayed itself, to VLAN ${c}` },
        detail: expect.stringContaining(`Set relay_vlan to ${c}`) as string,
      }),
    ]);
  });
});

test("an IPv6 subnet on a VLAN with a small MTU is warned of at plan, and when the MTU of its VLAN shrinks", async () => {
  const fabric = idOf(await make("maas_fabric", { name: "lab" }));
  const small = await make("maas_vlan", { fabric, vid: 10, mtu: 1200 });
  const config = { cidr: "fd00:9::/64", vlan: idOf(small) };
  const warning = {
    ...{ severity: "warning" },
    summary: expect.stringMatching(/^MAAS6-NET-07: .* is on VLAN \d+, whose MTU is 1200/) as string,
  };
  const other = { ...config, cidr: "fd00:8::/64" };
  expect((await provider.plan("maas_subnet", other)).told).toEqual([expect.objectContaining(warning)]);
  const larger = await make("maas_vlan", { fabric, vid: 10, mtu: 1500 }, small);
  const subnet = await make("maas_subnet", config);
  expect((await provider.plan("maas_subnet", config, subnet)).told).toEqual([]);
  await provider.plan("maas_vlan", { fabric, vid: 10, mtu: 1200 }, larger);
  expect((await provider.plan("maas_subnet", config, subnet)).told).toEqual([expect.objectContaining(warning)]);
});

test("an MTU that shrinks under an IPv6 subnet that this run has not planned is warned of, once", async () => {
  const fabric = idOf(await make("maas_fabric", { name: "lab" }));
  const vlan = await make("maas_vlan", { fabric, vid: 10, mtu: 1500 });
  const config = { cidr: "fd00:9::/64", vlan: idOf(vlan) };
  const subnet = await make("maas_subnet", config);
  await make("maas_subnet", { ...config, cidr: "10.9.0.0/24" });
  const told = async (mtu: number): Promise<unknown> =>
    (await provider.plan("maas_vlan", { fabric, vid: 10, mtu }, vlan)).told;
  expect(await told(9000)).toEqual([]);
  expect(await told(1300)).toEqual([]);
  expect(await told(1200)).toEqual([
    {
      ...{ severity: "warning", attribute: "mtu" },
      summary: `MAAS6-NET-07: IPv6 subnet fd00:9::/64 is on VLAN ${idOf(vlan)}, whose MTU is 1200`,
      detail: expect.stringMatching(/Set mtu of VLAN \d+ to 1280 or more.*If this run moves the subnet/) as string,
    },
  ]);
  expect((await provider.plan("maas_subnet", config, subnet)).told).toEqual([]);
});

test("a range that MAAS refuses is one error, which names the range in the way and the addresses that are left", async () => {
  const [vlan = ""] = await vlans(10);
  for (const [net, at] of [
    ["10.1.0.0/24", (host: number) => `10.1.0.${host}`],
    ["fd00:9::/64", (host: number) => `fd00:9::${host}:0:0`],
  ] as const) {
    const subnet = idOf(await make("maas_subnet", { cidr: net, vlan }));
    const range = (start: number, end: number): Attributes => ({
      ...{ subnet, type: "reserved", start_ip: at(start), end_ip: at(end) },
    });
    const first = await make("maas_subnet_ip_range", range(10, 20));
    const { told } = await provider.apply("maas_subnet_ip_range", range(15, 30));
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "start_ip",
        summary: expect.stringContaining(
          `overlaps the reserved range ${at(10)}-${at(20)} (IP range ${idOf(first)})`,
        ) as string,
        detail: expect.stringMatching(/conflicts with an existing range\. Start it at \S+, or change/) as string,
      }),
    ]);
  }
});

test("a subnet that leaves the VLAN of interfaces that are linked to it is warned of, and one without links is not", async () => {
  const [vlan = ""] = await vlans(10);
  const config = { cidr: "10.1.0.0/24", vlan: "fabric-0:0" };
  const subnet = await make("maas_subnet", config);
  expect((await provider.plan("maas_subnet", { ...config, vlan }, subnet)).told).toEqual([]);
  await make("maas_network_interface_link", {
    ...{ machine: "machine1", network_interface: "eth0", subnet: idOf(subnet), mode: "AUTO" },
  });
  const again = await provider.read("maas_subnet", subnet);
  expect((await provider.plan("maas_subnet", { ...config, description: "x" }, again)).told).toEqual([]);
  const { told } = await provider.plan("maas_subnet", { ...config, vlan }, again);
  expect(told).toEqual([
    expect.objectContaining({
      ...{ severity: "warning", attribute: "vlan" },
      summary: "subnet 10.1.0.0/24 leaves the VLAN of interfaces that are linked to it: eth0 of machine1",
      detail: expect.stringMatching(new RegExp(`maas PROFILE interface update \\S+ \\d+ vlan=${vlan}\\b`)) as string,
    }),
  ]);
});

test("a name for the default VLAN, whatever its VID, is an error of the plan, and one for another VLAN is not", async () => {
  const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  const fabric = textOf(((await client.post("fabrics/", [["name", "lab"]])) as ObjectJson).id);
  await client.put(apiPath`fabrics/${fabric}/vlans/0/`, [["vid", "40"]]);
  await client.close();
  const refused = {
    ...{ severity: "error", attribute: "name" },
    summary: expect.stringMatching(
      /^The VLAN with id \d+ is the default one of its fabric, which has no name/,
    ) as string,
  };
  const named = { fabric, vid: 40, name: "servers" };
  expect((await provider.plan("maas_vlan", named)).told).toEqual([expect.objectContaining(refused)]);
  const adopted = await make("maas_vlan", { fabric, vid: 40 });
  expect((await provider.plan("maas_vlan", named, adopted)).told).toEqual([expect.objectContaining(refused)]);
  expect((await provider.plan("maas_vlan", { fabric, vid: 40, mtu: 9000 }, adopted)).told).toEqual([]);
  expect((await provider.plan("maas_vlan", { ...named, vid: 41 })).told).toEqual([]);
});
