import { MaasSimulator } from "../../src/simulator";
import { MaasVersion } from "../../src/simulator/versions";
import { Client } from "./support/client";

const started: MaasSimulator[] = [];

async function maas(version: string): Promise<Client> {
  const simulator = await MaasSimulator.start({ maasVersion: version });
  started.push(simulator);
  return new Client(simulator.url, simulator.apiKey);
}

afterEach(async () => {
  for (const simulator of started.splice(0)) await simulator.stop();
});

test.each([
  ["2.8", "2.8.0"],
  ["3.4", "3.4.10"],
  ["3.6", "3.6.5"],
  ["3.7", "3.7.3"],
  ["3.6.4", "3.6.4"],
])("%s is release %s", async (asked, release) => {
  expect(await (await maas(asked)).get("version/")).toMatchObject({ version: release, subversion: "" });
});

test.each(["", "4", "2.7.0", "latest"])('"%s" is no version', (text) => {
  expect(() => MaasVersion.parse(text)).toThrow(/use one of 2\.8, 3\.4, 3\.6, 3\.7/);
});

test.each([
  ["2.8", "100"],
  ["3.4", "100"],
  ["3.6", null],
])("an unnamed VLAN of %s is called %p", async (version, name) => {
  const client = await maas(version);
  expect(await client.post("fabrics/0/vlans/", { vid: 100 })).toMatchObject({ name });
});

test.each([
  ["3.4", true],
  ["3.6", false],
])("allow_dns=0 on %s means %p", async (version, allowed) => {
  const client = await maas(version);
  expect(await client.post("subnets/", { cidr: "10.1.0.0/24", allow_dns: "0" })).toMatchObject({ allow_dns: allowed });
});

test.each([
  ["3.4", 404],
  ["3.6", 200],
])("reserved IPs of %s answer %i", async (version, status) => {
  expect((await (await maas(version)).send("GET", "reservedips/")).status).toBe(status);
});

test.each([
  ["3.4", 400],
  ["3.6", 500],
])("a reversed dynamic range on %s answers %i", async (version, status) => {
  const client = await maas(version);
  await client.post("subnets/", { cidr: "10.1.0.0/24" });
  const form = { type: "dynamic", start_ip: "10.1.0.20", end_ip: "10.1.0.10" };
  expect((await client.send("POST", "ipranges/", form)).status).toBe(status);
});

test.each([
  ["3.6", 200],
  ["3.7", 400],
])("a subnet inside another on %s answers %i", async (version, status) => {
  const client = await maas(version);
  await client.post("subnets/", { cidr: "10.0.0.0/8" });
  expect((await client.send("POST", "subnets/", { cidr: "10.1.0.0/24" })).status).toBe(status);
});

test("from 3.7 a subnet around others is refused too, and a subnet does not overlap itself", async () => {
  const client = await maas("3.7");
  const { id } = await client.post("subnets/", { cidr: "10.1.0.0/24" });
  expect((await client.send("POST", "subnets/", { cidr: "10.0.0.0/8" })).json).toEqual({
    __all__: ["Subnet 10.0.0.0/8 would overlap with existing subnets."],
  });
  expect((await client.send("PUT", `subnets/${id}/`, { name: "lab" })).status).toBe(200);
});

test("from 3.7 a CIDR that is taken gets both messages, and a gateway outside it gets its own alone", async () => {
  const client = await maas("3.7");
  await client.post("subnets/", { cidr: "2001:db8:1::/64" });
  const refused = async (form: Record<string, string>) => (await client.send("POST", "subnets/", form)).json;
  expect(await refused({ cidr: "2001:db8:1::7/64", rdns_mode: "3" })).toEqual({
    __all__: ["Subnet 2001:db8:1::/64 would overlap with existing subnets."],
    cidr: ["Subnet with this Cidr already exists."],
    rdns_mode: ["Select a valid choice. 3 is not one of the available choices."],
  });
  expect(await refused({ cidr: "2001:db8:1::/80", gateway_ip: "10.0.0.1" })).toEqual({
    gateway_ip: ["Gateway IP must be within CIDR range."],
  });
});

test.each([
  ["3.7.2", 204],
  ["3.7.3", 400],
])("deleting a subnet that a machine uses on %s answers %i", async (version, status) => {
  const client = await maas(version);
  const { id } = await client.post("subnets/", { cidr: "10.1.0.0/24" });
  const [machine] = await client.get<{ system_id: string }[]>("machines/");
  const path = `nodes/${machine?.system_id}/interfaces/eth0/?op=link_subnet`;
  await client.post(path, { mode: "STATIC", subnet: id, ip_address: "10.1.0.9" });
  expect((await client.send("DELETE", `subnets/${id}/`)).status).toBe(status);
  if (status === 400) expect((await client.send("DELETE", `subnets/${id}/?force=true`)).status).toBe(204);
});

test("2.8 has no boot architectures, no space descriptions and no openapi.yaml", async () => {
  const client = await maas("2.8");
  expect(await client.post("subnets/", { cidr: "10.1.0.0/24" })).not.toHaveProperty("disabled_boot_architectures");
  expect(await client.post("spaces/", { name: "prod" })).not.toHaveProperty("description");
  expect((await client.send("GET", "openapi.yaml")).status).toBe(404);
});
