import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { DATA_SOURCES } from "../../src/provider/data-sources";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

const TYPE = "maas_device";
const mac = (at: number): { mac_address: string } => ({ mac_address: `52:54:00:00:02:0${at}` });
const SWITCH = { hostname: "switch1", network_interfaces: [mac(1), mac(2)], description: "in rack 4" };

let user: ProviderUser;
let api: MaasClient;
let provider: ProviderUser["provider"];

beforeAll(async () => {
  user = await ProviderUser.start({ fabrics: [{ name: "lab", vlans: [{ vid: 0 }] }] });
  ({ api, provider } = user);
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

const nextRun = (): Promise<void> => user.nextRun();

const devices = async (): Promise<readonly ObjectJson[]> => (await api.get("devices/")) as readonly ObjectJson[];

const interfaces = async (): Promise<Record<string, string>> => {
  const [device] = await devices();
  const nics = device?.interface_set as readonly ObjectJson[];
  return Object.fromEntries(nics.map((nic) => [textOf(nic.mac_address), textOf(nic.id)]));
};

test("a device is made with its interfaces, renamed, and changes its interfaces in place", async () => {
  const made = await provider.make(TYPE, SWITCH);
  expect(made.state).toMatchObject({ ...SWITCH, fqdn: "switch1.maas", zone: "default", domain: "maas" });
  const before = await interfaces();
  await nextRun();
  const config = { ...SWITCH, hostname: "switch2", network_interfaces: [mac(2), { mac_address: "52-54-00-00-02-03" }] };
  const changed = await provider.apply(TYPE, config, made);
  expect(changed.told).toEqual([]);
  expect(changed.state).toMatchObject({ ...config, id: made.state?.id, fqdn: "switch2.maas" });
  expect(Object.keys(await interfaces()).sort()).toEqual(["52:54:00:00:02:02", "52:54:00:00:02:03"]);
  expect((await interfaces())["52:54:00:00:02:02"]).toBe(before["52:54:00:00:02:02"]);
  await nextRun();
  await provider.destroy(TYPE, changed);
  expect(await devices()).toEqual([]);
});

test("an interface that somebody adds to a device or takes from it is drift", async () => {
  const made = await provider.make(TYPE, SWITCH);
  const { "52:54:00:00:02:01": gone = "" } = await interfaces();
  await api.delete(`nodes/${textOf(made.state?.id)}/interfaces/${gone}/`);
  await nextRun();
  const read = await provider.read(TYPE, made);
  expect(read.state).toMatchObject({ network_interfaces: [mac(2)] });
  await provider.make(TYPE, SWITCH, read);
  expect(Object.keys(await interfaces()).sort()).toEqual(["52:54:00:00:02:01", "52:54:00:00:02:02"]);
});

test("two spellings of one MAC address are one interface", async () => {
  const config = {
    hostname: "twice",
    network_interfaces: [{ mac_address: "52:54:00:AA:00:01" }, { mac_address: "52-54-00-aa-00-01" }],
  };
  const made = await provider.make(TYPE, config);
  expect(made.state.network_interfaces).toEqual(config.network_interfaces);
  expect(Object.keys(await interfaces())).toEqual(["52:54:00:aa:00:01"]);
  const { planned, told } = await provider.plan(TYPE, config, made);
  expect([planned, told]).toEqual([made.state, []]);
});

test("what is no MAC address is told of before anything is made", async () => {
  const config = { ...SWITCH, network_interfaces: [{ mac_address: "525400000201" }] };
  expect(await provider.validate(TYPE, config)).toMatchObject([
    { detail: expect.stringContaining("Write 52:54:00:00:02:01.") as string },
  ]);
  expect(await devices()).toEqual([]);
});

test.each(["switch1", "switch1.maas"])("a device is imported and looked up as %s", async (name) => {
  await provider.make(TYPE, SWITCH);
  await nextRun();
  expect((await provider.import(TYPE, name)).state).toMatchObject({ network_interfaces: [mac(1), mac(2)] });
  expect((await provider.look(TYPE, { hostname: name })).state).toMatchObject({ description: "in rack 4" });
});

test.each(["hostname", "system_id"])(
  "a device is looked up by its %s, with the ids and names of its interfaces",
  async (by) => {
    const made = await provider.make(TYPE, SWITCH);
    await nextRun();
    const { state, told } = await provider.look(
      TYPE,
      by === "hostname" ? { hostname: "switch1" } : { system_id: made.state.id },
    );
    expect(told).toEqual([]);
    const ids = await interfaces();
    expect(state).toMatchObject({ hostname: "switch1", system_id: made.state.id, id: made.state.id });
    expect(state?.network_interfaces).toEqual(
      [1, 2].map((at) => ({ id: Number(ids[mac(at).mac_address]), name: `eth${at - 1}`, ...mac(at) })),
    );
  },
);

test.each([{}, { hostname: "switch1", system_id: "abc123" }])("a device is looked up by one name: %j", (config) => {
  const told = DATA_SOURCES.get(TYPE)?.check(config);
  expect(told).toMatchObject([{ fix: "Set hostname or system_id." }]);
});

test("a device without interfaces is refused before anything is made", async () => {
  const told = await provider.validate(TYPE, { ...SWITCH, network_interfaces: [] });
  expect(told).toMatchObject([{ detail: expect.stringContaining("Give it one entry at least.") as string }]);
});

test.each([
  ["hostname", "sw.maas", 'Write hostname = "sw", and domain = "maas".'],
  ["hostname", "sw.", 'Write hostname = "sw".'],
  ["hostname", "sw.lab.example", 'Write hostname = "sw", and domain = "lab.example".'],
  ["domain", "0", 'such as domain = "maas".'],
  ["domain", " 1_0", 'such as domain = "maas".'],
])(
  "%s = %j, which MAAS takes for something else, is told of before anything is made",
  async (attribute, value, fix) => {
    const config = { ...SWITCH, [attribute]: value };
    for (const { told } of [{ told: await provider.validate(TYPE, config) }, await provider.plan(TYPE, config)]) {
      expect(told).toMatchObject([{ severity: "error", attribute }]);
      expect(`${told[0]?.summary}\n${told[0]?.detail}`.replace(/\s+/g, " ")).toContain(fix);
    }
    expect(await devices()).toEqual([]);
  },
);

test("a device is looked up by its FQDN all the same", async () => {
  await provider.make(TYPE, SWITCH);
  expect((await provider.look(TYPE, { hostname: "switch1.maas" })).state).toMatchObject({ fqdn: "switch1.maas" });
});
