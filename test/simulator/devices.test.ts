import { region } from "./support/client";

const maas = region();

interface Device {
  readonly system_id: string;
  readonly hostname: string;
  readonly fqdn: string;
  readonly owner: string | null;
  readonly interface_set: readonly { readonly id: number; readonly name: string; readonly mac_address: string }[];
}

const MAC = "52:54:00:dd:00:01";

test("a device belongs to its maker, who alone lists and changes it beside administrators", async () => {
  const own = await maas.user.post<Device>("devices/", { hostname: "printer", mac_addresses: MAC });
  const other = await maas.admin.post<Device>("devices/", { hostname: "ups", mac_addresses: "52:54:00:dd:00:02" });
  expect(own).toMatchObject({ owner: "user", fqdn: "printer.maas" });
  expect((await maas.user.get<Device[]>("devices/")).map(({ hostname }) => hostname)).toEqual(["printer"]);
  expect((await maas.admin.get<Device[]>("devices/")).map(({ hostname }) => hostname)).toEqual(["printer", "ups"]);
  expect(await maas.user.get(`devices/${other.system_id}/`)).toMatchObject({ hostname: "ups" });
  expect((await maas.user.send("PUT", `devices/${other.system_id}/`, { hostname: "x" })).status).toBe(403);
  expect((await maas.user.send("DELETE", `devices/${other.system_id}/`)).status).toBe(403);
  expect(await maas.user.put(`devices/${own.system_id}/`, { hostname: "laser" })).toMatchObject({ hostname: "laser" });
});

test("the owner of a device links its interfaces, with static addresses", async () => {
  const { id } = await maas.admin.post("subnets/", { cidr: "2001:db8:1::/64" });
  const device = await maas.user.post<Device>("devices/", { hostname: "printer", mac_addresses: MAC });
  const path = `nodes/${device.system_id}/interfaces/${device.interface_set[0]?.id ?? 0}/?op=link_subnet`;
  const form = { mode: "STATIC", subnet: id, ip_address: "2001:db8:1::9" };
  expect(await maas.user.post(path, form)).toMatchObject({ links: [{ mode: "static", ip_address: "2001:db8:1::9" }] });
  expect((await maas.user.send("POST", path, { mode: "AUTO", subnet: id })).json).toEqual({
    mode: ["'auto' is not a valid mode.  It should be one of: 'static'."],
  });
});

test("a device without a hostname is given one, and one with dots names its domain", async () => {
  await maas.admin.post("domains/", { name: "lab.example" });
  const nameless = await maas.admin.post<Device>("devices/", { mac_addresses: MAC });
  expect(nameless.hostname).toMatch(/^[a-z]+-[a-z]+$/);
  const full = await maas.admin.post<Device>("devices/", {
    hostname: "ups.lab.example",
    mac_addresses: "52:54:00:dd:00:02",
  });
  expect(full).toMatchObject({ hostname: "ups", fqdn: "ups.lab.example" });
  const unknown = { hostname: "ups2.nosuch.example", mac_addresses: "52:54:00:dd:00:03" };
  expect((await maas.admin.send("POST", "devices/", unknown)).json).toEqual({ hostname: ["Nonexistant domain."] });
});

test("of several MAC addresses each may be wrong", async () => {
  await maas.admin.post("devices/", { hostname: "ups", mac_addresses: MAC });
  const create = (macs: readonly string[]) => maas.admin.send("POST", "devices/", { mac_addresses: macs });
  expect((await create(["zz", "yy"])).json).toEqual({
    mac_addresses: [
      "One or more MAC addresses is invalid. ('zz' is not a valid MAC address. — 'yy' is not a valid MAC address.)",
    ],
  });
  expect((await create([MAC, "52:54:00:dd:00:02"])).json).toEqual({
    mac_addresses: [`One or more MAC addresses is invalid. (MAC address ${MAC} already in use on ups.)`],
  });
});

test("a device is in its parent's domain, and goes with its parent", async () => {
  const [machine] = await maas.admin.get<{ system_id: string }[]>("machines/");
  const parent = machine?.system_id ?? "";
  await maas.admin.post("domains/", { name: "lab.example" });
  await maas.admin.put(`machines/${parent}/`, { domain: "lab.example" });
  const device = await maas.admin.post<Device>("devices/", { hostname: "bmc", mac_addresses: MAC, parent });
  expect(device).toMatchObject({ parent, fqdn: "bmc.lab.example" });
  expect((await maas.admin.send("DELETE", `machines/${parent}/`)).status).toBe(204);
  expect((await maas.admin.send("GET", `devices/${device.system_id}/`)).status).toBe(404);
});

test("a new device never has the system id of one that was deleted", async () => {
  const first = await maas.admin.post<Device>("devices/", { hostname: "ups", mac_addresses: MAC });
  await maas.admin.send("DELETE", `devices/${first.system_id}/`);
  const second = await maas.admin.post<Device>("devices/", { hostname: "ups", mac_addresses: MAC });
  expect(second.system_id).not.toBe(first.system_id);
});

test("nodes/ lists devices too, and filters narrow lists down", async () => {
  await maas.admin.post("zones/", { name: "hall-2" });
  const device = await maas.admin.post<Device>("devices/", { hostname: "ups", mac_addresses: MAC, zone: "hall-2" });
  const hostnames = async (path: string) => (await maas.admin.get<Device[]>(path)).map(({ hostname }) => hostname);
  expect(await hostnames("nodes/")).toEqual(["ups", "machine1", "rack1", "rack2", "vm"]);
  expect(await hostnames("nodes/?zone=hall-2")).toEqual(["ups"]);
  expect(await hostnames(`devices/?mac_address=${MAC}`)).toEqual(["ups"]);
  expect(await maas.admin.get(`nodes/${device.system_id}/`)).toMatchObject({ node_type_name: "Device" });
});
