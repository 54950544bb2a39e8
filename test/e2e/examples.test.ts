import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectJson } from "../../src/maas/codec";
import type { CdktfProject } from "../support/cdktf";
import { Example, type Replacements } from "../support/example";
import { askRadvd, radvdIsMissing } from "../support/radvd";
import {
  expectAsBefore,
  inventory,
  isSharedRegion,
  onLentInterface,
  type OwnNames,
  ownNames,
  startRegion,
  type TestRegion,
} from "../support/region";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(300_000);

/** What an example leaves on the region: its VLANs with DHCP, and what machines may get of each IPv6 subnet. */
interface Expectation {
  readonly stack: string;
  readonly subnets: readonly string[];
  /** CIDR of an IPv6 subnet -> ends of what MAAS gives to machines. */
  readonly free: Readonly<Record<string, readonly [string, string]>>;
  /** What makes its names and networks the run's own. */
  readonly own: (names: OwnNames) => Replacements;
  /** The subnets on a shared region, where replacing texts does not tell. */
  readonly ownSubnets?: (names: OwnNames) => readonly string[];
}

const EXAMPLES: Readonly<Record<string, Expectation>> = {
  "dual-stack-segment": {
    stack: "segment-network",
    subnets: ["10.20.20.0/24", "fd5a:7c01:9b3e:20::/64"],
    free: { "fd5a:7c01:9b3e:20::/64": ["fd5a:7c01:9b3e:20:1::", "fd5a:7c01:9b3e:20:1:ffff:ffff:ffff"] },
    own: ({ prefix, v4, v6 }) => [
      ['"plant"', `"${prefix}-plant"`],
      ["10.20.20.", `${v4(0)}.`],
      ["fd5a:7c01:9b3e:20:", v6("20")],
    ],
  },
  "router-advertisement": {
    stack: "advertised-network",
    subnets: ["10.30.0.0/24", "fd5a:7c01:9b3e:30::/64"],
    free: { "fd5a:7c01:9b3e:30::/64": ["fd5a:7c01:9b3e:30:1::", "fd5a:7c01:9b3e:30:1:ffff:ffff:ffff"] },
    own: ({ prefix, v4, v6 }) => [
      ['"office"', `"${prefix}-office"`],
      ["10.30.0.", `${v4(0)}.`],
      ["fd5a:7c01:9b3e:30:", v6("30")],
    ],
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
    // MAAS before 3.6 has no leases. One site, since a region lends one interface, and a plan that fits into the networks of the run.
    own: ({ prefix, v4, v6 }) => [
      ['{ index: 1, name: "south", rack: "rack2", interfaceName: "eth0" }', ""],
      ['{ site: "north", lease: 0, host: "printer", macAddress: "52:54:00:32:00:01" }', ""],
      ['"north"', `"${prefix}-north"`],
      [
        'import_cdktf_maas.UniqueLocalPrefix.fromSeed("plan.example 3f0c8d5f0a6e4b0f9d5c7a1e2b4d6f80")',
        `"${v6("0")}:/48"`,
      ],
      ["10.32.0.0/11", `${v4(0)}.0/21`],
      ["ipv4PrefixLength: 24", "ipv4PrefixLength: 26"],
      ["sites: 16", "sites: 2"],
      ["MACHINES = 20", "MACHINES = 2"],
      ["STORAGE = 30", "STORAGE = 3"],
    ],
    ownSubnets: ({ v4, v6 }) => [`${v4(0)}.128/26`, `${v4(0)}.192/26`, `${v6("2")}:/64`],
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

  for (const [name, { stack, subnets, free, own, ownSubnets }] of Object.entries(EXAMPLES)) {
    onLentInterface(`brings ${name} to life, changes nothing the second time, and takes it away`, async () => {
      const names = ownNames();
      const example = new Example(name, own(names));
      const project = example.project(region);
      projects.push(project);
      await project.succeed(["deploy", stack, "--auto-approve"]);
      expect(await project.succeed(["diff", stack])).toContain("No changes.");

      const isOurs = (fabric: unknown): boolean =>
        isSharedRegion ? String(fabric).startsWith(names.prefix) : !/^fabric-\d$/.test(String(fabric));
      const made = (await list("subnets/")).filter(({ vlan }) => isOurs((vlan as ObjectJson).fabric));
      const expected = isSharedRegion && ownSubnets ? ownSubnets(names) : subnets.map((cidr) => example.own(cidr));
      expect(made.map(({ cidr }) => cidr)).toEqual(expect.arrayContaining([...expected]));
      for (const { id, cidr, vlan } of made.filter(({ cidr }) => String(cidr).includes(":"))) {
        expect(vlan).toMatchObject({ dhcp_on: true });
        const ranges = await list(`subnets/${id as number}/`, { op: "unreserved_ip_ranges" });
        expect(ranges).toHaveLength(1);
        const ends = Object.entries(free).find(([key]) => example.own(key) === cidr)?.[1];
        if (ends !== undefined) {
          expect([ranges[0]?.start, ranges[0]?.end]).toEqual(ends.map((end) => example.own(end)));
        }
      }
      const radvd = join(project.folder, "cdktf.out/stacks", stack, "radvd/core-1.conf");
      expect(existsSync(radvd)).toBe(name === "router-advertisement");
      if (existsSync(radvd) && !radvdIsMissing()) {
        expect(askRadvd(readFileSync(radvd, "utf8"))).toMatchObject({ accepts: true });
      }

      await project.succeed(["destroy", stack, "--auto-approve"]);
      await expectAsBefore(region, before, names.prefix);
    });
  }
});
