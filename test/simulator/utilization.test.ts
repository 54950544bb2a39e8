import { MaasSimulator } from "../../src/simulator";
import { Client } from "./support/client";

let simulator: MaasSimulator;
let maas: Client;

async function start(maasVersion: string): Promise<void> {
  simulator = await MaasSimulator.start({ maasVersion });
  maas = new Client(simulator.url, simulator.apiKey);
}

afterEach(() => simulator.stop());

const range = (type: string, start_ip: string, end_ip: string) =>
  maas.send("POST", "ipranges/", { type, start_ip, end_ip });

async function free(id: number): Promise<string[]> {
  const ranges = await maas.get<{ start: string; end: string }[]>(`subnets/${id}/?op=unreserved_ip_ranges`);
  return ranges.map(({ start, end }) => `${start}-${end}`);
}

const subnet = (form: Record<string, string>) => maas.post("subnets/", form);

test.each([
  ["3.6", ["2001:db8::1:0:0-2001:db8::ffff:ffff:ffff:ffff"], 2n ** 64n - 2n ** 32n, "2001:db8::ffff:ffff:ffff:ffff"],
  ["3.7", ["2001:db8::1:0:0-2001:db8::ffff:ffff:ffff:ffff"], 2n ** 64n - 2n ** 32n, "fe80::1"],
])("on %s a link-local gateway leaves %j free", async (version, unused, available, lastAddress) => {
  await start(version);
  const { id } = await subnet({ cidr: "2001:db8::/64", gateway_ip: "fe80::1" });
  expect(await free(id)).toEqual(unused);
  expect(await maas.get(`subnets/${id}/?op=statistics`)).toMatchObject({
    num_available: Number(available),
    largest_available: Number(available),
    last_address: lastAddress,
  });
});

test.each([
  ["3.6", "There is no room for any dynamic ranges on this subnet."],
  ["3.7", "Requested dynamic range conflicts with an existing IP address or range."],
])("on %s a reserved range that a new CIDR left outside gets a dynamic range told: %s", async (version, message) => {
  await start(version);
  const { id } = await subnet({ cidr: "10.92.0.0/24" });
  await range("reserved", "10.92.0.10", "10.92.0.20");
  await maas.put(`subnets/${id}/`, { cidr: "10.93.0.0/24", managed: "false" });
  expect((await range("dynamic", "10.93.0.30", "10.93.0.40")).json).toEqual({ start_ip: [message], end_ip: [message] });
});

test("on 3.7 what is free of an unmanaged subnet is what is left of its reserved ranges, wherever they are", async () => {
  await start("3.7");
  const { id } = await subnet({ cidr: "10.92.0.0/24" });
  await range("reserved", "10.92.0.10", "10.92.0.20");
  await range("reserved", "10.92.0.21", "10.92.0.30");
  await maas.put(`subnets/${id}/`, { managed: "false", dns_servers: "10.92.0.12" });
  expect(await free(id)).toEqual(["10.92.0.10-10.92.0.11", "10.92.0.13-10.92.0.30"]);
  await maas.put(`subnets/${id}/`, { cidr: "10.93.0.0/24", dns_servers: "" });
  expect(await free(id)).toEqual(["10.92.0.10-10.92.0.30"]);
});

test.each([
  ["3.6", 400],
  ["3.7", 200],
])("on %s a reserved range around a dynamic one of an unmanaged subnet answers %i", async (version, status) => {
  await start(version);
  const { id } = await subnet({ cidr: "10.92.0.0/24" });
  await range("dynamic", "10.92.0.100", "10.92.0.110");
  await maas.put(`subnets/${id}/`, { managed: "false" });
  expect((await range("reserved", "10.92.0.90", "10.92.0.120")).status).toBe(status);
});

test.each([
  ["3.6", ["10.92.0.21-10.93.0.254"]],
  ["3.7", ["10.93.0.1-10.93.0.254"]],
])("on %s a range that a new CIDR left outside a managed subnet leaves %j free", async (version, unused) => {
  await start(version);
  const { id } = await subnet({ cidr: "10.92.0.0/24" });
  await range("reserved", "10.92.0.10", "10.92.0.20");
  await maas.put(`subnets/${id}/`, { cidr: "10.93.0.0/24" });
  expect(await free(id)).toEqual(unused);
});
