import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { ApiKey } from "../../../../src/maas/api-key";
import { ApiUrl } from "../../../../src/maas/api-url";
import { MaasClient } from "../../../../src/maas/client";
import { Snapshot } from "../../../../src/maas/snapshot";
import { eventLine, eventsOf, stateOf } from "../../../../src/reconcile/engine/verify/watch";
import { listRegion } from "../../../../src/reconcile/region/live-network";
import { MaasSimulator } from "../../../../src/simulator";
import type { Seed } from "../../../../src/simulator/seed/notation";
import { startCommand } from "../../../support/command-line";

jest.setTimeout(60_000);

const SEED: Seed = {
  fabrics: [{ name: "lab", vlans: [{ vid: 0, dhcp_on: true, primary_rack: "rack1" }, { vid: 10 }] }],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", vid: 0 },
    { cidr: "2001:db8:20::/64", fabric: "lab", vid: 0 },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" }],
  racks: [
    {
      hostname: "rack1",
      interfaces: [{ name: "eth0", fabric: "lab", vid: 0, addresses: ["10.20.0.2/24"], gateways: [] }],
    },
  ],
};

/** A document that manages both subnets: the IPv6 one is to have no gateway. */
const DOCUMENT: NetworkDocument = {
  suppressions: [],
  objects: {
    fabric: [{ key: "lab", path: "lab/lab", origin: "look_up", attributes: { name: "lab" } }],
    vlan: [{ key: "lab:0", path: "lab/vlan", origin: "look_up", attributes: { fabric: "lab", vid: 0 } }],
    subnet: [
      { key: "10.20.0.0/24", path: "lab/v4", origin: "adopt", attributes: { vlan: "lab:0", cidr: "10.20.0.0/24" } },
      {
        ...{ key: "2001:db8:20::/64", path: "lab/v6", origin: "adopt" },
        attributes: { vlan: "lab:0", cidr: "2001:db8:20::/64", gateway_ip: "" },
      },
    ],
    ip_range: [],
  },
};

let simulator: MaasSimulator;
let client: MaasClient;

beforeEach(async () => {
  simulator = await MaasSimulator.start({ seed: SEED });
  client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
});
afterEach(async () => {
  await client.close();
  await simulator.stop();
});

type Row = Readonly<Record<string, unknown>> & { readonly id: number };

const listing = async () => listRegion(new Snapshot(client));
const rows = async (path: string): Promise<Row[]> => (await client.get(path)) as Row[];

async function subnetId(cidr: string): Promise<number> {
  return (await rows("subnets/")).find((subnet) => subnet.cidr === cidr)?.id ?? 0;
}

async function vlanId(vid: number): Promise<number> {
  const lab = (await rows("fabrics/")).find(({ name }) => name === "lab");
  return (lab?.vlans as Row[]).find((vlan) => vlan.vid === vid)?.id ?? 0;
}

describe("what a watch sees", () => {
  test("is nothing while nothing happens, also at the first look", async () => {
    const first = stateOf(await listing());
    expect(eventsOf(undefined, first, DOCUMENT)).toEqual([]);
    expect(eventsOf(first, stateOf(await listing()), DOCUMENT)).toEqual([]);
  });

  test("is each thing that MAAS does by itself, once, and where the document says otherwise", async () => {
    const before = stateOf(await listing());
    await client.put(`subnets/${await subnetId("2001:db8:20::/64")}/`, [
      ["vlan", String(await vlanId(10))],
      ["gateway_ip", "2001:db8:20::1"],
    ]);
    await client.post("subnets/", [
      ["cidr", "2001:db8:99::/64"],
      ["vlan", String(await vlanId(10))],
    ]);
    await client.post("fabrics/", [["name", "usb-left"]]);
    for (const { id } of await rows("ipranges/")) await client.delete(`ipranges/${id}/`);
    const now = stateOf(await listing());
    const events = eventsOf(before, now, DOCUMENT);
    expect(events.map(({ event, object, path }) => [event, object, path])).toEqual(
      expect.arrayContaining([
        ["subnet_moved", "2001:db8:20::/64", "lab/v6"],
        ["gateway_filled", "2001:db8:20::/64", "lab/v6"],
        ["subnet_created", "2001:db8:99::/64", undefined],
        ["fabric_left", "usb-left", undefined],
        ["dhcp_without_range", "lab:0", undefined],
      ]),
    );
    expect(events.length).toBe(5);
    expect(eventsOf(now, stateOf(await listing()), DOCUMENT)).toEqual([]);
    for (const one of events) {
      const line = eventLine(one, new Date(0), null);
      expect(line.split("\n")).toHaveLength(2);
      expect(JSON.parse(line)).toMatchObject({
        ...{ time: "1970-01-01T00:00:00.000Z", event: one.event, healed: null },
        ...{ rule: expect.stringMatching(/^MAAS6-GRD-0[1-5]$/) as string, fix: expect.any(String) as string },
      });
    }
  });

  test("is a subnet that came back under another id", async () => {
    const before = stateOf(await listing());
    const [id, vlan] = [await subnetId("2001:db8:20::/64"), await vlanId(0)];
    await client.delete(`subnets/${id}/`);
    await client.post("subnets/", [
      ["cidr", "2001:db8:20::/64"],
      ["vlan", String(vlan)],
    ]);
    const events = eventsOf(before, stateOf(await listing()), DOCUMENT);
    expect(events.map(({ event, what }) => [event, what])).toEqual([
      ["subnet_created", "the subnet 2001:db8:20::/64 was deleted and made again, on lab:0"],
    ]);
  });
});

describe("verify --watch", () => {
  test("writes a line for each event, and heals what the document manages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-watch-"));
    const file = join(folder, "maas-network.json");
    writeFileSync(file, documentText({ ...DOCUMENT, apiUrl: simulator.url }));
    const watching = startCommand(["verify", file, "--watch", "--heal", "--interval", "0.3"], {
      env: { MAAS_API_KEY: simulator.apiKey },
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      const id = await subnetId("2001:db8:20::/64");
      await client.put(`subnets/${id}/`, [["gateway_ip", "2001:db8:20::1"]]);
      await watching.said("gateway_filled");
      const healed = (await client.get(`subnets/${id}/`)) as Row;
      expect(healed.gateway_ip).toBeNull();
    } finally {
      watching.kill("SIGTERM");
    }
    const { code, stdout, stderr } = await watching.result;
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; healed: boolean; path: string });
    expect(lines.map(({ event, healed, path }) => [event, healed, path])).toEqual([["gateway_filled", true, "lab/v6"]]);
    rmSync(folder, { recursive: true });
  });
});
