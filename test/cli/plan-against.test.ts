import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { documentText } from "../../lib/model/document";
import { MaasSimulator } from "../../src/simulator";
import { cdktfMaas, startCommand } from "../support/command-line";
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
  expect(await cdktfMaas(["export", "--format", "document", "--output", region], live)).toMatchObject({ code: 0 });
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
  expect(await cdktfMaas(["apply", document, "--yes", ...force], live)).toMatchObject({ code: 0 });
  expect(await cdktfMaas(["export", "--format", "document", "--output", region], live)).toMatchObject({ code: 0 });
  await simulator.stop();
  const offline = await cdktfMaas(["plan", document, "--against", region, ...force]);
  expect(offline).toMatchObject({ code: 0, stdout: expect.stringContaining("No changes") as string });
});
