import type { KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { findField, isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { keyParts } from "../../lib/model/natural-key";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;

const mac = (at: number): string => `52:54:00:00:01:0${at}`;

const NODES = ["node1", "node2"].map((hostname, node) => ({
  hostname,
  interfaces: [0, 1, 2, 3].map((at) => ({ name: `eth${at}`, fabric: "seeded", mac_address: mac(4 * node + at) })),
}));

beforeEach(async () => {
  simulator = await MaasSimulator.start({
    seed: { fabrics: [{ name: "seeded", vlans: [{ vid: 0 }, { vid: 10 }] }], machines: NODES },
  });
  provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  expect(await provider.configure()).toEqual([]);
});

afterEach(async () => {
  await provider.stop();
  await simulator.stop();
});

type Made = Kept & { readonly state: Attributes };

/** Makes objects, gives each the configuration of the next one at once, as Terraform does, and expects that they have it. */
async function rotate(type: string, configurations: readonly Attributes[]): Promise<void> {
  const made: Made[] = [];
  for (const config of configurations) made.push(await provider.make(type, config));
  const next = (index: number): Attributes => configurations[(index + 1) % configurations.length] ?? {};
  const after = await Promise.all(made.map((one, index) => provider.make(type, next(index), one)));
  for (const [index, one] of made.entries()) {
    expect(after[index]?.state).toMatchObject({ ...next(index), id: one.state.id });
    const { state } = await provider.read(type, after[index] ?? one);
    expect(state).toMatchObject(next(index));
  }
}

test.each(["maas_fabric", "maas_space"])("%s: two, or three, exchange their names", async (type) => {
  await rotate(type, [{ name: "a" }, { name: "b" }]);
  await rotate(type, [{ name: "x" }, { name: "y" }, { name: "z" }]);
});

test("two VLANs of a fabric exchange their VIDs", async () => {
  const { state } = await provider.make("maas_fabric", { name: "lab" });
  const fabric = textOf(state.id);
  await rotate("maas_vlan", [
    { fabric, vid: 4093 },
    { fabric, vid: 4094 },
  ]);
});

test.each([
  ["IPv4 reserved", "reserved", "10.1.0.0/24", "10.1.0.", "10", "19", "20", "29"],
  ["IPv4 dynamic", "dynamic", "10.1.0.0/24", "10.1.0.", "10", "99", "100", "149"],
  ["IPv6 dynamic", "dynamic", "2001:db8::/64", "2001:db8:0:0:", "1::", "1::ffff", "2::", "2::ffff"],
])("two %s ranges exchange their places", async (_, type, cidr, prefix, ...ends) => {
  const { state } = await provider.make("maas_fabric", { name: "lab" });
  const subnet = await provider.make("maas_subnet", { cidr, vlan: textOf(state.untagged_vlan) });
  const [a1, a2, b1, b2] = ends.map((end) => `${prefix}${end}`);
  const range = { subnet: textOf(subnet.state.id), type };
  await rotate("maas_subnet_ip_range", [
    { ...range, start_ip: a1 ?? "", end_ip: a2 ?? "" },
    { ...range, start_ip: b1 ?? "", end_ip: b2 ?? "" },
  ]);
});

test.each([
  ["two", ["1", "2"]],
  ["three", ["1", "2", "3"]],
])("%s ranges that fill their subnet are told at plan that they can't exchange their places", async (_, ends) => {
  const { state } = await provider.make("maas_fabric", { name: "lab" });
  const cidr = `10.1.0.0/${ends.length === 2 ? 30 : 29}`;
  const subnet = await provider.make("maas_subnet", { cidr, vlan: textOf(state.untagged_vlan) });
  const id = textOf(subnet.state.id);
  // The first names the subnet otherwise than the others do.
  const range = (end: string, by = id): Attributes => ({
    ...{ subnet: by, type: "reserved", start_ip: `10.1.0.${end}`, end_ip: `10.1.0.${end}` },
  });
  if (ends.length === 3) await provider.make("maas_subnet_ip_range", { ...range("4"), end_ip: "10.1.0.6" });
  const made = [];
  for (const [index, end] of ends.entries())
    made.push(await provider.make("maas_subnet_ip_range", range(end, index === 0 ? cidr : id)));
  const told = [];
  for (const [index, one] of made.entries()) {
    const next = range(ends[(index + 1) % ends.length] ?? "", index === 0 ? cidr : id);
    told.push(...(await provider.plan("maas_subnet_ip_range", next, one)).told);
  }
  const names = ends.map((end) => `IP range 10.1.0.${end}-10.1.0.${end} in ${cidr}`);
  expect(told).toEqual([
    expect.objectContaining({
      severity: "error",
      summary: `${names.join(" and ")} can't exchange what each of them has: nothing is free that one of them could have in between`,
    }),
  ]);
});

/** A fabric with a VLAN and two subnets of each family, by their ids. */
async function lab(): Promise<Record<"fabric" | "from4" | "to4" | "from6" | "to6", string>> {
  const { state } = await provider.make("maas_fabric", { name: "lab" });
  const subnet = async (cidr: string): Promise<string> =>
    textOf((await provider.make("maas_subnet", { cidr, vlan: textOf(state.untagged_vlan) })).state.id);
  const [from4, to4] = [await subnet("10.1.0.0/24"), await subnet("10.2.0.0/24")];
  const [from6, to6] = [await subnet("2001:db8:1::/64"), await subnet("2001:db8:2::/64")];
  return { fabric: textOf(state.id), from4, to4, from6, to6 };
}

test("two, or three, static routes of either family exchange their gateways", async () => {
  const { from4, to4, from6, to6 } = await lab();
  const to = (source: string, destination: string, gateways: readonly string[]) =>
    gateways.map((gateway_ip, metric) => ({ source, destination, gateway_ip, metric }));
  // The addresses that an object could have meanwhile are taken as well.
  await rotate("maas_static_route", to(from4, to4, ["10.1.0.254", "10.1.0.253"]));
  await rotate("maas_static_route", to(from6, to6, ["2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3"]));
});

/** A kind that can change its key in place: what its objects have beside that, a key, and another one. */
type Renamed = readonly [kind: KindName, key: Attributes, other: Attributes];

/** Kinds of which several objects may have one key, so that nothing has to be free. */
const KEPT_APART: readonly KindName[] = ["dns_record", "dhcp_snippet"];

/** Interfaces of one machine, which have names of their own. */
const INTERFACES: readonly Renamed[] = [
  [
    "network_interface_physical",
    { machine: "node1", mac_address: mac(0), name: "eth0" },
    { machine: "node1", mac_address: mac(1), name: "eth1" },
  ],
  [
    "network_interface_bond",
    { machine: "node1", parents: ["eth0"], name: "bond0" },
    { machine: "node1", parents: ["eth1"], name: "bond1" },
  ],
  [
    "network_interface_bridge",
    { machine: "node1", parent: "eth0", name: "br0" },
    { machine: "node1", parent: "eth1", name: "br1" },
  ],
  [
    "network_interface_vlan",
    { machine: "node1", parent: "eth0", vlan: "seeded:10", name: "v0" },
    { machine: "node1", parent: "eth1", vlan: "seeded:10", name: "v1" },
  ],
];

/** Objects of each kind that can change its key in place. */
async function renamed(): Promise<readonly Renamed[]> {
  const { fabric, from4, to4 } = await lab();
  const range = { subnet: from4, type: "reserved" };
  const route = { source: from4, destination: to4 };
  return [
    ["fabric", { name: "a" }, { name: "b" }],
    ["space", { name: "a" }, { name: "b" }],
    ["vlan", { fabric, vid: 5 }, { fabric, vid: 6 }],
    [
      "ip_range",
      { ...range, start_ip: "10.1.0.10", end_ip: "10.1.0.19" },
      { ...range, start_ip: "10.1.0.20", end_ip: "10.1.0.29" },
    ],
    ["static_route", { ...route, gateway_ip: "10.1.0.1" }, { ...route, gateway_ip: "10.1.0.2" }],
    ["dns_domain", { name: "a.example" }, { name: "b.example" }],
    [
      "device",
      { hostname: "a", network_interfaces: [{ mac_address: "52:54:00:00:02:01" }] },
      { hostname: "b", network_interfaces: [{ mac_address: "52:54:00:00:02:02" }] },
    ],
  ];
}

test("every kind that can change its key in place is tried", async () => {
  const tried = [...(await renamed()), ...INTERFACES].map(([kind]) => kind);
  const all = Object.values<Kind>(KINDS)
    .filter(isManaged)
    .filter(({ name }) => keyParts(name).some((part) => findField(KINDS[name], part).requiresReplace !== true));
  expect([...tried, ...KEPT_APART].sort()).toEqual(all.map(({ name }) => name).sort());
});

test("two objects of each such kind exchange their keys", async () => {
  for (const [kind, ...keys] of await renamed()) {
    const { type } = KINDS[kind];
    const made = [await provider.make(type, keys[0]), await provider.make(type, keys[1])] as const;
    // What is no part of the key stays with its object, as the interfaces of a device.
    const parts: readonly string[] = keyParts(kind);
    const keyOf = (config: Attributes): Attributes =>
      Object.fromEntries(Object.entries(config).filter(([name]) => parts.includes(name)));
    const wanted = [
      { ...keys[0], ...keyOf(keys[1]) },
      { ...keys[1], ...keyOf(keys[0]) },
    ] as const;
    const after = await Promise.all([provider.make(type, wanted[0], made[0]), provider.make(type, wanted[1], made[1])]);
    for (const [at, { state }] of after.entries())
      expect(state).toMatchObject({ ...keyOf(wanted[at as 0 | 1]), id: made[at as 0 | 1].state.id });
  }
});

/** The names of the interfaces of machines, by their MAC addresses. */
async function namesByMac(): Promise<Record<string, string>> {
  const api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  const machines = (await api.get("machines/")) as readonly { readonly interface_set: readonly ObjectJson[] }[];
  await api.close();
  const nics = machines.flatMap(({ interface_set: set }) => set);
  return Object.fromEntries(nics.map(({ name, mac_address: address }) => [textOf(address), textOf(name)]));
}

describe("interfaces of one machine", () => {
  test.each(INTERFACES)("%s: two exchange their names", async (kind, one, other) => {
    const { type } = KINDS[kind];
    const made = [await provider.make(type, one), await provider.make(type, other)] as const;
    const names = [other.name, one.name];
    const after = await Promise.all(
      [one, other].map((config, at) => provider.make(type, { ...config, name: names[at] ?? "" }, made[at])),
    );
    expect(after.map(({ state }) => [state.id, state.name])).toEqual(
      made.map(({ state }, at) => [state.id, names[at]]),
    );
    // And back, as adopted ones are restored.
    if (kind !== "network_interface_physical") return;
    const ended = await Promise.all(after.map((each) => provider.destroy(type, each)));
    expect(ended.flat()).toEqual([]);
    expect(await namesByMac()).toMatchObject({ [mac(0)]: "eth0", [mac(1)]: "eth1" });
  });

  test("reported ones exchange their names, three in a ring, as they are taken over", async () => {
    const type = KINDS.network_interface_physical.type;
    const config = (at: number): Attributes => ({ machine: "node1", mac_address: mac(at), name: `eth${(at + 1) % 3}` });
    const made = await Promise.all([0, 1, 2].map((at) => provider.make(type, config(at))));
    expect(await namesByMac()).toMatchObject({ [mac(0)]: "eth1", [mac(1)]: "eth2", [mac(2)]: "eth0" });
    expect((await Promise.all(made.map((each) => provider.destroy(type, each)))).flat()).toEqual([]);
    expect(await namesByMac()).toMatchObject({ [mac(0)]: "eth0", [mac(1)]: "eth1", [mac(2)]: "eth2" });
  });

  test("a physical one exchanges its name with a bond", async () => {
    const physical = { machine: "node1", mac_address: mac(2), name: "eth2" };
    const bond = { machine: "node1", parents: ["eth0", "eth1"], name: "bond0" };
    const types = [KINDS.network_interface_physical.type, KINDS.network_interface_bond.type] as const;
    const made = [await provider.make(types[0], physical), await provider.make(types[1], bond)] as const;
    const after = await Promise.all([
      provider.make(types[0], { ...physical, name: "bond0" }, made[0]),
      provider.make(types[1], { ...bond, name: "eth2" }, made[1]),
    ]);
    expect(after.map(({ state }) => state.name)).toEqual(["bond0", "eth2"]);
  });

  test("those of a device exchange their names too", async () => {
    const type = KINDS.network_interface_physical.type;
    const macs = ["52:54:00:00:02:01", "52:54:00:00:02:02"];
    await provider.make(KINDS.device.type, {
      hostname: "switch1",
      network_interfaces: macs.map((address) => ({ mac_address: address })),
    });
    const config = (at: number, name: string): Attributes => ({
      ...{ device: "switch1", mac_address: macs[at] ?? "", name, adopt_existing: true },
    });
    const made = [await provider.make(type, config(0, "p0")), await provider.make(type, config(1, "p1"))] as const;
    // The next run of Terraform.
    expect(await provider.configure()).toEqual([]);
    const after = await Promise.all([
      provider.make(type, config(0, "p1"), made[0]),
      provider.make(type, config(1, "p0"), made[1]),
    ]);
    expect(after.map(({ state }) => state.name)).toEqual(["p1", "p0"]);
  });

  test("two exchange their MAC addresses, also those of two machines", async () => {
    const type = KINDS.network_interface_physical.type;
    const first = { machine: "node1", mac_address: mac(0) };
    for (const second of [
      { machine: "node1", mac_address: mac(1) },
      { machine: "node2", mac_address: mac(4) },
    ]) {
      const made = [await provider.make(type, first), await provider.make(type, second)] as const;
      const after = await Promise.all([
        provider.make(type, { ...first, mac_address: second.mac_address }, made[0]),
        provider.make(type, { ...second, mac_address: first.mac_address }, made[1]),
      ]);
      expect(after.map(({ state }) => [state.id, state.mac_address])).toEqual([
        [made[0].state.id, second.mac_address],
        [made[1].state.id, first.mac_address],
      ]);
      await Promise.all(after.map((each) => provider.destroy(type, each)));
    }
  });
});

test("an object of each kind is made with the key that another one gives up at the same time", async () => {
  for (const [kind, key, other] of await renamed()) {
    const { type } = KINDS[kind];
    const former = await provider.make(type, key);
    const [made, after] = await Promise.all([provider.make(type, key), provider.make(type, other, former)]);
    expect(after.state).toMatchObject({ ...other, id: former.state.id });
    expect(made.state).toMatchObject(key);
    expect(made.state.id).not.toBe(former.state.id);
  }
});

test("an object is not taken over with a key that another one of the state gives up in the same run", async () => {
  for (const [kind, key, other] of await renamed()) {
    const { type } = KINDS[kind];
    const former = await provider.make(type, key);
    for (const isFirst of [true, false]) {
      const run = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
      const told = await (async () => {
        await run.configure();
        const read = await run.read(type, former);
        const make = async () => (await run.plan(type, { ...key, adopt_existing: true })).told;
        const first = isFirst ? await make() : [];
        const { told: changed } = await run.plan(type, other, read);
        return [...first, ...changed, ...(isFirst ? [] : await make())];
      })().finally(() => run.stop());
      expect(told).toEqual([
        expect.objectContaining({
          severity: "error",
          summary: expect.stringContaining(`(id ${textOf(former.state.id)}) is in the state already`) as string,
          detail: expect.stringContaining("Remove adopt_existing") as string,
        }),
      ]);
    }
  }
});

test("a name that another fabric keeps is refused, and the message names that fabric", async () => {
  const other = await provider.make("maas_fabric", { name: "kept" });
  const fabric = await provider.make("maas_fabric", { name: "lab" });
  const { told } = await provider.apply("maas_fabric", { name: "kept" }, fabric);
  expect(told[0]?.summary).toContain(`with the id ${textOf(other.state.id)}`);
});

test("a fabric with something on it is waited for, and then named with what is on it and the way out", async () => {
  const fabric = await provider.make("maas_fabric", { name: "lab" });
  await provider.make("maas_subnet", { cidr: "10.1.0.0/24", vlan: textOf(fabric.state.untagged_vlan) });
  const [told] = await provider.destroy("maas_fabric", fabric);
  expect(told?.summary).toContain('"lab"');
  expect(told?.detail).toMatch(/10\.1\.0\.0\/24.*create_before_destroy/s);
});

test("an object that another instance took over since is not touched by the destroy of the former one", async () => {
  const config = { name: "lab", adopt_existing: true };
  const former = await provider.make("maas_fabric", config);
  const later = await provider.make("maas_fabric", config);
  expect(later.state.id).toBe(former.state.id);
  expect(await provider.destroy("maas_fabric", former)).toEqual([
    expect.objectContaining({
      severity: "warning",
      detail: expect.stringContaining("create_before_destroy") as string,
    }),
  ]);
  expect((await provider.read("maas_fabric", later)).state).toEqual(later.state);
  // Left for the next run, it is no instance of the object any more.
  expect((await provider.read("maas_fabric", former)).state).toBeUndefined();
});
