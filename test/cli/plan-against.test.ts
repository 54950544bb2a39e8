import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { documentText } from "../../lib/model/document";
import { MaasSimulator } from "../../src/simulator";
import type { Seed, SeedLink } from "../../src/simulator/seed/notation";
import { cdktfMaas, startCommand, succeeded } from "../support/command-line";
import { temporaryFolder } from "../support/synth";

jest.setTimeout(120_000);

const SEED = {
  fabrics: [{ name: "site" }],
  vlans: [{ fabric: "site", vid: 20 }],
  subnets: [
    { cidr: "10.60.0.0/24", vlan: "site:0" },
    { cidr: "10.61.0.0/24", vlan: "site:20" },
  ],
  static_routes: [{ source: "10.60.0.0/24", destination: "10.61.0.0/24", gateway_ip: "10.60.0.1" }],
};

/** Looks a fabric and a VLAN up, adopts a subnet and changes it, and adds another one and what is there already. */
const documentFor = (url: string): string =>
  documentText({
    apiUrl: url,
    suppressions: [],
    objects: {
      fabric: [{ key: "site", path: "lab/site", origin: "look_up", attributes: { name: "site" } }],
      vlan: [
        { key: "site:0", path: "lab/untagged", origin: "look_up", attributes: { fabric: "site", vid: 0 } },
        { key: "site:20", path: "lab/vlan", origin: "look_up", attributes: { fabric: "site", vid: 20 } },
      ],
      subnet: [
        {
          key: "10.60.0.0/24",
          path: "lab/other",
          origin: "look_up",
          attributes: { cidr: "10.60.0.0/24", vlan: "site:0" },
        },
        {
          ...{ key: "10.61.0.0/24", path: "lab/v4", origin: "adopt" },
          attributes: { vlan: "site:20", cidr: "10.61.0.0/24", gateway_ip: "10.61.0.1" },
        },
        {
          ...{ key: "2001:db8:61::/64", path: "lab/v6", origin: "create" },
          attributes: { vlan: "site:20", cidr: "2001:db8:61::/64" },
        },
      ],
      static_route: [
        {
          ...{ key: "10.60.0.0/24 to 10.61.0.0/24 via 10.60.0.1", path: "lab/route", origin: "adopt" },
          attributes: { source: "10.60.0.0/24", destination: "10.61.0.0/24", gateway_ip: "10.60.0.1", metric: 0 },
        },
      ],
    },
  });

test("a plan against an export of a region is the one that the region gives, and needs neither the region nor a key", async () => {
  const folder = temporaryFolder();
  const [document, region] = ["maas-network.json", "region.json"].map((name) => join(folder, name)) as [string, string];
  const simulator = await MaasSimulator.start({ port: 0, seed: SEED });
  const live = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  writeFileSync(document, documentFor(simulator.url));
  const plan = (...args: string[]) => ["plan", document, "--record", "none", "--force", "rules", ...args];
  succeeded(await cdktfMaas(["export", "--format", "document", "--output", region], live));
  const expected = await cdktfMaas(plan(), live);
  await simulator.stop();
  expect(expected).toMatchObject({ code: 2, stderr: "" });

  const offline = await cdktfMaas(plan("--against", region));
  expect(offline).toEqual(expected);

  const served = startCommand(["simulate", "--from", region, "--port", "0", "--admin-key", "a:b:c"]);
  await served.said("User key");
  served.kill("SIGTERM");
  const { stdout } = await served.result;
  expect(stdout).toContain("API key:  a:b:c");
  const wrong = await cdktfMaas(plan("--against", document.replace("network", "nothing")));
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("maas-nothing.json")]);
});

const NICS = [
  ["eth0", "52:54:00:00:01:01"],
  ["eth1", "52:54:00:00:01:02"],
  ["eth2", "52:54:00:00:01:03"],
].map(([name = "", mac_address = ""]) => ({ name, mac_address, vlan: "site:20" }));

/** An object of each kind that {@link SEED} has none of. */
const OTHERS: Seed = {
  ...SEED,
  spaces: [{ name: "green" }],
  ip_ranges: [{ type: "reserved", start_ip: "10.61.0.100", end_ip: "10.61.0.109", comment: "routers" }],
  reserved_ips: [{ ip: "10.61.0.50", mac_address: "52:54:00:00:03:01", subnet: "10.61.0.0/24" }],
  domains: [{ name: "lab.example" }],
  dns_resources: [{ name: "www", domain: "lab.example", ip_addresses: ["10.61.0.7"] }],
  settings: { upstream_dns: "9.9.9.9" },
  dhcp_snippets: [
    { name: "boot", value: 'option domain-name "a";', subnet: "10.61.0.0/24" },
    { name: "one", value: "option ntp-servers 10.61.0.2;", node: "node1", description: "clock", enabled: false },
  ],
  machines: [
    {
      hostname: "node1",
      interfaces: [
        ...NICS.map((nic) => (nic.name === "eth0" ? { ...nic, tags: ["uplink"], links: [link("10.61.0.9")] } : nic)),
        { name: "bond0", vlan: "site:20", type: "bond", parents: ["eth1", "eth2"], params: { bond_mode: "802.3ad" } },
        { name: "br0", vlan: "site:20", type: "bridge", parents: ["bond0"], params: { bridge_stp: true } },
      ],
    },
  ],
  devices: [
    {
      hostname: "switch1",
      interfaces: [
        { name: "eth0", mac_address: "52:54:00:00:02:01", vlan: "site:20", links: [link("10.61.0.8")] },
        { name: "eth1", mac_address: "52:54:00:00:02:02", vlan: "site:20" },
      ],
    },
  ],
};

function link(ip_address: string): SeedLink {
  return { mode: "static", subnet: "10.61.0.0/24", ip_address };
}

test("what a region has of each kind, a plan against its export finds, and one of a newer form is refused", async () => {
  const file = join(temporaryFolder(), "region.json");
  const simulator = await MaasSimulator.start({ port: 0, seed: OTHERS, maasVersion: "3.7" });
  const live = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  await cdktfMaas(["export", "--machines", "--format", "document", "--output", file], live);
  await simulator.stop();
  const text = readFileSync(file, "utf8");
  const kinds = Object.keys((JSON.parse(text) as { objects: object }).objects);
  expect(kinds).toEqual(expect.arrayContaining(["reserved_ip", "dhcp_snippet", "configuration", "device"]));
  expect(kinds).toEqual(expect.arrayContaining(["network_interface_physical", "network_interface_bond"]));
  const plan = () =>
    cdktfMaas(["plan", file, "--record", "none", "--force", "existing", "--force", "rules", "--against", file]);
  const { code, stdout } = await plan();
  expect([code, stdout]).toEqual([0, expect.stringContaining("No changes.")]);

  const newer = file.replace("region", "newer");
  for (const [changed, said] of [
    [text.replace('"version": 1', '"version": 99'), "this program reads version 1"],
    [text.replace('"objects": {', '"objects": { "widget": [],'), "there is no such kind of object here"],
  ] as const) {
    writeFileSync(newer, changed);
    const refused = await cdktfMaas(["plan", file, "--record", "none", "--against", newer]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(said)]);
  }
});

test("a plan against an export goes by the keys of the record: the ids in it are those of the live region", async () => {
  const folder = temporaryFolder();
  const [document, region] = ["maas-network.json", "region.json"].map((name) => join(folder, name)) as [string, string];
  const other = { fabric: "site", vid: 20 };
  const seed = {
    fabrics: [{ name: "site" }],
    vlans: [other],
    subnets: [{ cidr: "10.99.0.0/24", vlan: "site:0" }],
  };
  const simulator = await MaasSimulator.start({ port: 0, seed });
  const live = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  const subnet = (cidr: string) => ({
    ...{ key: cidr, path: `lab/${cidr}`, origin: "create" as const },
    attributes: { vlan: "site:20", cidr },
  });
  writeFileSync(
    document,
    documentText({
      apiUrl: simulator.url,
      suppressions: [],
      objects: {
        fabric: [{ key: "site", path: "lab/site", origin: "look_up", attributes: { name: "site" } }],
        vlan: [{ key: "site:20", path: "lab/vlan", origin: "look_up", attributes: other }],
        subnet: ["10.61.0.0/24", "10.60.0.0/24", "10.59.0.0/24"].map(subnet),
      },
    }),
  );
  const force = ["--force", "rules"];
  // The subnet that is there already has the first id; in the region that is served from the file it comes last.
  succeeded(await cdktfMaas(["apply", document, "--yes", ...force], live));
  succeeded(await cdktfMaas(["export", "--format", "document", "--output", region], live));
  await simulator.stop();
  const offline = await cdktfMaas(["plan", document, "--against", region, ...force]);
  expect(offline).toMatchObject({ code: 0, stdout: expect.stringContaining("No changes") as string });
});
