import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attributes } from "../../lib/model/known";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";
import { inventory } from "../support/region";
import { RegionFront } from "../support/region-front";

// Terraform destroys the former instance and creates the new one at once and in no order, where a label or a key of
// for_each is renamed without a moved block. Each order is forced here: one of the two is held at each of its calls until
// the other one is done.

jest.setTimeout(60_000);

type Object = readonly [type: string, config: Attributes];

const POOL: Attributes = { subnet: "10.1.0.0/24", type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" };
const RACK = "rack1";
const DHCP: Attributes = { vlan: "lab:0", primary_rack_controller: RACK };
const LINK: Attributes = { machine: "machine1", network_interface: "eth0", subnet: "10.3.0.0/24", mode: "LINK_UP" };

/** What is there before. */
const NETWORK: readonly Object[] = [
  ["maas_fabric", { name: "lab" }],
  ["maas_vlan", { fabric: "lab", vid: 5 }],
  ["maas_subnet", { cidr: "10.1.0.0/24", vlan: "lab:0" }],
  ["maas_subnet", { cidr: "2001:db8:9::/64", vlan: "lab:0" }],
  ["maas_subnet", { cidr: "10.3.0.0/24", vlan: "fabric-0:0" }],
  ["maas_rack_interface", { rack_controller: RACK, name: "eth1", vlan: "lab:0" }],
  ["maas_subnet_ip_range", POOL],
  ["maas_space", { name: "theirs", description: "theirs" }],
  ["maas_fabric", { name: "theirs", description: "theirs" }],
  ["maas_vlan", { fabric: "theirs", vid: 7, name: "theirs" }],
  ["maas_vlan_dhcp", { vlan: "theirs:0", relay_vlan: "lab:5" }],
  ["maas_subnet", { cidr: "10.7.0.0/24", vlan: "theirs:7", gateway_ip: "10.7.0.1" }],
  ["maas_subnet", { cidr: "2001:db8:7::/64", vlan: "theirs:7", description: "theirs" }],
];

let simulator: MaasSimulator;
let front: RegionFront;
let provider: ProviderDriver;
let api: MaasClient;
let folder: string;

const startProvider = async (): Promise<void> => {
  provider = await ProviderDriver.here({
    MAAS_API_URL: front.url,
    MAAS_API_KEY: simulator.apiKey,
    TF_DATA_DIR: folder,
  });
  expect(await provider.configure()).toEqual([]);
};

const restartProvider = async (): Promise<void> => {
  await provider.stop();
  await startProvider();
};

const start = async (): Promise<void> => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-renamed-"));
  front = await RegionFront.start(simulator.url);
  await startProvider();
  for (const [type, config] of NETWORK) await provider.make(type, config);
  // What was there before is nothing of this process.
  await restartProvider();
};

const stop = async (): Promise<void> => {
  await provider.stop();
  await front.stop();
  await api.close();
  rmSync(folder, { recursive: true });
  await simulator.stop();
};

const ORDERS = ["the creation", "the destroy"] as const;

/** Renames the object in each order of calls. @returns the last instance */
async function renameInEachOrder(held: (typeof ORDERS)[number], [type, config]: Object): Promise<Kept> {
  let former: Kept = await provider.make(type, config);
  for (let at = 1, isHeld = true; isHeld; at += 1) {
    const place = `${type}, ${held} is held at call ${at}`;
    let later: Kept | undefined;
    const create = async (): Promise<void> => {
      const applied = await provider.apply(type, config);
      expect([place, applied.told]).toEqual([place, []]);
      later = applied;
    };
    const destroy = async (): Promise<void> =>
      expect([place, await provider.destroy(type, former)]).toEqual([place, []]);
    isHeld = await (held === "the creation"
      ? front.interleave(at, create, destroy)
      : front.interleave(at, destroy, create));
    if (later?.state === undefined) throw new Error(`${place}: nothing was created`);
    const read = await provider.read(type, later);
    expect([place, read.state]).toEqual([place, later.state]);
    former = read;
  }
  return former;
}

const CREATED: readonly Object[] = [
  ["maas_space", { name: "storage" }],
  ["maas_fabric", { name: "other" }],
  ["maas_vlan", { fabric: "lab", vid: 6 }],
  ["maas_subnet", { cidr: "10.2.0.0/24", vlan: "lab:5" }],
  ["maas_subnet", { cidr: "2001:db8:2::/64", vlan: "lab:5" }],
  ["maas_subnet_ip_range", { subnet: "10.1.0.0/24", type: "reserved", start_ip: "10.1.0.2", end_ip: "10.1.0.9" }],
  [
    "maas_subnet_ip_range",
    { subnet: "2001:db8:9::/64", type: "dynamic", start_ip: "2001:db8:9:0:1::", end_ip: "2001:db8:9:0:1::ffff" },
  ],
  ["maas_vlan_dhcp", DHCP],
  ["maas_network_interface_link", LINK],
];

/** Objects of somebody else's, or of MAAS's own; each with another value than theirs. */
const ADOPTED: readonly Object[] = [
  ["maas_rack_interface", { rack_controller: RACK, name: "eth0", vlan: "lab:5" }],
  ["maas_vlan", { fabric: "lab", vid: 0, mtu: 9000 }],
  ["maas_space", { name: "theirs", description: "ours", adopt_existing: true }],
  ["maas_fabric", { name: "theirs", description: "ours", adopt_existing: true }],
  ["maas_vlan", { fabric: "theirs", vid: 7, name: "ours", adopt_existing: true }],
  ["maas_subnet", { cidr: "10.7.0.0/24", vlan: "lab:5", dns_servers: ["10.7.0.53"], adopt_existing: true }],
  ["maas_subnet", { cidr: "2001:db8:7::/64", vlan: "lab:5", description: "ours", adopt_existing: true }],
  ["maas_vlan_dhcp", { vlan: "theirs:0", relay_vlan: "lab:0", adopt_existing: true }],
];

describe.each(ORDERS)("an object that is renamed, while %s is held at any of its calls,", (held) => {
  const made: (readonly [string, Kept])[] = [];
  let before: unknown;

  beforeAll(async () => {
    await start();
    before = await inventory(api);
  });
  afterAll(stop);

  test.each([...ADOPTED, ...CREATED])("%s, is there afterwards (%j)", async (type, config) => {
    made.push([type, await renameInEachOrder(held, [type, config])]);
  });

  test("and is deleted, or restored to what it was before all of that, in the next run", async () => {
    await restartProvider();
    for (const [type, later] of made.reverse())
      expect(await provider.destroy(type, await provider.read(type, later))).toEqual([]);
    expect(await inventory(api)).toEqual(before);
  });

  test("but what nothing destroys is refused", async () => {
    const { told } = await provider.apply("maas_vlan", { fabric: "lab", vid: 5 });
    expect(told[0]?.summary).toBe("This VLAN exists already");
  });
});
