import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attributes } from "../../lib/model/known";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { cdktfMaas, type CommandResult } from "../support/command-line";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(60_000);

const SEED: Seed = {
  fabrics: [{ name: "lab", vlans: [{ vid: 10, dhcp_on: true, primary_rack: "rack1" }] }],
  subnets: [{ cidr: "10.20.0.0/24", fabric: "lab", vid: 10 }],
  ip_ranges: [{ type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" }],
  // A rack that serves DHCP is read by the id that its VLAN tells, also with a plain user's key.
  racks: ["rack1", "rack2"].map((hostname) => ({ hostname, interfaces: [{ name: "eth0", fabric: "lab", vid: 10 }] })),
};

const HIDDEN =
  /this API key is a plain user's, to which MAAS shows no rack controllers; nothing about racks.* was checked\. .*administrator/;

let folder: string;
let simulator: MaasSimulator;

beforeAll(async () => {
  simulator = await MaasSimulator.start({ seed: SEED });
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-plain-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await simulator.stop();
});

const document = (): string => join(folder, "maas-network.json");

const run = (args: readonly string[], key: string): Promise<CommandResult> =>
  cdktfMaas(args, { MAAS_API_URL: simulator.url, MAAS_API_KEY: key });

test.each([[["audit"]], [["graph", "--format", "mermaid"]], [["export"]]])(
  "%j with a plain user's key says what it could not see, and nothing of it with an administrator's",
  async (args) => {
    expect((await run(args, simulator.userApiKey)).stderr).toMatch(HIDDEN);
    expect((await run(args, simulator.apiKey)).stderr).not.toMatch(/plain user/);
  },
);

test("an export with a plain user's key says it in the source, too", async () => {
  const { stdout } = await run(["export"], simulator.userApiKey);
  expect(stdout.replaceAll("\n// ", " ")).toMatch(HIDDEN);
});

test.each<[string[], number]>([
  [["plan"], 1],
  [["verify", "--timeout", "0"], 2],
])("%j of a document with racks says that the key does not see them", async (args, failed) => {
  const { stdout } = await run(["export", "--format", "document"], simulator.apiKey);
  writeFileSync(document(), stdout);
  const { code, stdout: shown, stderr } = await run([...args, document()], simulator.userApiKey);
  expect(code).toBe(failed);
  expect(shown + stderr).toContain('the region has no rack controller "rack2"');
  expect(shown + stderr).toMatch(HIDDEN);
});

test("with a name that MAAS keeps for an object of its own, an export says so, and a plan elsewhere refuses it", async () => {
  const other = await MaasSimulator.start();
  try {
    await simulator.stop();
    simulator = await MaasSimulator.start({ seed: { ...SEED, fabrics: [{ name: "lab", vlans: [{ vid: 10 }] }] } });
    const { stdout } = await run(["export", "--format", "document"], simulator.apiKey);
    const text = stdout.replaceAll('"lab', '"fabric-77');
    writeFileSync(document(), text);
    const env = { MAAS_API_KEY: other.apiKey };
    const { code, stderr } = await cdktfMaas(["plan", document(), "--url", other.url], env);
    expect(code).toBe(1);
    expect(stderr).toContain('no fabric can be given the name "fabric-77"');
    expect(other.requests.all().every(({ method }) => method === "GET")).toBe(true);
  } finally {
    await other.stop();
  }
});

test.each<[string, Attributes]>([
  ["maas_rack_interface", { rack_controller: "rack1", name: "eth0", vlan: "lab:10" }],
  ["maas_vlan_dhcp", { vlan: "lab:10", primary_rack_controller: "rack2", adopt_existing: true }],
])("the provider says of a rack of %s that a plain user's key sees none", async (type, config) => {
  const environment = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.userApiKey };
  const provider = await ProviderDriver.here(environment);
  await provider.configure();
  const { told } = await provider.plan(type, config);
  await provider.stop();
  const hint = told.find(({ detail }) => HIDDEN.test(detail));
  expect(hint?.attribute).toMatch(/^(primary_)?rack_controller$/);
});
