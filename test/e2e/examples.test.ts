import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectJson } from "../../src/maas/codec";
import { CdktfProject } from "../support/cdktf";
import { askRadvd, radvdIsMissing } from "../support/radvd";
import { inventory, onSimulatorOnly, startRegion, type TestRegion } from "../support/region";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(300_000);

const ROOT = join(__dirname, "..", "..");

/** What an example leaves on the region: its VLANs with DHCP, and what machines may get of each IPv6 subnet. */
interface Expectation {
  readonly stack: string;
  readonly subnets: readonly string[];
  /** CIDR of an IPv6 subnet -> ends of what MAAS gives to machines. */
  readonly free: Readonly<Record<string, readonly [string, string]>>;
}

const EXAMPLES: Readonly<Record<string, Expectation>> = {
  "dual-stack-segment": {
    stack: "segment-network",
    subnets: ["10.20.20.0/24", "fd5a:7c01:9b3e:20::/64"],
    free: { "fd5a:7c01:9b3e:20::/64": ["fd5a:7c01:9b3e:20:1::", "fd5a:7c01:9b3e:20:1:ffff:ffff:ffff"] },
  },
  "router-advertisement": {
    stack: "advertised-network",
    subnets: ["10.30.0.0/24", "fd5a:7c01:9b3e:30::/64"],
    free: { "fd5a:7c01:9b3e:30::/64": ["fd5a:7c01:9b3e:30:1::", "fd5a:7c01:9b3e:30:1:ffff:ffff:ffff"] },
  },
  "address-plan": {
    stack: "planned-network",
    subnets: [
      "10.32.20.0/24",
      "10.32.30.0/24",
      "10.34.20.0/24",
      "10.34.30.0/24",
      "fdc2:9c80:87e9:14::/64",
      "fdc2:9c80:87e9:1014::/64",
    ],
    free: {},
  },
};

const suite = describeWithTerraform();

suite("cdktf deploy of the examples", () => {
  const projects: CdktfProject[] = [];
  let region: TestRegion;
  let before: Record<string, unknown[]>;

  const list = async (path: string, query: Record<string, string> = {}): Promise<readonly ObjectJson[]> =>
    (await region.api.get(path, query)) as readonly ObjectJson[];

  beforeAll(async () => {
    region = await startRegion();
    before = await inventory(region.api);
  });
  afterAll(async () => {
    for (const project of projects) project.remove();
    await region.stop();
  });

  for (const [example, { stack, subnets, free }] of Object.entries(EXAMPLES)) {
    onSimulatorOnly(`brings ${example} to life, changes nothing the second time, and takes it away`, async () => {
      const main = join(ROOT, "dist/examples", example, "main.js");
      if (!existsSync(main)) throw new Error(`${main} is missing: run \`npm run build\` before these tests`);
      const project = new CdktfProject(main, { MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
      projects.push(project);
      await project.succeed(["deploy", stack, "--auto-approve"]);
      expect(await project.succeed(["diff", stack])).toContain("No changes.");

      const made = (await list("subnets/")).filter(({ vlan }) => (vlan as ObjectJson).fabric !== "fabric-0");
      expect(made.map(({ cidr }) => cidr)).toEqual(expect.arrayContaining([...subnets]));
      for (const { id, cidr, vlan } of made.filter(({ cidr }) => String(cidr).includes(":"))) {
        expect(vlan).toMatchObject({ dhcp_on: true });
        const ranges = await list(`subnets/${id as number}/`, { op: "unreserved_ip_ranges" });
        expect(ranges).toHaveLength(1);
        const ends = free[cidr as string];
        if (ends !== undefined) expect([ranges[0]?.start, ranges[0]?.end]).toEqual(ends);
      }
      const radvd = join(project.folder, "cdktf.out/stacks", stack, "radvd/core-1.conf");
      expect(existsSync(radvd)).toBe(example === "router-advertisement");
      if (existsSync(radvd) && !radvdIsMissing()) {
        expect(askRadvd(readFileSync(radvd, "utf8"))).toMatchObject({ accepts: true });
      }

      await project.succeed(["destroy", stack, "--auto-approve"]);
      expect(await inventory(region.api)).toEqual(before);
    });
  }
});
