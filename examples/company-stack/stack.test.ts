import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { App } from "cdktf";
import { MaasSimulator, type RegionState } from "cdktf-maas/simulator";
import "cdktf-maas/testing";
import { SiteNetwork } from "./stack";

jest.setTimeout(120_000);

const run = promisify(execFile);

let folder: string;
let simulator: MaasSimulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "company-stack-"));
  simulator = await MaasSimulator.start(); // on a free port
});

afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});

/** Synthesises a site's stack as `cdktf synth` does, and returns its folder. */
function synthesise(): string {
  const app = new App({ outdir: join(folder, "cdktf.out") });
  new SiteNetwork(app, "berlin", { apiUrl: simulator.url, site: 11, rack: "rack1", nic: "eth1" });
  app.synth();
  return join(app.outdir, "stacks", "berlin");
}

/** Runs Terraform in the stack's folder. @throws Error with its output when it fails. */
async function terraform(cwd: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: "1", MAAS_API_KEY: simulator.apiKey };
  const { stdout } = await run("terraform", [...args, "-no-color"], { cwd, env });
  return stdout;
}

/** What the region holds of the site. */
function berlin({ vlans, subnets, ranges, interfaces }: RegionState) {
  // Terraform makes them side by side, in any order.
  const own = subnets.filter(({ vlan }) => vlan.fabric === "berlin").sort((a, b) => a.cidr.localeCompare(b.cidr));
  const cidrs = own.map(({ cidr }) => cidr);
  return {
    vlans: vlans.filter(({ fabric }) => fabric === "berlin"),
    subnets: own,
    pools: ranges.filter(({ subnet, type }) => type === "dynamic" && cidrs.includes(subnet)),
    interfaces: interfaces.filter(({ vlan }) => vlan?.fabric === "berlin"),
  };
}

test("a site is deployed, needs nothing more, and is taken away", async () => {
  const stack = synthesise();
  await terraform(stack, "init");
  await terraform(stack, "apply", "-auto-approve");

  const site = berlin(simulator.state);
  expect(site.vlans).toMatchObject([{ vid: 0, dhcpOn: true, primaryRack: "rack1", secondaryRack: null }]);
  expect(site.subnets).toMatchObject([
    { cidr: "10.11.0.0/22", gatewayIp: "10.11.0.1", managed: true },
    { cidr: "fd5a:7c01:9b3e:b::/64", gatewayIp: "fd5a:7c01:9b3e:b::1", managed: true },
  ]);
  expect(site.pools).toMatchObject([{ startIp: "10.11.2.0", endIp: "10.11.3.254" }]);
  expect(site.interfaces).toMatchObject([{ node: "rack1", name: "eth1" }]);

  expect(await terraform(stack, "plan")).toContain("No changes.");
  expect(simulator.requests.count("DELETE")).toBe(0);

  await terraform(stack, "destroy", "-auto-approve");
  expect(simulator.state.fabrics).not.toContain("berlin");
});

test("sites of one number are refused before anything is deployed", () => {
  const app = new App({ outdir: join(folder, "refused") });
  const props = { apiUrl: simulator.url, site: 11, nic: "eth1" };
  new SiteNetwork(app, "berlin", { ...props, rack: "rack1" });
  new SiteNetwork(app, "lisbon", { ...props, rack: "rack2" });
  expect(app).toBreakRule("MAAS6-NET-01", "lisbon/v4");
  expect(() => app.synth()).toThrow("MAAS6-NET-01[lisbon/v4]: IPv4 subnet 10.11.0.0/22 is declared twice");
});
