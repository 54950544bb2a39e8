import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaasSimulator, SeedError, type SimulatorOptions, StateFileError } from "../../src/simulator";
import { Client } from "./support/client";

let folder: string;
const started: MaasSimulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<{ simulator: MaasSimulator; admin: Client }> {
  const simulator = await MaasSimulator.start(options);
  started.push(simulator);
  return { simulator, admin: new Client(simulator.url, simulator.apiKey) };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-"));
});

afterEach(async () => {
  for (const simulator of started.splice(0)) await simulator.stop();
  rmSync(folder, { recursive: true });
});

const LAB = {
  spaces: [{ name: "prod" }],
  fabrics: [
    {
      name: "lab",
      vlans: [
        { vid: 0, dhcp_on: true, primary_rack: "rack-1" },
        { vid: 20, space: "prod", relay_vlan: { fabric: "lab", vid: 0 } },
      ],
    },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", dns_servers: ["10.20.0.2", "10.20.0.3"] },
    { cidr: "2001:db8:20::/64", fabric: "lab", vid: 20 },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" }],
  racks: [
    {
      hostname: "rack-1",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          addresses: ["10.20.0.2/24", "2001:db8:30::2/64", "fe80::1/64"],
          gateways: ["10.20.0.1"],
        },
      ],
    },
  ],
  machines: [
    {
      hostname: "node-1",
      interfaces: [{ name: "eth0", fabric: "lab", links: [{ mode: "AUTO", subnet: "10.20.0.0/24" }] }],
    },
  ],
};

describe("a seed", () => {
  test("makes a region by natural keys, in the order that MAAS needs", async () => {
    const { simulator } = await start({ seed: LAB });
    const { vlans, subnets, interfaces } = simulator.state;
    expect(vlans.find(({ fabric, vid }) => fabric === "lab" && vid === 0)).toMatchObject({
      dhcpOn: true,
      primaryRack: "rack-1",
    });
    expect(vlans.find(({ vid }) => vid === 20)).toMatchObject({ space: "prod", relayVlan: { fabric: "lab", vid: 0 } });
    expect(subnets.find(({ cidr }) => cidr === "10.20.0.0/24")).toMatchObject({
      dnsServers: ["10.20.0.2", "10.20.0.3"],
    });
    expect(interfaces.find(({ node }) => node === "node-1")?.links).toEqual([
      { mode: "auto", subnet: "10.20.0.0/24", ip: null },
    ]);
  });

  test("lets its racks report: unknown subnets are made, unset gateways filled in, link-local addresses dropped", async () => {
    const { simulator } = await start({ seed: LAB });
    const { subnets, interfaces } = simulator.state;
    expect(subnets.find(({ cidr }) => cidr === "10.20.0.0/24")).toMatchObject({ gatewayIp: "10.20.0.1" });
    expect(subnets.find(({ cidr }) => cidr === "2001:db8:30::/64")).toMatchObject({ vlan: { fabric: "lab", vid: 0 } });
    expect(interfaces.find(({ node }) => node === "rack-1")?.links.map(({ ip }) => ip)).toEqual([
      "10.20.0.2",
      "2001:db8:30::2",
    ]);
  });

  test("is read from a file, and back after a reset", async () => {
    const file = join(folder, "lab.json");
    writeFileSync(file, JSON.stringify(LAB));
    const { simulator, admin } = await start({ seed: file });
    const before = simulator.state;
    await admin.post("fabrics/", { name: "other" });
    await fetch(simulator.url.replace("/MAAS", "/_simulator/reset"), { method: "POST" });
    expect(simulator.state).toEqual(before);
  });

  test("that MAAS would refuse is refused in MAAS's words", async () => {
    const seed = { subnets: [{ cidr: "10.20.0.0/24", gateway_ip: "10.9.0.1" }] };
    await expect(start({ seed })).rejects.toThrow(
      /subnets\[0\] cannot be loaded: .*Gateway IP must be within CIDR range/,
    );
  });

  test.each([
    [{ subnets: [{ cidr: "10.20.0.0/24", fabric: "nowhere" }] }, /there is no fabric "nowhere"/],
    [{ fabrcs: [] }, /fabrcs/],
  ])("that is wrong names what is wrong", async (seed, message) => {
    await expect(start({ seed: seed as object })).rejects.toThrow(message);
  });

  test("file that is missing says so", async () => {
    await expect(start({ seed: join(folder, "none.json") })).rejects.toThrow(SeedError);
  });
});

test("an empty region holds the default fabric alone", async () => {
  const { simulator } = await start({ seed: "empty" });
  expect(simulator.state).toMatchObject({ fabrics: ["fabric-0"], racks: [], subnets: [] });
});

test("a rack makes a deleted subnet anew when it reports again", async () => {
  const { simulator, admin } = await start({ seed: LAB });
  await admin.send("DELETE", "subnets/2001:db8:30::/64/");
  const has = () => simulator.state.subnets.some(({ cidr }) => cidr === "2001:db8:30::/64");
  expect(has()).toBe(false);
  simulator.reportRacks();
  expect(has()).toBe(true);
});

describe("a rack's news", () => {
  const services = async (admin: Client) => {
    const [rack] = await admin.ok<{ service_set: { name: string; status: string }[] }[]>("GET", "rackcontrollers/");
    return Object.fromEntries((rack?.service_set ?? []).map(({ name, status }) => [name, status]));
  };

  test("are addresses, which it reports like those that it had at the start", async () => {
    const { simulator } = await start();
    simulator.reportRacks({ rack1: { addresses: { eth1: ["10.30.0.2/24", "2001:db8:30::2/64"] } } });
    const links = simulator.state.interfaces.find(({ node, name }) => node === "rack1" && name === "eth1")?.links;
    expect(links?.map(({ ip }) => ip)).toEqual(["10.30.0.2", "2001:db8:30::2"]);
    simulator.reportRacks({ rack1: { addresses: { eth1: ["10.30.0.3/24"] } } });
    expect(simulator.state.interfaces.find(({ node, name }) => node === "rack1" && name === "eth1")?.links).toEqual([
      { mode: "static", subnet: "10.30.0.0/24", ip: "10.30.0.3" },
    ]);
  });

  test("are services, of which nothing is known before, and which come over HTTP too", async () => {
    const { simulator, admin } = await start();
    expect(await services(admin)).toMatchObject({ dhcpd: "unknown", dhcpd6: "unknown" });
    simulator.reportRacks({ rack1: { services: { dhcpd: "running" } } });
    const control = simulator.url.replace("/MAAS", "/_simulator/report");
    await fetch(control, { method: "POST", body: '{"rack1": {"services": {"dhcpd6": "off"}}}' });
    expect(await services(admin)).toMatchObject({ dhcpd: "running", dhcpd6: "off", rackd: "unknown" });
  });

  test.each([
    ['{"rack9": {}}', 'the region has no rack "rack9"'],
    ['{"rack1": {"addresses": {"eth9": []}}}', 'rack1 has no interface "eth9"'],
    ['{"rack1": {"services": {"bind": "off"}}}', 'rack1 has no service "bind"'],
    ['{"rack1": {"services": {"dhcpd": "on"}}}', "rack1.services.dhcpd"],
    ["{", "JSON"],
  ])("%s are refused, and nothing of them is taken in", async (news, message) => {
    const { simulator } = await start();
    const before = simulator.state;
    const answer = await fetch(simulator.url.replace("/MAAS", "/_simulator/report"), { method: "POST", body: news });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
    expect(simulator.state).toEqual(before);
  });
});

describe("a state file", () => {
  test("keeps the region over a restart, ids and sequences included", async () => {
    const stateFile = join(folder, "state.json");
    const first = await start({ stateFile });
    const { id } = await first.admin.post("subnets/", { cidr: "2001:db8:1::/64" });
    await first.admin.post("ipranges/", {
      type: "reserved",
      start_ip: "2001:db8:1:0:1::",
      end_ip: "2001:db8:1:0:1::9",
    });
    const before = first.simulator.state;
    await started.pop()?.stop();
    expect(readdirSync(folder)).toEqual(["state.json"]);
    const second = await start({ stateFile });
    expect(second.simulator.state).toEqual(before);
    const conflict = { type: "reserved", start_ip: "2001:db8:1:0:1::5", end_ip: "2001:db8:1:0:1::6" };
    expect((await second.admin.send("POST", "ipranges/", conflict)).status).toBe(400);
    expect((await second.admin.post("subnets/", { cidr: "10.1.0.0/24" })).id).toBe(id + 1);
  });

  test("that is no state is not overwritten", async () => {
    const stateFile = join(folder, "state.json");
    writeFileSync(stateFile, "{}");
    await expect(start({ stateFile })).rejects.toThrow(StateFileError);
    expect(readFileSync(stateFile, "utf8")).toBe("{}");
  });
});

describe("logs", () => {
  test("count each MAAS call, over HTTP too", async () => {
    const { simulator, admin } = await start({});
    await admin.get("fabrics/");
    await admin.send("POST", "fabrics/", { name: "with space" });
    expect(simulator.requests.all()).toMatchObject([
      { n: 1, method: "GET", path: "/MAAS/api/2.0/fabrics/", status: 200 },
      { n: 2, method: "POST", path: "/MAAS/api/2.0/fabrics/", status: 400 },
    ]);
    expect(simulator.requests.count("GET", "fabrics/")).toBe(1);
    const log = simulator.url.replace("/MAAS", "/_simulator/log");
    expect(await (await fetch(log)).json()).toHaveLength(2);
    await fetch(log, { method: "DELETE" });
    expect(simulator.requests.all()).toEqual([]);
  });

  test("go to a file without keys", async () => {
    const logFile = join(folder, "log.jsonl");
    const { simulator, admin } = await start({ logFile });
    const [consumer, token, secret = ""] = simulator.apiKey.split(":");
    await admin.get("fabrics/");
    await new Client(simulator.url, `${consumer}:${token}:wrong`).send("GET", "fabrics/");
    await started.pop()?.stop();
    const text = readFileSync(logFile, "utf8");
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { status: number }).status),
    ).toEqual([200, 401]);
    expect(text).not.toContain(secret);
  });
});

test.each([{ adminKey: "only:two" }, { maasVersion: "1.9" }])(
  "%p is refused without showing a key",
  async (options) => {
    await expect(start(options)).rejects.toThrow(RangeError);
    await expect(start(options)).rejects.not.toThrow(/only:two/);
  },
);
