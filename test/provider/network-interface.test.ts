import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

const PHYSICAL = "maas_network_interface_physical";
const BOND = "maas_network_interface_bond";
const BRIDGE = "maas_network_interface_bridge";
const VLAN = "maas_network_interface_vlan";
const LINK = "maas_network_interface_link";

const mac = (at: number): string => `52:54:00:00:01:0${at}`;

/** Machines in states in which MAAS lets nobody change their network. */
const BUSY = [
  ["deployed", 6, "Deployed"],
  ["deploying", 9, "Deploying"],
] as const;

let user: ProviderUser;
let api: MaasClient;
let provider: ProviderUser["provider"];

beforeAll(async () => {
  user = await ProviderUser.start({
    fabrics: [
      { name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 20 }] },
      { name: "other", vlans: [{ vid: 0 }, { vid: 30 }] },
    ],
    subnets: [
      { cidr: "10.1.0.0/24", fabric: "lab", vid: 0 },
      { cidr: "10.10.0.0/24", fabric: "lab", vid: 10 },
      { cidr: "2001:db8:10::/64", fabric: "lab", vid: 10 },
    ],
    machines: [
      {
        hostname: "node1",
        interfaces: [0, 1, 2, 3].map((at) => ({ name: `eth${at}`, fabric: "lab", mac_address: mac(at) })),
      },
      ...BUSY.map(([hostname, status]) => ({
        ...{ hostname, status },
        interfaces: [{ name: "eth0", fabric: "lab", links: [{ mode: "auto", subnet: "10.1.0.0/24" }] }],
      })),
    ],
  });
  ({ api, provider } = user);
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

const nextRun = (): Promise<void> => user.nextRun();

const machine = async (): Promise<ObjectJson> => ((await api.get("machines/")) as readonly ObjectJson[])[0] ?? {};

async function nics(): Promise<Readonly<Record<string, ObjectJson>>> {
  const all = (await machine()).interface_set as readonly ObjectJson[];
  return Object.fromEntries(all.map((nic) => [textOf(nic.name), nic]));
}

const vlanOf = (nic: ObjectJson | undefined): unknown => (nic?.vlan as ObjectJson | undefined)?.vid;

const on = (config: Attributes): Attributes => ({ machine: "node1", ...config });

/** What the next plan of the object would change. */
async function drift(type: string, config: Attributes, kept: Kept): Promise<readonly string[]> {
  await nextRun();
  const { state, private: own } = await provider.read(type, kept);
  const { planned } = await provider.plan(type, config, { state, private: own });
  return Object.keys(planned ?? {}).filter((name) => JSON.stringify(planned?.[name]) !== JSON.stringify(state?.[name]));
}

test("a bond, a VLAN interface over it and links of both families are made and destroyed (peer's #478)", async () => {
  const bond = await provider.make(BOND, on({ name: "bond0", parents: ["eth0", "eth1"], bond_mode: "802.3ad" }));
  expect(bond.state).toMatchObject({ mac_address: mac(0), bond_miimon: 100, bond_lacp_rate: "fast", mtu: null });
  const tagged = await provider.make(VLAN, on({ parent: "bond0", vlan: "lab:10" }));
  expect(tagged.state).toMatchObject({ name: "bond0.10", vlan: "lab:10", mac_address: mac(0) });
  const nic = textOf(tagged.state.id);
  const four = await provider.make(LINK, on({ network_interface: nic, subnet: "10.10.0.0/24" }));
  const six = await provider.make(LINK, on({ network_interface: nic, subnet: "2001:db8:10::/64" }));
  expect((await nics())["bond0.10"]?.links).toHaveLength(2);
  for (const [type, kept] of [
    [LINK, six],
    [LINK, four],
    [VLAN, tagged],
    [BOND, bond],
  ] as const)
    expect(await provider.destroy(type, kept)).toEqual([]);
  expect(Object.keys(await nics())).toEqual(["eth0", "eth1", "eth2", "eth3"]);
});

describe("a physical interface", () => {
  const config = on({ mac_address: "52-54-00-00-01-02", name: "uplink", tags: ["fast"] });

  test("#203, #238: that the machine has reported is taken over, and restored on destroy", async () => {
    const before = await nics();
    const made = await provider.make(PHYSICAL, config);
    expect((await nics()).uplink).toMatchObject({ id: before.eth2?.id, tags: ["fast"] });
    expect(await drift(PHYSICAL, config, made)).toEqual([]);
    expect(await provider.destroy(PHYSICAL, made)).toEqual([]);
    expect(await nics()).toEqual(before);
  });

  test("that somebody has configured is refused without adopt_existing", async () => {
    const other = { ...config, mac_address: mac(0) };
    await api.post(
      `nodes/${textOf((await machine()).system_id)}/interfaces/${textOf((await nics()).eth0?.id)}/`,
      [["tag", "theirs"]],
      { op: "add_tag" },
    );
    const { told } = await provider.apply(PHYSICAL, other);
    expect(told).toMatchObject([
      { severity: "error", summary: expect.stringContaining("eth0 of node1 is configured already") as string },
    ]);
    const kept = await provider.make(PHYSICAL, { ...other, adopt_existing: true });
    await provider.destroy(PHYSICAL, kept);
    expect((await nics()).eth0?.tags).toEqual(["theirs"]);
  });

  test("is made where the machine has none with its MAC address, renamed in place and deleted (peer's #238)", async () => {
    const own = on({ mac_address: "52:54:00:00:09:01" });
    const made = await provider.make(PHYSICAL, own);
    expect(made.state).toMatchObject({ name: "eth4", tags: [], mtu: null });
    const again = await provider.make(PHYSICAL, { ...own, name: "spare", mtu: 9000 }, made);
    expect(again.state).toMatchObject({ id: made.state.id, name: "spare", mtu: 9000, effective_mtu: 9000 });
    const emptied = await provider.make(PHYSICAL, { ...own, name: "spare" }, again);
    expect(emptied.state).toMatchObject({ mtu: null, effective_mtu: 1500 });
    expect(await provider.destroy(PHYSICAL, emptied)).toEqual([]);
    expect(Object.keys(await nics())).not.toContain("spare");
  });

  test("that was imported is restored by a destroy, and not deleted", async () => {
    const imported = await provider.import(PHYSICAL, "node1/eth1");
    expect(imported.told).toEqual([]);
    expect(await provider.destroy(PHYSICAL, imported)).toEqual([]);
    expect(Object.keys(await nics())).toContain("eth1");
  });

  test("whose tags nobody sets here keeps them all when something else of it changes", async () => {
    const made = await provider.make(PHYSICAL, on({ mac_address: mac(3), tags: ["a", "b", "c"] }));
    const other = await provider.make(PHYSICAL, on({ mac_address: mac(3), name: "x0" }), made);
    expect(other.state.tags).toEqual(["a", "b", "c"]);
    expect((await nics()).x0?.tags).toEqual(["a", "b", "c"]);
  });
});

describe("what is made over others", () => {
  test("goes on when its parents are renamed or replaced, and keeps its id and its links", async () => {
    const bond = await provider.make(BOND, on({ name: "bond0", parents: ["eth0", "eth1"], vlan: "lab:0" }));
    await provider.make(LINK, on({ network_interface: "bond0", subnet: "10.1.0.0/24" }));
    const renamed = await provider.make(PHYSICAL, on({ mac_address: mac(0), name: "uplink0" }));
    expect(renamed.state.name).toBe("uplink0");
    const config = on({ name: "bond0", parents: ["uplink0", "eth2"], vlan: "lab:0" });
    const plan = await provider.plan(BOND, config, bond);
    expect(plan.requiresReplace).toEqual([]);
    const changed = await provider.make(BOND, config, bond);
    expect(changed.state.id).toBe(bond.state.id);
    const { bond0, eth1 } = await nics();
    expect(bond0?.parents).toEqual(["eth2", "uplink0"]);
    expect(bond0?.links).toMatchObject([{ mode: "auto" }]);
    expect(vlanOf(eth1)).toBe(0);
  });

  test("gathers parents that are on several VLANs, which MAAS refuses by itself", async () => {
    const bond = await provider.make(BOND, on({ name: "bond0", parents: [mac(0), "eth1"], vlan: "other:0" }));
    expect(bond.state).toMatchObject({ parents: [mac(0), "eth1"], vlan: "other:0" });
    const { eth0, eth1 } = await nics();
    expect([eth0, eth1].map((nic) => (nic?.vlan as ObjectJson).fabric)).toEqual(["other", "other"]);
  });

  test("warns of links that MAAS removes", async () => {
    await provider.make(
      LINK,
      on({ network_interface: "eth0", subnet: "10.1.0.0/24", mode: "STATIC", ip_address: "10.1.0.9" }),
    );
    await nextRun();
    const { told } = await provider.plan(BRIDGE, on({ name: "br0", parent: "eth0" }));
    expect(told).toMatchObject([
      { severity: "warning", summary: expect.stringContaining("STATIC 10.1.0.9 of eth0") as string },
    ]);
  });

  test("is not deleted along with what is under it unless that is forced", async () => {
    const bond = await provider.make(BOND, on({ name: "bond0", parents: ["eth0"], vlan: "lab:0" }));
    await provider.make(VLAN, on({ parent: "bond0", vlan: "lab:10" }));
    await nextRun();
    const told = await provider.destroy(BOND, await provider.read(BOND, bond));
    expect(told).toMatchObject([
      { severity: "error", detail: expect.stringContaining("VLAN interface bond0.10 of node1") as string },
    ]);
    const forced = await provider.make(
      BOND,
      on({ name: "bond0", parents: ["eth0"], vlan: "lab:0", force_destroy: true }),
      bond,
    );
    await nextRun();
    expect(await provider.destroy(BOND, await provider.read(BOND, forced))).toEqual([]);
    expect(Object.keys(await nics())).toEqual(["eth0", "eth1", "eth2", "eth3"]);
  });

  test("that somebody has deleted is planned anew, and its machine is not (peer's #257)", async () => {
    const bridge = await provider.make(BRIDGE, on({ name: "br0", parent: "eth3" }));
    await api.delete(`nodes/${textOf((await machine()).system_id)}/interfaces/${textOf(bridge.state.id)}/`);
    await nextRun();
    expect((await provider.read(BRIDGE, bridge)).state).toBeUndefined();
  });
});

test("#449, #204: names of VLAN interfaces are sent and read", async () => {
  const made = await provider.make(VLAN, on({ name: "storage", parent: "eth0", vlan: "lab:20" }));
  expect((await nics()).storage).toMatchObject({ type: "vlan", parents: ["eth0"] });
  expect(await drift(VLAN, on({ name: "storage", parent: "eth0", vlan: "lab:20" }), made)).toEqual([]);
  await api.put(`nodes/${textOf((await machine()).system_id)}/interfaces/${textOf(made.state.id)}/`, [
    ["name", "other"],
  ]);
  expect(await drift(VLAN, on({ name: "storage", parent: "eth0", vlan: "lab:20" }), made)).toEqual(["name"]);
});

test("each kind is imported by id, by name, and in the form of canonical/maas", async () => {
  const bond = await provider.make(BOND, on({ name: "bond0", parents: ["eth0", "eth1"] }));
  const tagged = await provider.make(VLAN, on({ parent: "bond0", vlan: "lab:10" }));
  await nextRun();
  const keys: readonly [string, string, unknown][] = [
    ...["node1/bond0", `node1:${textOf(bond.state.id)}`, textOf(bond.state.id)].map(
      (key) => [BOND, key, bond.state.id] as const,
    ),
    ...["node1/bond0.10", "node1/bond0 on lab:10", `node1:${textOf(tagged.state.id)}`].map(
      (key) => [VLAN, key, tagged.state.id] as const,
    ),
  ].map(([type, key, id]) => [type, key, id]);
  for (const [type, key, id] of keys) {
    const { state, told } = await provider.import(type, key);
    expect(told).toEqual([]);
    if (id !== "") expect(state?.id).toBe(id);
    expect(state).toMatchObject({ machine: expect.stringMatching(/^[a-z0-9]{6}$/) as string });
  }
  const wrong = await provider.import(BRIDGE, "node1/bond0");
  expect(wrong.told).toMatchObject([
    { detail: expect.stringContaining("manage it as maas_network_interface_bond") as string },
  ]);
});

test("the data source finds a physical interface by machine and name", async () => {
  const found = await provider.look(PHYSICAL, { machine: "node1", name: "eth0" });
  expect(found.state).toMatchObject({ mac_address: mac(0), link_connected: true });
  expect(found.told).toEqual([]);
});

test("interfaces are named by a MAC address in any spelling, and one that is named twice counts once", async () => {
  const config = on({ name: "bond0", parents: ["eth0", "52-54-00-00-01-00", "52:54:00:00:01:01"] });
  const made = await provider.make(BOND, config);
  expect((await nics()).bond0?.parents).toEqual(["eth0", "eth1"]);
  expect(await drift(BOND, config, made)).toEqual([]);
  expect(await provider.destroy(BOND, made)).toEqual([]);
});

test("a bond without parents is refused before anything is made", async () => {
  const told = await provider.validate(BOND, on({ name: "bond0", parents: [] }));
  expect(told).toMatchObject([{ severity: "error", summary: "parents is an empty list" }]);
});

test("a bond of which no parent is connected is warned of", async () => {
  const { system_id: id, interface_set: all } = await machine();
  for (const nic of (all as readonly ObjectJson[]).slice(0, 2))
    await api.put(`nodes/${textOf(id)}/interfaces/${textOf(nic.id)}/`, [["link_connected", "false"]]);
  await nextRun();
  const dead = await provider.plan(BOND, on({ name: "bond0", parents: ["eth0", "eth1"] }));
  expect(dead.told).toMatchObject([
    { severity: "warning", summary: expect.stringContaining("o parent of the bond on node1 is connected") as string },
  ]);
  await nextRun();
  expect((await provider.plan(BOND, on({ name: "bond0", parents: ["eth0", "eth2"] }))).told).toEqual([]);
});

test("a VLAN of another fabric than that of the parent is warned of", async () => {
  const vlan = await provider.make("maas_vlan", { fabric: "other", vid: 10 });
  await nextRun();
  const { told } = await provider.plan(VLAN, on({ parent: "eth0", vlan: textOf(vlan.state.id) }));
  expect(told).toMatchObject([
    { severity: "warning", summary: expect.stringContaining("VLAN other:10 is in the fabric other") as string },
  ]);
  expect(JSON.stringify(told)).toContain("lab:10");
});

describe.each(BUSY)("a machine that is %s", (hostname, _status, state) => {
  const objects: readonly (readonly [string, Attributes])[] = [
    [PHYSICAL, { mac_address: "52:54:00:00:09:02", name: "eth9" }],
    [BRIDGE, { name: "br0", parent: "eth0" }],
    [LINK, { network_interface: "eth0", subnet: "10.1.0.0/24", mode: "STATIC" }],
  ];
  const told = (severity: string) => ({
    severity,
    summary: expect.stringMatching(new RegExp(`of ${hostname} can't be changed in its state`)) as string,
    detail: expect.stringMatching(
      new RegExp(`The machine is ${state}.*New, Ready, Allocated.*maas PROFILE machine release \\w{6}`, "s"),
    ) as string,
  });

  test.each(objects)("refuses a new %s with its state and what to do, and nothing is made", async (type, config) => {
    const before = user.simulator.document;
    const desired = { ...config, machine: hostname };
    if (type !== LINK)
      expect((await provider.plan(type, desired)).told).toContainEqual(expect.objectContaining(told("warning")));
    const { told: errors, state: made } = await provider.apply(type, desired);
    expect(errors.filter(({ severity }) => severity === "error")).toMatchObject([told("error")]);
    expect(errors.at(-1)?.detail).toContain("MAAS said: ");
    expect([made, user.simulator.document]).toEqual([undefined, before]);
  });

  test("refuses the removal of a link that was made before", async () => {
    const id = textOf(((await api.get("machines/", { hostname })) as readonly ObjectJson[])[0]?.system_id);
    const imported = await provider.import(LINK, `${hostname}/eth0:10.1.0.0/24`);
    expect(imported.state?.id).toContain(id);
    expect(await provider.destroy(LINK, imported)).toMatchObject([told("error")]);
  });
});
