import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  provider = await ProviderDriver.start({
    environment: { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
  });
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
