import { region } from "./support/client";

const maas = region();

interface Interface {
  readonly id: number;
  readonly name: string;
  readonly vlan: { readonly id: number } | null;
  readonly links: readonly { readonly id: number; readonly mode: string; readonly ip_address?: string }[];
}

const nodeOf = async (hostname: string) => {
  const nodes = await maas.admin.get<{ hostname: string; system_id: string }[]>("nodes/");
  const systemId = nodes.find((node) => node.hostname === hostname)?.system_id ?? "";
  const [nic] = await maas.admin.get<Interface[]>(`nodes/${systemId}/interfaces/`);
  if (nic === undefined) throw new Error(`${hostname} has no interface`);
  return { systemId, nic, path: `nodes/${systemId}/interfaces/${nic.id}/` };
};

const modes = (nic: Interface) => nic.links.map(({ mode }) => mode);

describe("a rack's interface", () => {
  test.each([
    ["link_subnet", "Cannot link subnet interface on a controller."],
    ["unlink_subnet", "Cannot link subnet interface on a controller."],
    ["set_default_gateway", "Cannot link subnet interface on a controller."],
    ["disconnect", "Cannot disconnect interface on a controller."],
  ])("refuses %s", async (operation, text) => {
    const { path } = await nodeOf("rack1");
    expect(await maas.admin.send("POST", `${path}?op=${operation}`, {})).toMatchObject({ status: 403, text });
  });

  test("takes another VLAN and ignores the rest", async () => {
    const { path, nic } = await nodeOf("rack1");
    const vlan = await maas.admin.post("fabrics/0/vlans/", { vid: 20 });
    const changed = await maas.admin.put<Interface>(path, { vlan: vlan.id, name: "ethX", mtu: 9000 });
    expect(changed).toMatchObject({ name: nic.name, vlan: { id: vlan.id } });
    expect((await maas.admin.put<Interface>(path, { vlan: "" })).vlan).toBeNull();
  });

  test("is not deleted, and gets no sister", async () => {
    const { path, systemId } = await nodeOf("rack1");
    expect((await maas.admin.send("DELETE", path)).text).toBe("Cannot delete interface interface on a controller.");
    const created = await maas.admin.send("POST", `nodes/${systemId}/interfaces/?op=create_physical`, {});
    expect(created.text).toBe("Cannot create interface on a controller.");
    const vlan = await maas.admin.send("POST", `nodes/${systemId}/interfaces/?op=create_vlan`, {});
    expect(vlan).toMatchObject({ status: 404, text: "No Machine matches the given query." });
  });
});

describe("a machine's interface", () => {
  const link = (path: string, form: Record<string, string | number>) =>
    maas.admin.post<Interface>(`${path}?op=link_subnet`, form);

  test("has two IPv6 subnets at once", async () => {
    const { path } = await nodeOf("machine1");
    for (const cidr of ["2001:db8:1::/64", "2001:db8:2::/64"]) {
      const { id } = await maas.admin.post("subnets/", { cidr });
      await link(path, { mode: "AUTO", subnet: id });
    }
    expect(modes(await maas.admin.get<Interface>(path))).toEqual(["auto", "auto"]);
  });

  test("loses its DHCP link of a family to a static one", async () => {
    const { path } = await nodeOf("machine1");
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    await link(path, { mode: "DHCP", subnet: id });
    expect(modes(await link(path, { mode: "STATIC", subnet: id, ip_address: "10.1.0.9" }))).toEqual(["static"]);
  });

  test("does not take an address in use, in a dynamic range or outside the subnet", async () => {
    const { path } = await nodeOf("machine1");
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    await maas.admin.post("ipranges/", { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.200" });
    const form = { mode: "STATIC", subnet: id, ip_address: "10.1.0.9" };
    await link(path, form);
    const again = await maas.admin.send("POST", `${path}?op=link_subnet`, form);
    expect(again).toMatchObject({ status: 404, text: "IP address is already in use." });
    const dynamic = await maas.admin.send("POST", `${path}?op=link_subnet`, { ...form, ip_address: "10.1.0.150" });
    expect(dynamic.json).toEqual({ ip_address: ["IP address is inside a dynamic range 10.1.0.100 to 10.1.0.200."] });
    const outside = await maas.admin.send("POST", `${path}?op=link_subnet`, { ...form, ip_address: "10.9.0.1" });
    expect(outside.json).toEqual({
      ip_address: ["IP address is not in the given subnet '10.1.0.0/24:10.1.0.0/24(vid=0)'."],
    });
  });

  test("falls back to link_up when its last link goes", async () => {
    const { path } = await nodeOf("machine1");
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    const [made] = (await link(path, { mode: "AUTO", subnet: id })).links;
    const left = await maas.admin.post<Interface>(`${path}?op=unlink_subnet`, { id: made?.id ?? 0 });
    expect(modes(left)).toEqual(["link_up"]);
  });

  test("loses its links when it moves to another VLAN", async () => {
    const { path } = await nodeOf("machine1");
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    const vlan = await maas.admin.post("fabrics/0/vlans/", { vid: 20 });
    await link(path, { mode: "AUTO", subnet: id });
    expect((await maas.admin.put<Interface>(path, { vlan: vlan.id })).links).toEqual([]);
  });

  test("makes its gateway the machine's default one", async () => {
    const { path, systemId } = await nodeOf("machine1");
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24", gateway_ip: "10.1.0.1" });
    await link(path, { mode: "AUTO", subnet: id, default_gateway: "true" });
    expect(await maas.admin.get(`machines/${systemId}/`)).toMatchObject({
      default_gateways: { ipv4: { gateway_ip: "10.1.0.1" }, ipv6: { gateway_ip: null } },
    });
  });

  test("carries VLAN interfaces, whose VLAN is tagged and in its fabric", async () => {
    const { systemId, nic } = await nodeOf("machine1");
    const vlan = await maas.admin.post("fabrics/0/vlans/", { vid: 20 });
    const create = `nodes/${systemId}/interfaces/?op=create_vlan`;
    const untagged = await maas.admin.send("POST", create, { parent: nic.id, vlan: nic.vlan?.id ?? 0 });
    expect(untagged.json).toEqual({ vlan: ["A VLAN interface can only belong to a tagged VLAN."] });
    expect(await maas.admin.post(create, { parent: nic.id, vlan: vlan.id })).toMatchObject({
      name: "eth0.20",
      type: "vlan",
      parents: ["eth0"],
    });
  });

  test("is bonded with another of the same VLAN", async () => {
    const { systemId, nic } = await nodeOf("machine1");
    const other = await maas.admin.post(`nodes/${systemId}/interfaces/?op=create_physical`, {
      mac_address: "52:54:00:99:00:01",
      vlan: nic.vlan?.id ?? 0,
    });
    const bond = await maas.admin.post(`nodes/${systemId}/interfaces/?op=create_bond`, {
      name: "bond0",
      parents: [String(nic.id), String(other.id)],
    });
    expect(bond).toMatchObject({ type: "bond", parents: ["eth0", "eth1"], params: { bond_mode: "balance-rr" } });
  });
});

test("deleting a rack hands its VLANs to another rack on them", async () => {
  const { systemId } = await nodeOf("rack1");
  await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
  await maas.admin.post("ipranges/", { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.200" });
  await maas.admin.put("fabrics/0/vlans/0/", { dhcp_on: "true", primary_rack: "rack1" });
  expect((await maas.admin.send("DELETE", `rackcontrollers/${systemId}/`)).status).toBe(204);
  expect(maas.simulator.state.vlans[0]).toMatchObject({ dhcpOn: true, primaryRack: "rack2" });
});

test("a rack that did not register itself stays as a machine when it is deleted", async () => {
  const { systemId, nic } = await nodeOf("rack1");
  await maas.admin.send("DELETE", `rackcontrollers/${systemId}/`);
  expect((await maas.admin.send("GET", `rackcontrollers/${systemId}/`)).status).toBe(404);
  expect(await maas.admin.get(`machines/${systemId}/`)).toMatchObject({ hostname: "rack1", node_type_name: "Machine" });
  expect(await maas.admin.get(`nodes/${systemId}/interfaces/${nic.id}/`)).toMatchObject({ name: "eth0" });
});

test("a plain user sees no rack in the list", async () => {
  expect(await maas.user.get("rackcontrollers/")).toEqual([]);
});
