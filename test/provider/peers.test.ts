import type { Attributes, Value } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { PROVIDER_BLOCK } from "../../src/provider/schema";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver, type Told } from "../support/provider-driver";

// Faults of other tools that users have reported, by the number of the issue there: `#` in canonical/terraform-provider-maas,
// `ansible#` in canonical/ansible-collection. docs/peers.md lists them.

jest.setTimeout(60_000);

type Made = Kept & { readonly state: Attributes };

let simulator: MaasSimulator;
let api: MaasClient;
let provider: ProviderDriver;

const start = async (url = simulator.url): Promise<void> => {
  await provider?.stop();
  provider = await ProviderDriver.here({ MAAS_API_URL: url, MAAS_API_KEY: simulator.apiKey });
  expect(await provider.configure()).toEqual([]);
};

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  await start();
});

afterEach(async () => {
  await provider.stop();
  await api.close();
  await simulator.stop();
});

const get = async (path: string): Promise<ObjectJson> => (await api.get(path)) as ObjectJson;
const list = async (path: string): Promise<readonly ObjectJson[]> => (await api.get(path)) as readonly ObjectJson[];
const make = (type: string, config: Attributes, kept?: Kept): Promise<Made> =>
  provider.make(`maas_${type}`, config, kept);
const idOf = ({ state }: Made): string => textOf(state.id);
const errors = (told: readonly Told[]): string[] =>
  told.filter(({ severity }) => severity === "error").map(({ summary, detail }) => `${summary}: ${detail}`);
/** The object as the next run finds it. */
async function reread(type: string, made: Made): Promise<Attributes | undefined> {
  await start();
  const { state, told } = await provider.read(`maas_${type}`, made);
  expect(told).toEqual([]);
  return state;
}

const v4 = "10.5.0.0/24";
const v6 = "2001:db8:5::/64";

/** A VLAN with a subnet, which both racks reach. */
async function network(): Promise<{ fabric: Made; vlan: Made; subnet: Made }> {
  const fabric = await make("fabric", { name: "lab" });
  const vlan = await make("vlan", { fabric: idOf(fabric), vid: 10 });
  const subnet = await make("subnet", { cidr: v4, vlan: idOf(vlan) });
  for (const rack of ["rack1", "rack2"])
    await make("rack_interface", { rack_controller: rack, name: "eth1", vlan: idOf(vlan) });
  return { fabric, vlan, subnet };
}

const pool = (subnet: Made): Promise<Made> =>
  make("subnet_ip_range", { subnet: idOf(subnet), type: "dynamic", start_ip: "10.5.0.100", end_ip: "10.5.0.199" });

describe("DHCP", () => {
  test("#53: is switched on in the run that makes its VLAN, its subnet and its range", async () => {
    const { vlan, subnet } = await network();
    const range = await pool(subnet);
    const dhcp = { vlan: idOf(vlan), primary_rack_controller: "rack1", ip_ranges: [idOf(range)] };
    expect((await make("vlan_dhcp", dhcp)).state).toMatchObject({ dhcp_on: true });
    expect(await get(apiPath`vlans/${idOf(vlan)}/`)).toMatchObject({ dhcp_on: true });
  });

  test("#55: has its rack controllers by hostname, and one that can't serve the VLAN is named at plan", async () => {
    const { vlan } = await network();
    const { told } = await provider.plan("maas_vlan_dhcp", { vlan: idOf(vlan), primary_rack_controller: "rack9" });
    expect(errors(told)).toEqual([expect.stringContaining("rack1, rack2")]);
  });

  test("#167, #376, #411: goes before its range and its subnet, with both rack controllers, and can be made again", async () => {
    const { vlan, subnet } = await network();
    for (let round = 0; round < 2; round += 1) {
      const range = await pool(subnet);
      const racks = { primary_rack_controller: "rack1", secondary_rack_controller: "rack2" };
      const dhcp = await make("vlan_dhcp", { vlan: idOf(vlan), ...racks, ip_ranges: [idOf(range)] });
      expect(await provider.destroy("maas_vlan_dhcp", dhcp)).toEqual([]);
      expect(await get(apiPath`vlans/${idOf(vlan)}/`)).toMatchObject({
        ...{ dhcp_on: false, primary_rack: null, secondary_rack: null },
      });
      expect(await provider.destroy("maas_subnet_ip_range", range)).toEqual([]);
    }
    expect(await provider.destroy("maas_subnet", subnet)).toEqual([]);
  });

  test("#377, #389: that is relayed where it can't be fails, and one that is relayed is read back so", async () => {
    const { fabric, vlan } = await network();
    const other = await make("vlan", { fabric: idOf(fabric), vid: 11 });
    const both = { vlan: idOf(vlan), relay_vlan: idOf(other), primary_rack_controller: "rack1" };
    expect(await provider.validate("maas_vlan_dhcp", both)).toEqual([expect.objectContaining({ severity: "error" })]);
    const self = await provider.plan("maas_vlan_dhcp", { vlan: idOf(vlan), relay_vlan: idOf(vlan) });
    expect(errors(self.told)).toHaveLength(1);
    const made = await make("vlan_dhcp", { vlan: idOf(vlan), relay_vlan: idOf(other) });
    expect(await get(apiPath`vlans/${idOf(vlan)}/`)).toMatchObject({ relay_vlan: { id: Number(idOf(other)) } });
    expect(await reread("vlan_dhcp", made)).toEqual(made.state);
  });

  test("#303: is no attribute of a VLAN, and the message says what to run", async () => {
    const told = await provider.validate("maas_vlan", { fabric: "lab", vid: 10, dhcp_on: true });
    expect(errors(told)).toEqual([expect.stringContaining("npx cdktf-maas migrate")]);
  });
});

describe("what somebody changes outside", () => {
  /** Another value of each attribute that MAAS reports, as MAAS's form takes it, and as it is read. */
  const CHANGES: Readonly<
    Record<string, readonly (readonly [form: string, text: string, name: string, value: Value])[]>
  > = {
    fabric: [
      ["name", "renamed", "name", "renamed"],
      ["class_type", "10g", "class_type", "10g"],
    ],
    vlan: [
      ["name", "other", "name", "other"],
      ["mtu", "9000", "mtu", 9000],
      ["space", "hall", "space", "hall"],
      ["vid", "77", "vid", 77],
    ],
    subnet_ip_range: [
      ["start_ip", "10.5.0.90", "start_ip", "10.5.0.90"],
      ["end_ip", "10.5.0.210", "end_ip", "10.5.0.210"],
      ["comment", "text", "comment", "text"],
    ],
    subnet: [
      ["name", "other", "name", "other"],
      ["description", "text", "description", "text"],
      ["gateway_ip", "10.5.0.1", "gateway_ip", "10.5.0.1"],
      ["dns_servers", "10.5.0.2,10.5.0.3", "dns_servers", ["10.5.0.2", "10.5.0.3"]],
      ["rdns_mode", "0", "rdns_mode", 0],
      ["allow_dns", "false", "allow_dns", false],
      ["allow_proxy", "false", "allow_proxy", false],
      ["active_discovery", "true", "active_discovery", true],
      ["managed", "false", "managed", false],
      ["disabled_boot_architectures", "pxe", "disabled_boot_architectures", ["pxe"]],
    ],
  };

  test("#400, #446, #257: is found by the next refresh, whichever attribute it is", async () => {
    await api.post("spaces/", [["name", "hall"]]);
    const { fabric, vlan, subnet } = await network();
    const range = await pool(subnet);
    const made: Readonly<Record<string, Made>> = { fabric, vlan, subnet, subnet_ip_range: range };
    const paths = { fabric: "fabrics", vlan: "vlans", subnet: "subnets", subnet_ip_range: "ipranges" };
    for (const [type, changes] of Object.entries(CHANGES)) {
      const object = made[type]!;
      const path = apiPath`${paths[type as keyof typeof paths]}/${idOf(object)}/`;
      for (const [form, text] of changes) await api.put(path, [[form, text]]);
      expect(await reread(type, object)).toMatchObject(
        Object.fromEntries(changes.map(([, , name, value]) => [name, value])),
      );
    }
  });

  test("by deleting an object takes it out of the state, and is no error, whatever its kind", async () => {
    const { fabric, vlan, subnet } = await network();
    const range = await pool(subnet);
    await api.delete(apiPath`ipranges/${idOf(range)}/`);
    await api.delete(apiPath`subnets/${idOf(subnet)}/`);
    await api.delete(apiPath`vlans/${idOf(vlan)}/`);
    const gone: (readonly [string, Made])[] = [
      ["subnet_ip_range", range],
      ["subnet", subnet],
      ["vlan", vlan],
    ];
    for (const [type, made] of gone) expect(await reread(type, made)).toBeUndefined();
    expect(await reread("fabric", fabric)).toMatchObject({ name: "lab" });
  });
});

describe("the default VLAN", () => {
  test("#193, #358: with VID 0 is taken over, changed and given back", async () => {
    const fabric = await make("fabric", { name: "lab" });
    const untagged = await make("vlan", { fabric: "lab", vid: 0, mtu: 9000 });
    expect(idOf(untagged)).toBe(fabric.state.untagged_vlan);
    expect(await get(apiPath`vlans/${idOf(untagged)}/`)).toMatchObject({ vid: 0, mtu: 9000 });
    const changed = await make("vlan", { fabric: "lab", vid: 0, mtu: 1600 }, untagged);
    expect(changed.state).toMatchObject({ id: untagged.state.id, mtu: 1600 });
    expect(await provider.destroy("maas_vlan", changed)).toEqual([]);
    expect(await get(apiPath`vlans/${idOf(untagged)}/`)).toMatchObject({ mtu: 1500 });
  });
});

describe("IP ranges", () => {
  test("#378: have one form, and blocks in a subnet are refused with the command that moves them", async () => {
    const block = { type: "dynamic", start_ip: "10.5.0.100", end_ip: "10.5.0.199", comment: null };
    const told = await provider.validate("maas_subnet", { cidr: v4, vlan: "lab:10", ip_ranges: [block] });
    expect(errors(told)).toEqual([expect.stringContaining("npx cdktf-maas migrate")]);
  });

  test("ansible#60: are no part of a subnet, and an update of the subnet leaves them", async () => {
    const { vlan, subnet } = await network();
    const range = await pool(subnet);
    await make("subnet", { cidr: v4, vlan: idOf(vlan), gateway_ip: "10.5.0.1" }, subnet);
    expect(await reread("subnet_ip_range", range)).toEqual(range.state);
  });

  test("of IPv6 are imported by their addresses, and in any spelling need no change", async () => {
    const { vlan } = await network();
    const subnet = await make("subnet", { cidr: "2001:DB8:5:0::/64", vlan: idOf(vlan) });
    const config = {
      ...{ subnet: "2001:0db8:5::/64", type: "dynamic" },
      ...{ start_ip: "2001:DB8:5:0:2::", end_ip: "2001:db8:5::2:0:0:FFFF" },
    };
    const range = await make("subnet_ip_range", config);
    expect(range.state).toMatchObject(config);
    const imported = await provider.import("maas_subnet_ip_range", "2001:db8:5:0:2::-2001:db8:5:0:2:0:0:ffff");
    expect(imported.state?.id).toBe(range.state.id);
    expect(await reread("subnet_ip_range", range)).toEqual(range.state);
    expect((await provider.plan("maas_subnet_ip_range", config, range)).planned).toEqual(range.state);
    expect((await reread("subnet", subnet))?.cidr).toBe("2001:DB8:5:0::/64");
  });

  test("of a subnet that is not there are refused by name, and nothing crashes", async () => {
    const { told } = await provider.plan("maas_subnet_ip_range", {
      ...{ subnet: "2001:DB8:99::/64", type: "reserved", start_ip: "2001:db8:99::1", end_ip: "2001:db8:99::2" },
    });
    expect(errors(told)).toEqual([expect.stringContaining("2001:DB8:99::/64")]);
  });
});

describe("a link", () => {
  test("#478: of each family is made on one interface, and neither touches the other", async () => {
    const vlan = textOf((await provider.look("maas_vlan", { fabric: "fabric-0", vid: 0 })).state?.id);
    const links: Made[] = [];
    for (const cidr of [v4, v6]) {
      const subnet = idOf(await make("subnet", { cidr, vlan }));
      const where = { machine: "machine1", network_interface: "eth0", subnet };
      links.push(await make("network_interface_link", { ...where, mode: "AUTO" }));
    }
    const [machine] = await list("machines/");
    const [nic] = machine?.interface_set as ObjectJson[];
    expect((nic?.links as ObjectJson[]).map(({ subnet }) => (subnet as ObjectJson).cidr)).toEqual([v4, v6]);
    expect(simulator.requests.count("POST", "op=disconnect")).toBe(0);
    const [first, second] = links;
    if (first !== undefined) expect(await provider.destroy("maas_network_interface_link", first)).toEqual([]);
    if (second !== undefined) expect(await reread("network_interface_link", second)).toEqual(second.state);
  });
});

describe("reads", () => {
  test("#239, #240, #95, #343, #175, ansible#52: of links never list the machines, and of many objects a collection once", async () => {
    const { vlan, subnet } = await network();
    const made: (readonly [string, Made])[] = [["vlan", vlan]];
    for (let index = 0; index < 45; index += 1) {
      const ends = { start_ip: `10.5.0.${index * 4 + 8}`, end_ip: `10.5.0.${index * 4 + 9}` };
      made.push([
        "subnet_ip_range",
        await make("subnet_ip_range", { subnet: idOf(subnet), type: "reserved", ...ends }),
      ]);
    }
    await start();
    simulator.requests.clear();
    await Promise.all(made.map(([type, object]) => provider.read(`maas_${type}`, object)));
    expect(simulator.requests.count("GET")).toBeLessThan(30);
    await provider.look("maas_machine", { hostname: "machine1" });
    const listings = simulator.requests.all().filter(({ path }) => path.endsWith("/machines/"));
    expect(listings).toEqual([]);
  });

  test("#288: that meet a gateway's time-out are made again", async () => {
    const { subnet } = await network();
    simulator.faults.set({ faults: [{ fault: "504", rate: 0.5 }], randomSeed: 3 });
    const read = await reread("subnet", subnet);
    simulator.faults.clear();
    expect(read).toEqual(subnet.state);
  });
});

describe("a subnet", () => {
  test("#283, #317: has managed and active_discovery, and neither is changed by another change", async () => {
    const { vlan, subnet } = await network();
    const config = { cidr: v4, vlan: idOf(vlan), managed: false, active_discovery: true };
    const set = await make("subnet", config, subnet);
    await make("subnet", { ...config, name: "other" }, set);
    expect(await get(apiPath`subnets/${idOf(subnet)}/`)).toMatchObject({ managed: false, active_discovery: true });
  });

  test("#481: loses its gateway and DNS servers, and a VLAN its name and space, when they are taken out", async () => {
    await api.post("spaces/", [["name", "hall"]]);
    const { fabric, vlan, subnet } = await network();
    const placed = { fabric: idOf(fabric), vid: 10 };
    const on = { cidr: v4, vlan: idOf(vlan) };
    const set = await make("subnet", { ...on, gateway_ip: "10.5.0.1", dns_servers: ["10.5.0.2"] }, subnet);
    expect((await make("subnet", on, set)).state).toMatchObject({ gateway_ip: null, dns_servers: [] });
    const named = await make("vlan", { ...placed, name: "ten", space: "hall" }, vlan);
    expect((await make("vlan", placed, named)).state).toMatchObject({ name: null, space: null });
    expect(await get(apiPath`subnets/${idOf(subnet)}/`)).toMatchObject({ gateway_ip: null, dns_servers: [] });
  });

  test("is checked before anything is asked: its CIDR, its gateway, and a VLAN's VID and MTU", async () => {
    const wrong: (readonly [string, Attributes])[] = [
      ["maas_subnet", { cidr: "10.5.0.1/24", vlan: "lab:10" }],
      ["maas_subnet", { cidr: v4, vlan: "lab:10", gateway_ip: "10.6.0.1" }],
      ["maas_vlan", { fabric: "lab", vid: 4095 }],
      ["maas_vlan", { fabric: "lab", vid: 10, mtu: 100 }],
    ];
    simulator.requests.clear();
    for (const [type, config] of wrong) expect(errors(await provider.validate(type, config))).toHaveLength(1);
    expect(simulator.requests.all()).toEqual([]);
  });
});

describe("a static route", () => {
  test("#304: is made of subnets by name, id or CIDR, and its metric can be 0 again", async () => {
    const { vlan } = await network();
    const destination = idOf(await make("subnet", { cidr: "10.6.0.0/24", vlan: idOf(vlan), name: "far away" }));
    const route = { source: v4, destination: "far away", gateway_ip: "10.5.0.254" };
    const made = await make("static_route", { ...route, metric: 10 });
    expect(made.state).toMatchObject({ ...route, metric: 10 });
    expect((await make("static_route", { ...route, metric: 0 }, made)).state).toMatchObject({ metric: 0 });
    const read = (await reread("static_route", made)) ?? {};
    expect(read).toMatchObject({ destination: "far away", metric: 0 });
    const by = await provider.plan("maas_static_route", { ...route, destination }, { ...made, state: read });
    expect(by.planned).toEqual(read);
  });
});

describe("data sources", () => {
  test("#398: show the VID of a VLAN under both names, and a rack's version is its version", async () => {
    await network();
    const { state } = await provider.look("maas_vlan", { fabric: "lab", vlan: "10" });
    expect(state).toMatchObject({ vid: 10, vlan: "10" });
    const rack = await provider.look("maas_rack_controller", { hostname: "rack1" });
    const [row] = (await list("rackcontrollers/")).filter(({ hostname }) => hostname === "rack1");
    expect(rack.state).toMatchObject({ version: row?.version === "" ? null : row?.version });
  });
});

describe("the provider", () => {
  test("keeps the API key out of what is shown, and takes a bracketed IPv6 address", async () => {
    expect(PROVIDER_BLOCK.attributes.find(({ name }) => name === "api_key")).toMatchObject({ sensitive: true });
    const url = simulator.urls.find((one) => one.includes("[::1]"));
    await start(url);
    expect((await provider.look("maas_fabric", { name: "fabric-0" })).told).toEqual([]);
  });
});
