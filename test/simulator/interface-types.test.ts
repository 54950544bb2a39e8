import { region } from "./support/client";

const maas = region();

interface Nic {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly vlan: { readonly id: number } | null;
  readonly effective_mtu: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly mode: string }[];
}

/** The machine of the seed, on `fabric-0`, with a second interface beside its `eth0`. */
async function machine() {
  const machines = await maas.admin.get<{ system_id: string }[]>("machines/");
  const path = `nodes/${machines[0]?.system_id ?? ""}/interfaces/`;
  const [eth0] = await maas.admin.get<Nic[]>(path);
  if (eth0 === undefined) throw new Error("the machine has no interface");
  const create = (type: string, form: Record<string, string | number | readonly string[]>) =>
    maas.admin.post<Nic>(`${path}?op=create_${type}`, form);
  const eth1 = await create("physical", { mac_address: "52:54:00:99:00:01", vlan: eth0.vlan?.id ?? 0 });
  const tagged = await maas.admin.post("fabrics/0/vlans/", { vid: 20 });
  const refused = async (method: string, at: string, form: Record<string, string | number | readonly string[]>) => {
    const { status, json } = await maas.admin.send(method, `${path}${at}`, form);
    return { status, json };
  };
  return { path, eth0, eth1, tagged: tagged.id, create, refused };
}

describe("a VLAN interface", () => {
  test("takes an MTU, though its parent has the same MAC address, and its parent follows", async () => {
    const { path, eth0, tagged, create } = await machine();
    const nic = await create("vlan", { parent: eth0.id, vlan: tagged });
    const changed = await maas.admin.put<Nic>(`${path}${nic.id}/`, { mtu: 9000 });
    expect(changed).toMatchObject({ type: "vlan", params: { mtu: 9000 }, effective_mtu: 9000 });
    expect((await maas.admin.get<Nic>(`${path}${eth0.id}/`)).params).toMatchObject({ mtu: 9000 });
    const lowered = await maas.admin.put<Nic>(`${path}${eth0.id}/`, { mtu: 1400 });
    expect(lowered.effective_mtu).toBe(1400);
    expect((await maas.admin.get<Nic>(`${path}${nic.id}/`)).params).toMatchObject({ mtu: 1400 });
  });

  test("stays on a tagged VLAN of its parent's fabric", async () => {
    const { eth0, tagged, create, refused } = await machine();
    const nic = await create("vlan", { parent: eth0.id, vlan: tagged });
    const { id: fabric } = await maas.admin.post("fabrics/", {});
    const { id: elsewhere } = await maas.admin.post(`fabrics/${fabric}/vlans/`, { vid: 20 });
    expect((await refused("PUT", `${nic.id}/`, { vlan: elsewhere })).json).toEqual({
      vlan: ["A VLAN interface can only belong to a tagged VLAN on the same fabric as its parent interface."],
    });
    expect((await refused("PUT", `${nic.id}/`, { vlan: "" })).json).toEqual({
      vlan: ["A VLAN interface must be connected to a tagged VLAN."],
    });
    expect((await refused("PUT", `${nic.id}/`, { vlan: eth0.vlan?.id ?? 0 })).json).toEqual({
      vlan: ["A VLAN interface can only belong to a tagged VLAN."],
    });
    expect(await refused("POST", `${nic.id}/?op=disconnect`, {})).toEqual({
      status: 400,
      json: { vlan: ["VLAN interface requires connection to a VLAN."] },
    });
  });

  test("has its parent's MAC address, and takes the new one of its parent", async () => {
    const { path, eth0, tagged, create } = await machine();
    const nic = await create("vlan", { parent: eth0.id, vlan: tagged });
    await maas.admin.put(`${path}${eth0.id}/`, { mac_address: "52:54:00:99:00:77" });
    expect(await maas.admin.get(`${path}${nic.id}/`)).toMatchObject({ mac_address: "52:54:00:99:00:77" });
  });
});

describe("a bond", () => {
  test("keeps its parameters on a PUT, and takes new ones", async () => {
    const { path, eth0, eth1, create } = await machine();
    const bond = await create("bond", { name: "bond0", parents: [String(eth0.id), String(eth1.id)], bond_miimon: 50 });
    const changed = await maas.admin.put<Nic>(`${path}${bond.id}/`, { bond_mode: "active-backup" });
    expect(changed.params).toMatchObject({ bond_mode: "active-backup", bond_miimon: 50, bond_lacp_rate: "fast" });
  });

  test("takes its parents along to another VLAN, and their links go", async () => {
    const { path, eth0, create, tagged } = await machine();
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    await maas.admin.post(`${path}${eth0.id}/?op=link_subnet`, { mode: "AUTO", subnet: id });
    const bond = await create("bond", { name: "bond0", parents: [String(eth0.id)] });
    expect((await maas.admin.get<Nic>(`${path}${eth0.id}/`)).links).toEqual([]);
    await maas.admin.put(`${path}${bond.id}/`, { vlan: tagged });
    expect((await maas.admin.get<Nic>(`${path}${eth0.id}/`)).vlan?.id).toBe(tagged);
  });

  test("changes its parents, and its MAC address with the parent that it had it of", async () => {
    const { path, eth0, eth1, create } = await machine();
    const bond = await create("bond", { name: "bond0", parents: [String(eth0.id)] });
    const changed = await maas.admin.put(`${path}${bond.id}/`, { parents: [String(eth1.id)] });
    expect(changed).toMatchObject({ parents: ["eth1"], mac_address: "52:54:00:99:00:01" });
    expect(await maas.admin.get(`${path}${eth0.id}/`)).toMatchObject({ children: [] });
  });

  test("is of physical interfaces only, and of one that nothing else is over", async () => {
    const { eth0, eth1, tagged, create, refused } = await machine();
    const bridge = await create("bridge", { name: "br0", parent: eth1.id });
    const vlan = await create("vlan", { parent: eth0.id, vlan: tagged });
    const bond = (parent: number) => refused("POST", "?op=create_bond", { name: "bond0", parents: [String(parent)] });
    expect((await bond(bridge.id)).json).toEqual({ parents: ["Only physical interfaces can be bonded."] });
    expect((await bond(vlan.id)).json).toEqual({ parents: ["Only physical interfaces can be bonded."] });
    expect((await bond(eth0.id)).json).toEqual({ parents: ["Interfaces already in-use: eth0."] });
  });

  test("does not take a name that another interface has", async () => {
    const { eth0, refused } = await machine();
    const form = { name: "eth1", parents: [String(eth0.id)] };
    expect((await refused("POST", "?op=create_bond", form)).json).toEqual({
      __all__: ["Interface with this Node config and Name already exists."],
    });
  });

  test("answers that a member is disconnected, and keeps it on its VLAN", async () => {
    const { path, eth0, create } = await machine();
    await create("bond", { name: "bond0", parents: [String(eth0.id)] });
    expect((await maas.admin.post<Nic>(`${path}${eth0.id}/?op=disconnect`)).vlan).toBeNull();
    expect((await maas.admin.get<Nic>(`${path}${eth0.id}/`)).vlan?.id).toBe(eth0.vlan?.id);
  });
});

test.each(["x".repeat(16), "with space", "br/0"])("a bridge is not called %p", async (name) => {
  const { eth0, refused } = await machine();
  const { status, json } = await refused("POST", "?op=create_bridge", { name, parent: eth0.id });
  expect(status).toBe(400);
  expect(json).toEqual({ name: [expect.stringContaining("must be 1 to 15 characters long")] });
});

test("a physical interface has no parents, and no NUMA node but the first", async () => {
  const { eth0, eth1, refused } = await machine();
  const put = (form: Record<string, string | number>) => refused("PUT", `${eth0.id}/`, form);
  expect((await put({ parents: eth1.id })).json).toEqual({ parents: ["A physical interface cannot have parents."] });
  expect((await put({ numa_node: 1 })).json).toEqual({ numa_node: ["Invalid NUMA node"] });
  expect((await put({ name: "" })).json).toEqual({ name: ["This field cannot be blank."] });
});

test("disabling a physical interface takes the links of it and of what is over it alone", async () => {
  const { path, eth0, tagged, create } = await machine();
  const nic = await create("vlan", { parent: eth0.id, vlan: tagged });
  await maas.admin.put(`${path}${eth0.id}/`, { enabled: "false" });
  expect(await maas.admin.get(`${path}${nic.id}/`)).toMatchObject({ enabled: false, links: [] });
  await maas.admin.put(`${path}${eth0.id}/`, { enabled: "true" });
  expect(await maas.admin.get(`${path}${nic.id}/`)).toMatchObject({ enabled: true, links: [{ mode: "link_up" }] });
});

test("deleting a parent deletes what is over it alone", async () => {
  const { path, eth0, eth1, tagged, create } = await machine();
  await create("vlan", { parent: eth0.id, vlan: tagged });
  await maas.admin.send("DELETE", `${path}${eth0.id}/`);
  expect((await maas.admin.get<Nic[]>(path)).map(({ id }) => id)).toEqual([eth1.id]);
});

test("deleting a VLAN deletes its VLAN interfaces; a bridge over one is left without a parent", async () => {
  const { path, eth0, tagged, create } = await machine();
  const nic = await create("vlan", { parent: eth0.id, vlan: tagged });
  const bridge = await create("bridge", { name: "br0", parent: nic.id });
  expect((await maas.admin.send("DELETE", `vlans/${tagged}/`)).status).toBe(204);
  expect((await maas.admin.send("GET", `${path}${nic.id}/`)).status).toBe(404);
  expect(await maas.admin.get(`${path}${bridge.id}/`)).toMatchObject({ parents: [], vlan: { id: eth0.vlan?.id } });
});

describe("on MAAS 3.4", () => {
  const older = region({ maasVersion: "3.4" });

  test("a bridge's name may be long, and a refusal says less", async () => {
    const [machine] = await older.admin.get<{ system_id: string }[]>("machines/");
    const path = `nodes/${machine?.system_id ?? ""}/interfaces/`;
    const [nic] = await older.admin.get<Nic[]>(path);
    const create = (name: string) =>
      older.admin.send("POST", `${path}?op=create_bridge`, { name, parent: nic?.id ?? 0 });
    expect((await create("with space")).json).toEqual({ name: ["Enter a valid value."] });
    expect((await create("x".repeat(16))).status).toBe(200);
  });
});
