import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { documentText } from "../../lib/model/document";
import { MaasSimulator, type RegionState, type Seed } from "../../src/simulator";
import { regions } from "../export/regions";
import { labDocument, V4, V6 } from "../support/lab-document";
import { Client } from "./support/client";

/** What of the region the seed makes. */
async function withRegion<T>(seed: Seed | string, use: (simulator: MaasSimulator) => T | Promise<T>): Promise<T> {
  const simulator = await MaasSimulator.start({ seed });
  try {
    return await use(simulator);
  } finally {
    await simulator.stop();
  }
}

const stateOf = (seed: Seed | string): Promise<RegionState> => withRegion(seed, ({ state }) => state);
const documentOf = (seed: Seed | string): Promise<Seed> => withRegion(seed, ({ document }) => document);

/** System ids are made up; everything else of the state has to be the same. */
const comparable = ({ racks, ...state }: RegionState) => ({ ...state, racks: racks.map(({ hostname }) => hostname) });

const LAB: Seed = {
  spaces: [{ name: "prod", description: "production" }],
  fabrics: [{ name: "lab", class_type: "10g" }],
  vlans: [
    { fabric: "lab", vid: 0, dhcp_on: true, primary_rack: "rack-1" },
    { fabric: "lab", vid: 20, name: "files", mtu: 9000, space: "prod", relay_vlan: "lab:0" },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", vlan: "lab:0", gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2", "10.20.0.3"] },
    { cidr: "2001:db8:20::/64", vlan: "lab:20", name: "six", managed: false, rdns_mode: 1 },
    { cidr: "2001:db8:21::/64", vlan: "lab:20", disabled_boot_architectures: ["pxe"] },
  ],
  ip_ranges: [
    { subnet: "10.20.0.0/24", type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199", comment: "pool" },
  ],
  static_routes: [{ source: "2001:db8:20::/64", destination: "2001:db8:21::/64", gateway_ip: "2001:db8:20::1" }],
  reserved_ips: [{ ip: "10.20.0.50", mac_address: "52:54:00:00:00:50" }],
  domains: [{ name: "lab.example", ttl: 300 }],
  dns_resources: [
    { name: "www", domain: "lab.example", ip_addresses: ["10.20.0.60", "2001:db8:20::60"], address_ttl: 60 },
    { name: "@", domain: "lab.example" },
  ],
  dns_records: [{ dnsresource: "lab.example", rrtype: "MX", rrdata: "10 mail.lab.example." }],
  racks: [
    {
      hostname: "rack-1",
      interfaces: [{ name: "eth0", vlan: "lab:0", addresses: ["10.20.0.2/24"], gateways: ["10.20.0.1"] }],
    },
  ],
  machines: [
    {
      hostname: "node-1",
      description: "spare",
      interfaces: [
        { name: "eth0", vlan: "lab:0", links: [{ mode: "static", subnet: "10.20.0.0/24", ip_address: "10.20.0.10" }] },
      ],
    },
  ],
  settings: { upstream_dns: "10.20.0.2" },
};

describe("the notation of seeds", () => {
  test("has the link_up that MAAS gives an interface of a device, though none can be made there", async () => {
    const interfaces = [{ name: "eth0", vlan: "lab:0", links: [{ mode: "link_up" }] }];
    const state = await stateOf({ fabrics: [{ name: "lab" }], devices: [{ hostname: "switch", interfaces }] });
    expect(state.interfaces).toMatchObject([{ node: "switch", name: "eth0", links: [{ mode: "link_up" }] }]);
  });

  test("is what the region's document is written in: columns that differ from MAAS's defaults, by natural keys", async () => {
    const document = await documentOf(LAB);
    const { fabrics = [], vlans = [], domains = [], ...rest } = LAB;
    expect(document).toMatchObject(rest);
    expect(document.domains).toMatchObject([{ name: "maas" }, ...domains]);
    expect(document.fabrics).toEqual([{ name: "fabric-0" }, ...fabrics]);
    expect(document.vlans).toContainEqual(vlans[1]);
    expect(document.vlans?.[1]).toEqual({
      fabric: "lab",
      vid: 0,
      name: "Default VLAN",
      dhcp_on: true,
      primary_rack: "rack-1",
    });
    expect(document.subnets?.[2]).toEqual({
      cidr: "2001:db8:21::/64",
      name: "2001:db8:21::/64",
      vlan: "lab:20",
      disabled_boot_architectures: ["pxe"],
    });
  });

  test.each<[string, Seed | string]>([
    ["the default seed", "default"],
    ["an empty seed", "empty"],
    ["a lab", LAB],
    [
      "a region whose fabrics and spaces have gaps in their ids",
      { fabrics: [{ name: "fabric-3" }], spaces: [{ name: "space-2" }] },
    ],
  ])("makes the same region again from the document of %s", async (_title, seed) => {
    const document = await documentOf(seed);
    expect(await documentOf(document)).toEqual(document);
    expect(await stateOf(document)).toEqual(await stateOf(seed));
  });

  test("makes the same region again from the document of any region", async () => {
    await fc.assert(
      fc.asyncProperty(regions, async (seed) => {
        const [before, document] = await withRegion(seed, (it) => [it.state, it.document] as const);
        const [after, again] = await withRegion(document, (it) => [it.state, it.document] as const);
        expect(again).toEqual(document);
        expect(after).toEqual(before);
      }),
      { numRuns: 15 },
    );
  });

  test("takes VLANs inside their fabrics, and VLANs by their parts, as seeds have always given them", async () => {
    const { fabrics, vlans = [], subnets = [], racks, machines, ...rest } = LAB;
    const nested: Seed = {
      ...rest,
      fabrics: [
        {
          ...(fabrics?.[0] ?? { name: "" }),
          vlans: vlans.map(({ fabric: _fabric, relay_vlan, ...vlan }) => ({
            ...vlan,
            ...(relay_vlan !== undefined && { relay_vlan: { fabric: "lab" } }),
          })),
        },
      ],
      subnets: subnets.map(({ vlan, ...subnet }) => ({ ...subnet, fabric: "lab", vid: vlan === "lab:20" ? 20 : 0 })),
      racks: (racks ?? []).map(({ interfaces = [], ...rack }) => ({
        ...rack,
        interfaces: interfaces.map(({ vlan: _vlan, ...nic }) => ({ ...nic, fabric: "lab" })),
      })),
      machines: (machines ?? []).map(({ interfaces = [], ...machine }) => ({
        ...machine,
        interfaces: interfaces.map(({ vlan: _vlan, ...nic }) => ({ ...nic, fabric: "lab" })),
      })),
    };
    expect(await documentOf(nested)).toEqual(await documentOf(LAB));
  });

  test.each<[object, RegExp]>([
    [{ subnets: [{ cidr: "10.20.0.0/24", vlan: "lab:7" }] }, /subnets\[0\] cannot be loaded: there is no fabric "lab"/],
    [{ subnets: [{ cidr: "10.20.0.0/24", vlan: "fabric-0:7" }] }, /there is no vlan "fabric-0:7"/],
    [{ vlans: [{ vid: 20, space: "prod" }] }, /vlans\[0\] cannot be loaded: there is no space "prod"/],
    [{ ip_ranges: [{ type: "dynamic", start_ip: "10.0.0.1" }] }, /ip_ranges\.0\.end_ip: is missing$/],
    [{ subnets: [{ cidr: "10.20.0.0/24", gatway_ip: "10.20.0.1" }] }, /gatway_ip/],
    [{ subnets: [{ cidr: "10.20.0.0/24", managed: "yes" }] }, /subnets\.0\.managed/],
  ])("refuses %j and names what is wrong", async (seed, message) => {
    await expect(MaasSimulator.start({ seed: seed as Seed })).rejects.toThrow(message);
  });
});

describe("with files", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "simulator-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("a network document is a seed: the region has all that the document wants", async () => {
    const file = join(folder, "maas-network.json");
    writeFileSync(file, documentText(labDocument()));
    const state = await stateOf(file);
    expect(state.vlans.find(({ fabric, vid }) => fabric === "lab" && vid === 0)).toMatchObject({
      dhcpOn: true,
      primaryRack: "rack1",
    });
    expect(state.subnets).toMatchObject([
      { cidr: V4, name: V4, vlan: { fabric: "lab", vid: 0 }, gatewayIp: "10.20.0.1" },
      { cidr: V6, name: V6, vlan: { fabric: "lab", vid: 0 }, gatewayIp: "2001:db8:20::1" },
    ]);
    expect(state.ranges.map(({ type }) => type)).toEqual(["dynamic", "dynamic"]);
    expect(state.interfaces).toMatchObject([{ node: "rack1", name: "eth1", vlan: { fabric: "lab", vid: 0 } }]);
  });

  test.each([
    [{ subnet: {} }, /objects\.subnet: /],
    [{ subnet: [null] }, /objects\.subnet\.0: /],
    [{ fabric: [{}] }, /objects\.fabric\.0\.key: is missing$/],
    [{ vlan: [{ key: "lab:1", attributes: null }] }, /objects\.vlan\.0\.attributes: /],
    [{ vlan: [{ key: "lab:1", attributes: { vid: "1" } }] }, /vlans\.0\.vid: /],
    [{ dns_record: [{ key: "a", attributes: { type: "A", name: true } }] }, /dns_record\.0\.attributes\.name: /],
    [7, /objects: /],
  ])("a network document with the objects %j is refused, and the place is named", async (objects, message) => {
    const file = join(folder, "maas-network.json");
    writeFileSync(file, JSON.stringify({ format: "maas-network", version: 1, objects }));
    await expect(MaasSimulator.start({ seed: file })).rejects.toThrow(message);
    await expect(MaasSimulator.start({ seed: file })).rejects.toThrow(
      `${file} is not a network document of a region: `,
    );
  });

  test("a network document with an attribute that there is not is refused, since it would say nothing", async () => {
    const file = join(folder, "maas-network.json");
    const vlan = [{ key: "lab:1", attributes: { fabric: "lab", vid: 1, mtuu: 9000 } }];
    writeFileSync(file, JSON.stringify({ format: "maas-network", version: 1, objects: { vlan } }));
    await expect(MaasSimulator.start({ seed: file })).rejects.toThrow(
      `${file} is not a network document of a region: objects.vlan.0.attributes.mtuu: there is no such attribute here`,
    );
  });

  test("an object of a network document that has a key alone is what the key says", async () => {
    const file = join(folder, "maas-network.json");
    const lookedUp = (key: string) => [{ key, path: key, origin: "look_up" }];
    const objects = {
      ...{
        fabric: lookedUp("lab"),
        vlan: lookedUp("lab:60"),
        space: lookedUp("green"),
        dns_domain: lookedUp("lab.example"),
      },
      subnet: [{ key: "2001:db8::/64", attributes: { vlan: "lab:60", cidr: "2001:db8::/64" } }],
    };
    writeFileSync(file, JSON.stringify({ format: "maas-network", version: 1, objects }));
    const simulator = await MaasSimulator.start({ seed: file });
    const { state } = simulator;
    await simulator.stop();
    expect(state.vlans).toContainEqual(expect.objectContaining({ fabric: "lab", vid: 60 }));
    expect(state.spaces).toContain("green");
    expect(state.subnets).toMatchObject([{ cidr: "2001:db8::/64", vlan: { fabric: "lab", vid: 60 } }]);
  });

  test.each([{ subnet: V4 }, { network_interface: "eth0" }, { network_interface: "eth0", subnet: { cidr: V4 } }])(
    "a link of a network document that has %j alone is refused with what it lacks",
    async (attributes) => {
      const file = join(folder, "maas-network.json");
      const objects = {
        machine: [{ key: "node-1" }],
        network_interface_link: [{ key: "the link", attributes: { machine: "node-1", ...attributes } }],
      };
      writeFileSync(file, JSON.stringify({ format: "maas-network", version: 1, objects }));
      await expect(MaasSimulator.start({ seed: file })).rejects.toThrow(
        `${file}: the link "the link" of node-1 has no network_interface and subnet, such as "eth0" and "10.20.0.0/24"`,
      );
    },
  );

  test("a network document's links are the machine's", async () => {
    const file = join(folder, "maas-network.json");
    const link = { machine: "node-1", network_interface: "eth0", subnet: V4, mode: "STATIC", ip_address: "10.20.0.10" };
    const origin = "create" as const;
    const objects = {
      machine: [{ key: "node-1", path: "node-1", origin: "look_up" as const, attributes: {} }],
      network_interface_link: [{ key: `node-1/eth0:${V4}`, path: "link", origin, attributes: link }],
    };
    writeFileSync(file, documentText(labDocument((sections) => ({ ...sections, ...objects }))));
    const { interfaces } = await stateOf(file);
    expect(interfaces.find(({ node }) => node === "node-1")).toMatchObject({
      node: "node-1",
      name: "eth0",
      vlan: { fabric: "lab", vid: 0 },
      links: [{ mode: "static", subnet: V4, ip: "10.20.0.10" }],
    });
  });

  test("a state file of format 2 is read, and kept in MAAS's names from then on", async () => {
    const stateFile = join(folder, "state.json");
    copyFileSync(join(__dirname, "support/state-format-2.json"), stateFile);
    const simulator = await MaasSimulator.start({ stateFile });
    const admin = new Client(simulator.url, simulator.apiKey);
    expect(simulator.document.subnets?.[0]).toEqual({
      cidr: "10.20.0.0/24",
      name: "10.20.0.0/24",
      vlan: "lab:0",
      gateway_ip: "10.20.0.1",
      dns_servers: ["10.20.0.2"],
    });
    expect(simulator.document).toMatchObject({
      vlans: expect.arrayContaining([{ fabric: "lab", vid: 20, space: "prod", relay_vlan: "lab:0" }]) as unknown,
      racks: [{ hostname: "rack-1", interfaces: [{ addresses: ["10.20.0.2/24"], gateways: ["10.20.0.1"] }] }],
      settings: { upstream_dns: "10.20.0.2" },
    });
    const [www] = await admin.ok<Record<string, unknown>[]>("GET", "dnsresources/");
    expect(www).toMatchObject({
      fqdn: "www.maas",
      ip_addresses: [{ ip: "10.20.0.60" }],
      resource_records: [{ rrdata: "hello" }],
    });
    await admin.post("spaces/", { name: "later" });
    await simulator.stop();
    const kept = JSON.parse(readFileSync(stateFile, "utf8")) as {
      format: number;
      tables: Record<string, { rows: object[] }>;
    };
    expect(kept.format).toBe(3);
    expect(kept.tables.static_routes?.rows).toEqual([
      { id: 1, source: 2, destination: 3, gateway_ip: "2001:db8:20::1", metric: 3 },
    ]);
    expect(comparable(await withState(stateFile))).toMatchObject({ spaces: ["prod", "later"] });
  });

  test("a state file without one of its tables is refused, and stays as it is", async () => {
    const stateFile = join(folder, "state.json");
    const text = JSON.stringify({ format: 3, tables: { users: { lastId: 2, rows: [] } } });
    writeFileSync(stateFile, text);
    await expect(MaasSimulator.start({ stateFile })).rejects.toThrow(/is not a state file.*it has no settings/);
    expect(readFileSync(stateFile, "utf8")).toBe(text);
    writeFileSync(stateFile, text.replace('"users":', '"users": {}, "users":'));
    await expect(MaasSimulator.start({ stateFile })).rejects.toThrow(/the member \/tables\/users is there twice/);
  });

  test("a state file with a row that the simulator did not write is refused in words", async () => {
    const stateFile = join(folder, "state.json");
    const first = await MaasSimulator.start({ stateFile, seed: { fabrics: [{ name: "lab" }] } });
    await new Client(first.url, first.apiKey).post("spaces/", { name: "one" });
    await first.stop();
    const whole = JSON.parse(readFileSync(stateFile, "utf8")) as { tables: Record<string, { rows?: object[] }> };
    const broken = { ...whole, tables: { ...whole.tables, fabrics: { lastId: 1 } } };
    writeFileSync(stateFile, JSON.stringify(broken));
    await expect(MaasSimulator.start({ stateFile })).rejects.toThrow(/\(\/tables\/fabrics\/rows: is missing\)/);
  });

  test.each([
    ["a seed", "seed", /pipe cannot be read: it is a named pipe \(FIFO\), and a file is wanted/],
    ["a state", "stateFile", /the state file .* it is a named pipe \(FIFO\), and a file is wanted/],
    ["a log", "logFile", /the log .* it is a named pipe \(FIFO\), and a file is wanted/],
  ])("a named pipe in place of %s is refused, and a folder that is not there", async (_title, option, message) => {
    const pipe = join(folder, "pipe");
    if (!existsSync(pipe)) execFileSync("mkfifo", [pipe]);
    await expect(MaasSimulator.start({ [option]: pipe })).rejects.toThrow(message);
    const nowhere = join(folder, "nowhere", "file.json");
    await expect(MaasSimulator.start({ [option]: nowhere })).rejects.toThrow(/cannot be (read|used|written): ENOENT/);
  });

  test("a state file behind a symbolic link stays behind it", async () => {
    const [link, stateFile] = [join(folder, "link.json"), join(folder, "behind.json")];
    symlinkSync("behind.json", link);
    const simulator = await MaasSimulator.start({ stateFile: link, seed: "empty" });
    await new Client(simulator.url, simulator.apiKey).post("spaces/", { name: "one" });
    await simulator.stop();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(comparable(await withState(stateFile))).toMatchObject({ spaces: ["one"] });
  });

  async function withState(stateFile: string): Promise<RegionState> {
    const simulator = await MaasSimulator.start({ stateFile });
    const { state } = simulator;
    await simulator.stop();
    return state;
  }
});

test("a seed has DNS as the API shows it: several addresses of a name, and records beside them", () =>
  withRegion(LAB, async (simulator) => {
    const client = new Client(simulator.url, simulator.apiKey);
    const shown = await client.ok<
      {
        fqdn: string;
        address_ttl: number | null;
        ip_addresses: { ip: string }[];
        resource_records: { rrtype: string; rrdata: string }[];
      }[]
    >("GET", "dnsresources/");
    expect(
      shown.map(({ fqdn, address_ttl: ttl, ip_addresses: ips, resource_records: records }) => [
        ...[fqdn, ttl, ips.map(({ ip }) => ip).sort()],
        records.map(({ rrtype, rrdata }) => `${rrtype} ${rrdata}`),
      ]),
    ).toEqual([
      ["www.lab.example", 60, ["10.20.0.60", "2001:db8:20::60"], []],
      ["lab.example", null, [], ["MX 10 mail.lab.example."]],
    ]);
    expect(await client.ok("GET", "domains/")).toMatchObject([{ name: "maas" }, { name: "lab.example", ttl: 300 }]);
  }));
