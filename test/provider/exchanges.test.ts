import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

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
      summary: `${names.join(" and ")} can't exchange their places: nothing is free that one of them could have meanwhile`,
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

/** Objects of each kind that can change its key in place: with a key, and another one. */
async function renamed(): Promise<readonly (readonly [type: string, key: Attributes, other: Attributes])[]> {
  const { fabric, from4, to4 } = await lab();
  const range = { subnet: from4, type: "reserved" };
  const route = { source: from4, destination: to4 };
  return [
    ["maas_fabric", { name: "a" }, { name: "b" }],
    ["maas_space", { name: "a" }, { name: "b" }],
    ["maas_vlan", { fabric, vid: 5 }, { fabric, vid: 6 }],
    [
      "maas_subnet_ip_range",
      { ...range, start_ip: "10.1.0.10", end_ip: "10.1.0.19" },
      { ...range, start_ip: "10.1.0.20", end_ip: "10.1.0.29" },
    ],
    ["maas_static_route", { ...route, gateway_ip: "10.1.0.1" }, { ...route, gateway_ip: "10.1.0.2" }],
  ];
}

test("an object of each kind is made with the key that another one gives up at the same time", async () => {
  for (const [type, key, other] of await renamed()) {
    const former = await provider.make(type, key);
    const [made, after] = await Promise.all([provider.make(type, key), provider.make(type, other, former)]);
    expect(after.state).toMatchObject({ ...other, id: former.state.id });
    expect(made.state).toMatchObject(key);
    expect(made.state.id).not.toBe(former.state.id);
  }
});

test("an object is not taken over with a key that another one of the state gives up in the same run", async () => {
  for (const [type, key, other] of await renamed()) {
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
