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

  test("is each thing that MAAS does by itself, once, and where the document says something else", async () => {
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
  test("heals what the document manages, leaves what comes back again and again, and stops at a signal whatever it waits for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-watch-"));
    const file = join(folder, "maas-network.json");
    writeFileSync(file, documentText({ ...DOCUMENT, apiUrl: simulator.url }));
    const watching = startCommand(["verify", file, "--watch", "--heal", "--interval", "0.3"], {
      env: { MAAS_API_KEY: simulator.apiKey },
    });
    const lines = () =>
      watching.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { event: string; healed: boolean; path: string });
    const id = await subnetId("2001:db8:20::/64");
    try {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      for (const [round, isHealed] of [true, true, true, false].entries()) {
        await client.put(`subnets/${id}/`, [["gateway_ip", "2001:db8:20::1"]]);
        while (lines().length <= round) await new Promise((resolve) => setTimeout(resolve, 50));
        const { gateway_ip: gateway } = (await client.get(`subnets/${id}/`)) as Row;
        expect([round, gateway]).toEqual([round, isHealed ? null : "2001:db8:20::1"]);
        // The look after the healing.
        await new Promise((resolve) => setTimeout(resolve, 600));
      }
      // Calls are repeated for two minutes now, which a signal ends.
      simulator.faults.set({ faults: [{ fault: "503" }] });
      await watching.said("503");
    } finally {
      watching.kill("SIGTERM");
    }
    const start = Date.now();
    const { code, stderr } = await watching.result;
    expect([code, Date.now() - start < 5000]).toEqual([0, true]);
    expect(stderr).toContain("of 2001:db8:20::/64 has come again after 3 attempts to heal it within an hour.");
    expect(lines().map(({ event, healed, path }) => [event, healed, path])).toEqual(
      [true, true, true, false].map((healed) => ["gateway_filled", healed, "lab/v6"]),
    );
    rmSync(folder, { recursive: true });
  });
});

describe("verify --watch --heal, while MAAS and its racks change the region by themselves", () => {
  /** A card that is to be pulled out, one on another VLAN, and one whose host has a gateway. */
  const RACKED: Seed = {
    ...SEED,
    fabrics: [...(SEED.fabrics ?? []), { name: "idle" }],
    subnets: [...(SEED.subnets ?? []), { cidr: "2001:db8:30::/64", fabric: "lab", vid: 10 }],
    racks: [
      {
        hostname: "rack1",
        interfaces: [
          { name: "eth0", fabric: "lab", vid: 0, addresses: ["10.20.0.2/24"], gateways: ["2001:db8:20::1"] },
          { name: "eth1", fabric: "lab", vid: 10 },
          { name: "usb0", vlan: null },
        ],
      },
    ],
  };
  const objectsOf = DOCUMENT.objects;
  const MANAGED: NetworkDocument = {
    suppressions: [],
    objects: {
      ...objectsOf,
      vlan: [
        ...(objectsOf.vlan ?? []),
        { key: "lab:10", path: "lab/vlan10", origin: "look_up", attributes: { fabric: "lab", vid: 10 } },
      ],
      subnet: [
        ...(objectsOf.subnet ?? []),
        {
          ...{ key: "2001:db8:30::/64", path: "lab/v6-10", origin: "adopt" },
          attributes: { vlan: "lab:10", cidr: "2001:db8:30::/64" },
        },
      ],
      ip_range: [
        {
          ...{ key: "10.20.0.100-10.20.0.199 in 10.20.0.0/24", path: "lab/pool", origin: "adopt" },
          attributes: { subnet: "10.20.0.0/24", type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" },
        },
      ],
      rack_controller: [{ key: "rack1", path: "lab/rack1", origin: "look_up", attributes: { hostname: "rack1" } }],
      vlan_dhcp: [
        {
          ...{ key: "lab:0", path: "lab/dhcp", origin: "adopt" },
          attributes: { vlan: "lab:0", primary_rack_controller: "rack1" },
        },
      ],
    },
  };

  interface Line {
    readonly event: string;
    readonly object: string;
    readonly healed: boolean | null;
    readonly rule: string;
  }

  test("each of the five is a line, healed where the document says so, and the region may be away for a while", async () => {
    await simulator.stop();
    simulator = await MaasSimulator.start({ seed: RACKED });
    await client.close();
    client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    const usbFabric = (await rows("fabrics/"))
      .map(({ name }) => String(name))
      .find((name) => /^fabric-[1-9]/.test(name));
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-watch-"));
    const file = join(folder, "maas-network.json");
    writeFileSync(file, documentText({ ...MANAGED, apiUrl: simulator.url }));
    const env = { MAAS_API_KEY: simulator.apiKey };
    const applied = await startCommand(["apply", file, "--yes"], { env }).result;
    expect([applied.code, applied.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    const watching = startCommand(["verify", file, "--watch", "--heal", "--interval", "0.3", "--retry-timeout", "0"], {
      env,
    });
    const seen = (): Line[] =>
      watching.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line);
    const eventually = async (event: string, object: string): Promise<Line> => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const found = seen().find((line) => line.event === event && line.object === object);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no ${event} of ${object} in:\n${watching.stdout}`);
    };
    try {
      // What is left behind already is told at the first look.
      expect(await eventually("fabric_left", "idle")).toMatchObject({ healed: null });
      const v6 = await subnetId("2001:db8:20::/64");
      // A rack reports an address on a subnet whose gateway its host knows: MAAS fills it in.
      simulator.reportRacks({ rack1: { addresses: { eth0: ["10.20.0.2/24", "2001:db8:20::2/64"] } } });
      expect(await eventually("gateway_filled", "2001:db8:20::/64")).toMatchObject({
        healed: true,
        rule: "MAAS6-GRD-03",
      });
      expect(((await client.get(`subnets/${v6}/`)) as Row).gateway_ip).toBeNull();
      // Somebody deletes a subnet, and a rack makes it again on the VLAN of the interface that has an address of it.
      await client.delete(`subnets/${await subnetId("2001:db8:30::/64")}/`);
      simulator.reportRacks({ rack1: { addresses: { eth0: ["10.20.0.2/24", "2001:db8:30::2/64"] } } });
      expect(await eventually("subnet_moved", "2001:db8:30::/64")).toMatchObject({
        healed: true,
        rule: "MAAS6-GRD-02",
      });
      const moved = (await rows("subnets/")).find(({ cidr }) => cidr === "2001:db8:30::/64");
      expect((moved?.vlan as Row).id).toBe(await vlanId(10));
      // One that the document does not know stays as the rack has made it.
      simulator.reportRacks({ rack1: { addresses: { eth1: ["2001:db8:40::2/64"] } } });
      expect(await eventually("subnet_created", "2001:db8:40::/64")).toMatchObject({
        healed: null,
        rule: "MAAS6-GRD-01",
      });
      expect(await subnetId("2001:db8:40::/64")).toBeGreaterThan(0);
      // The USB card is pulled out: its fabric stays.
      simulator.reportRacks({ rack1: { removed: ["usb0"] } });
      expect(await eventually("fabric_left", usbFabric ?? "")).toMatchObject({ healed: null, rule: "MAAS6-GRD-04" });
      // The region is away.
      simulator.faults.set({ faults: [{ fault: "503" }] });
      await watching.said("Not looked at");
      simulator.faults.clear();
      await watching.said("answers again");
      for (const { id, type } of await rows("ipranges/"))
        if (type === "dynamic") await client.delete(`ipranges/${id}/`);
      expect(await eventually("dhcp_without_range", "lab:0")).toMatchObject({ healed: true, rule: "MAAS6-GRD-05" });
      expect((await rows("ipranges/")).filter(({ type }) => type === "dynamic")).toHaveLength(1);
      const count = seen().length;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(seen().slice(count)).toEqual([]);
    } finally {
      watching.kill("SIGINT");
    }
    const { code, stdout, stderr } = await watching.result;
    expect([code, stderr.split("\n").filter((line) => line !== "").length]).toEqual([0, 2]);
    expect(`${stdout}${stderr}`).not.toContain(simulator.apiKey.split(":")[2]);
    rmSync(folder, { recursive: true });
  });
});
