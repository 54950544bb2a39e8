import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

const PHYSICAL = "maas_network_interface_physical";
const LINK = "maas_network_interface_link";
const TAG = "maas_network_interface_tag";
const MAC = "52:54:00:00:02:01";

let user: ProviderUser;
let api: MaasClient;
let provider: ProviderUser["provider"];

beforeAll(async () => {
  user = await ProviderUser.start({
    fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }] }],
    subnets: [
      { cidr: "10.1.0.0/24", fabric: "lab", vid: 10, gateway_ip: "10.1.0.1" },
      { cidr: "2001:db8:1::/64", fabric: "lab", vid: 10 },
    ],
    machines: [{ hostname: "node1", interfaces: [{ name: "eth0", fabric: "lab" }] }],
    devices: [{ hostname: "switch1", interfaces: [{ name: "eth0", mac_address: MAC, fabric: "lab" }] }],
  });
  ({ api, provider } = user);
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

const nextRun = (): Promise<void> => user.nextRun();

const device = async (): Promise<ObjectJson> => ((await api.get("devices/")) as readonly ObjectJson[])[0] ?? {};

const nics = async (): Promise<readonly ObjectJson[]> => (await device()).interface_set as readonly ObjectJson[];

/** What the next run of Terraform reads and plans. */
async function next(type: string, config: Attributes, kept: Kept) {
  await nextRun();
  const read = await provider.read(type, kept);
  return { ...(await provider.plan(type, config, read)), read };
}

/** That the next run changes nothing. */
async function expectNoChanges(type: string, config: Attributes, kept: Kept): Promise<void> {
  const { planned, read, told } = await next(type, config, kept);
  expect({ planned, told }).toEqual({ planned: read.state, told: [] });
}

const NIC: Attributes = { device: "switch1", mac_address: MAC, name: "uplink", vlan: "lab:10", tags: ["core"] };
const NEW: Attributes = { device: "switch1", mac_address: "52:54:00:00:02:09", vlan: "lab:10" };
const ADDRESS: Attributes = { device: "switch1", network_interface: "eth0", subnet: "10.1.0.0/24", mode: "STATIC" };
const TAGS: Attributes = { device: "switch1", interface_id: "eth0", tags: ["core"] };

test("an interface that the device has is taken over, and restored on destroy", async () => {
  const before = await nics();
  const made = await provider.make(PHYSICAL, NIC);
  expect(made.state).toMatchObject({ ...NIC, machine: null });
  expect(await nics()).toMatchObject([{ name: "uplink", tags: ["core"], vlan: { vid: 10 } }]);
  await expectNoChanges(PHYSICAL, NIC, made);
  await provider.destroy(PHYSICAL, made);
  expect(await nics()).toEqual(before);
});

test("an interface that the device lacks is made, changed in place and deleted", async () => {
  const made = await provider.make(PHYSICAL, NEW);
  await nextRun();
  const changed = await provider.apply(PHYSICAL, { ...NEW, name: "uplink" }, made);
  expect(changed.told).toEqual([]);
  expect(await nics()).toMatchObject([{ name: "eth0" }, { name: "uplink", id: Number(made.state?.id) }]);
  await nextRun();
  await provider.destroy(PHYSICAL, changed);
  expect(await nics()).toHaveLength(1);
});

test("#170, #284: its interface has links to subnets of both families, each by itself", async () => {
  await provider.make(PHYSICAL, { device: "switch1", mac_address: MAC, vlan: "lab:10" });
  const v6 = { ...ADDRESS, subnet: "2001:db8:1::/64", ip_address: "2001:db8:1::7" };
  const [first, second] = [await provider.make(LINK, ADDRESS), await provider.make(LINK, v6)];
  expect(first.state).toMatchObject({ ...ADDRESS, machine: null, default_gateway: false });
  expect(second.state).toMatchObject(v6);
  await expectNoChanges(LINK, ADDRESS, first);
  await expectNoChanges(LINK, v6, second);
  await provider.destroy(LINK, first);
  expect((await nics())[0]?.links).toMatchObject([{ ip_address: "2001:db8:1::7" }]);
});

test("its tags are managed apart from the interface", async () => {
  const made = await provider.make(TAG, TAGS);
  expect(made.state).toMatchObject({ ...TAGS, machine: null });
  await nextRun();
  const changed = await provider.apply(TAG, { ...TAGS, tags: ["edge"] }, made);
  expect(await nics()).toMatchObject([{ tags: ["edge"] }]);
  await nextRun();
  await provider.destroy(TAG, changed);
  expect(await nics()).toMatchObject([{ tags: [] }]);
});

test.each<[type: string, config: Attributes, names: readonly string[]]>([
  [
    PHYSICAL,
    { device: "switch1", mac_address: MAC },
    [`device:switch1/${MAC}`, "device:switch1.maas/eth0", "switch1/eth0"],
  ],
  [LINK, ADDRESS, ["device:switch1/eth0:10.1.0.0/24", `device:switch1/${MAC}:10.1.0.0/24`, "switch1/eth0:10.1.0.0/24"]],
  [TAG, TAGS, ["device:switch1/eth0", "switch1/eth0"]],
])("a %s of a device is imported by its id and by every name", async (type, config, names) => {
  await provider.make(PHYSICAL, { device: "switch1", mac_address: MAC, vlan: "lab:10" });
  const made = await provider.make(type, config);
  const id = textOf(made.state?.id);
  for (const name of [id, ...names]) {
    await nextRun();
    const imported = await provider.import(type, name);
    expect(imported.told).toEqual([]);
    expect(imported.state).toMatchObject({ id, machine: null, device: (await device()).system_id });
    await expectNoChanges(type, config, imported);
  }
});

test.each<[type: string, config: Attributes]>([
  [PHYSICAL, { mac_address: MAC }],
  [LINK, { network_interface: "eth0", subnet: "10.1.0.0/24", mode: "STATIC" }],
  [TAG, { interface_id: "eth0", tags: ["core"] }],
])("a %s names either a machine or a device", async (type, config) => {
  const neither = await provider.validate(type, config);
  expect(neither).toMatchObject([{ detail: expect.stringContaining("Set machine or device.") as string }]);
  const both = await provider.validate(type, { ...config, machine: "node1", device: "switch1" });
  expect(both).toMatchObject([{ summary: expect.stringContaining("achine and device are both set") as string }]);
  expect(await provider.validate(type, { ...config, device: "switch1" })).toEqual([]);
});

test.each<[what: string, config: Attributes, fix: string]>([
  ["another mode", { ...ADDRESS, mode: "DHCP" }, "Set mode to STATIC."],
  ["no mode", { ...ADDRESS, mode: null }, "Set mode to STATIC."],
  ["a default gateway", { ...ADDRESS, default_gateway: true }, "Leave default_gateway out."],
])("a link of a device with %s is refused before anything is made", async (_, config, fix) => {
  expect(await provider.validate(LINK, config)).toMatchObject([{ detail: expect.stringContaining(fix) as string }]);
});

test.each([
  [
    "network_interface_bond",
    { machine: "switch1", name: "bond0", parents: ["eth0"] },
    "A device has physical interfaces only.",
  ],
  ["network_interface_link", { ...ADDRESS, device: "node1" }, 'give it as machine = "node1"'],
])("a %s that names a node of the other kind says which", async (type, config, fix) => {
  const { told } = await provider.plan(`maas_${type}`, config);
  expect(told).toMatchObject([{ detail: expect.stringContaining(fix) as string }]);
});

test("a data source finds an interface, a link and the tags of a device", async () => {
  await provider.make(PHYSICAL, { device: "switch1", mac_address: MAC, vlan: "lab:10", tags: ["core"] });
  await provider.make(LINK, ADDRESS);
  const owner = { device: "switch1" };
  expect(await provider.look(PHYSICAL, { ...owner, name: "eth0" })).toMatchObject({
    told: [],
    state: { mac_address: MAC },
  });
  const link = await provider.look(LINK, { ...owner, network_interface: "eth0", subnet: "10.1.0.0/24" });
  expect(link).toMatchObject({ told: [], state: { mode: "STATIC", machine: null } });
  const tags = await provider.look(TAG, { ...owner, interface_id: "eth0" });
  expect(tags).toMatchObject({ told: [], state: { tags: ["core"] } });
});

test("to move from a machine to a device is a replacement", async () => {
  const made = await provider.make(TAG, { ...TAGS, machine: "node1", device: null });
  const { requiresReplace } = await next(TAG, TAGS, made);
  expect(requiresReplace).toEqual(expect.arrayContaining(["machine", "device"]));
});

test("an interface that the device of the same run does not list is told of", async () => {
  const sw = { hostname: "switch1", network_interfaces: [{ mac_address: MAC }], adopt_existing: true };
  const made = await provider.make("maas_device", sw);
  await next("maas_device", sw, made);
  const listed = await provider.plan(PHYSICAL, { ...NEW, mac_address: MAC.toUpperCase().replaceAll(":", "-") });
  expect(listed.told).toEqual([]);
  const { told } = await provider.plan(PHYSICAL, NEW);
  expect(told).toMatchObject([{ detail: expect.stringContaining('{ mac_address = "52:54:00:00:02:09" }') as string }]);
});

test("the region's devices are read only where something names one", async () => {
  const made = await provider.make(TAG, { machine: "node1", interface_id: "eth0", tags: ["core"] });
  const before = user.simulator.requests.all().length;
  await next(TAG, { machine: "node1", interface_id: "eth0", tags: ["core"] }, made);
  const paths = user.simulator.requests.all().map(({ path }) => path);
  expect(paths.slice(before).filter((path) => path.includes("/devices/"))).toEqual([]);
});
