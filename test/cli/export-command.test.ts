import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentText } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { cdktfMaas, type CommandResult } from "../support/command-line";

jest.setTimeout(60_000);

const SEED: Seed = {
  spaces: [{ name: "storage" }],
  fabrics: [
    { name: "lab", vlans: [{ vid: 10, space: "storage", dhcp_on: true, primary_rack: "rack1" }] },
    { name: "other", vlans: [{ vid: 10, mtu: 9000 }] },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", vid: 10, gateway_ip: "10.20.0.1" },
    { cidr: "2001:db8:20::/64", fabric: "lab", vid: 10, description: "costs ${x}\nand more" },
    { cidr: "10.30.0.0/24", fabric: "other", vid: 10 },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" }],
  static_routes: [{ source: "10.20.0.0/24", destination: "10.30.0.0/24", gateway_ip: "10.20.0.1" }],
  reserved_ips: [{ ip: "10.20.0.50", mac_address: "52:54:00:00:00:50" }],
  racks: [{ hostname: "rack1", interfaces: [{ name: "eth0", fabric: "lab", vid: 10 }] }],
  machines: [
    {
      hostname: "node-1",
      interfaces: [{ name: "eth0", fabric: "lab", vid: 10, links: [{ mode: "auto", subnet: "10.20.0.0/24" }] }],
    },
  ],
};

let folder: string;
let simulator: MaasSimulator;

beforeAll(async () => {
  simulator = await MaasSimulator.start({ seed: SEED });
  const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  await client.post("dhcp-snippets/", [
    ["name", "ntp"],
    ["value", "option ntp-servers 10.20.0.2"],
  ]);
  await client.close();
});
afterAll(() => simulator.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-export-"));
  simulator.requests.clear();
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): Promise<CommandResult> =>
  cdktfMaas(args, { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });

describe("cdktf-maas export", () => {
  test("writes an app, names what it leaves out on stderr as well, and shows no key", async () => {
    const { code, stdout, stderr } = await run("export", "--stack-name", "lab-network");
    expect([code, stderr]).toEqual([
      0,
      "Not exported: DHCP snippet ntp: line 1 of the snippet has a statement that does not end with a semicolon.\n",
    ]);
    expect(stdout).toContain(
      "// Not here: DHCP snippet ntp: line 1 of the snippet has a statement that does not end with a semicolon.",
    );
    expect(stdout).toContain(`new MaasProvider(this, "maas", { apiUrl: "${simulator.url}" });`);
    expect(stdout).toContain('new LabNetwork(app, "lab-network");');
    const [, , secret = ""] = simulator.apiKey.split(":");
    expect(stdout).not.toContain(secret);
  });

  test("reads each collection once, and machines only when they are wanted", async () => {
    const { stdout } = await run("export");
    const paths = simulator.requests.all().map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => path.includes("machines/"))).toEqual([]);
    expect(stdout).not.toContain("InterfaceLink");
    const withMachines = await run("export", "--machines");
    expect(withMachines.stdout).toContain('new Machine(this, "node-1", { hostname: "node-1" });');
    expect(simulator.requests.count("GET")).toBe(simulator.requests.count());
  });

  test("writes a document that asks for no change, in its canonical form", async () => {
    const file = join(folder, "maas-network.json");
    const { code, stdout } = await run("export", "--format", "document", "--machines", "--output", file);
    expect([code, stdout]).toEqual([0, ""]);
    const text = readFileSync(file, "utf8");
    expect(documentText(readDocument(text))).toBe(text);
    const planned = await run("plan", file);
    expect([planned.code, planned.stderr]).toEqual([0, ""]);
    const { objects } = readDocument(text);
    expect(new Set(objects.subnet?.map(({ origin }) => origin))).toEqual(new Set(["adopt"]));
    expect(objects.rack_controller).toMatchObject([{ key: "rack1", origin: "look_up" }]);
  });

  test("keeps to the fabrics that it is given", async () => {
    const { stdout } = await run("export", "--fabric", "other", "--format", "document");
    const { objects } = readDocument(stdout);
    expect(objects.fabric?.map(({ key }) => key)).toEqual(["other"]);
    expect(objects.subnet?.map(({ key }) => key)).toEqual(["10.30.0.0/24"]);
    expect(objects.space).toBeUndefined();
    const both = await run("export", "--fabric", "other", "lab", "--format", "document");
    expect(readDocument(both.stdout).objects.subnet).toHaveLength(3);
  });

  test("splits a region into a file for each fabric, each of which asks for no change", async () => {
    const { code, stdout, stderr } = await run("export", "--split", "--output", join(folder, "network"));
    expect([code, stdout]).toEqual([0, ""]);
    const names = ["main.ts", "shared.ts", "fabric-0.ts", "lab.ts", "other.ts"];
    expect(stderr).toBe(
      `${names.map((name) => `Wrote ${join(folder, "network", name)}\n`).join("")}Not exported: DHCP snippet ntp: line 1 of the snippet has a statement that does not end with a semicolon.\n`,
    );
    expect(readFileSync(join(folder, "network", "main.ts"), "utf8")).toContain(
      'new MaasNetworkLab(app, "maas-network-lab").addDependency(first);',
    );
    await run("export", "--split", "--format", "document", "--output", folder);
    const planned = await run("plan", join(folder, "lab.json"));
    expect([planned.code, planned.stderr]).toEqual([0, ""]);
  });

  test.each([
    [["--split"], "name their folder, such as --output network."],
    [["--split", "--output", "network", "--fabric", "lab"], "leave --fabric out, or --split."],
    [["--fabric", "lap"], 'The region has no fabric "lap". It has fabric-0, lab, other: give --fabric one of those.'],
    [["--stack-name", "lab network"], "Write a letter first, then letters, digits, _ and -, such as lab-network."],
    [["--format", "yaml"], "typescript, document"],
  ])("refuses %j, and says what to write", async (args, message) => {
    const { code, stdout, stderr } = await run("export", ...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("knows the paths that a release lacks", async () => {
    const older = await MaasSimulator.start({ seed: SEED, maasVersion: "3.4" });
    const env = { MAAS_API_URL: older.url, MAAS_API_KEY: older.apiKey };
    const { code, stdout } = await cdktfMaas(["export"], env).finally(() => older.stop());
    expect(code).toBe(0);
    expect(stdout).toContain(
      'const lab10 = new Vlan(this, "lab-10", { fabric: lab, vid: 10, mtu: 1500, space: storage });',
    );
  });
});
