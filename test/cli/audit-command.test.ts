import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { categoryOf } from "../../src/cli/audit";
import { ApiKey } from "../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { cdktfMaas, type CommandResult } from "../support/command-line";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let api: MaasClient;

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
});

afterEach(async () => {
  await api.close();
  await simulator.stop();
});

const audit = (...args: string[]): Promise<CommandResult> =>
  cdktfMaas(["audit", "--url", simulator.url, ...args], { MAAS_API_KEY: simulator.apiKey });

const post = async (path: string, form: Record<string, string>): Promise<ObjectJson> =>
  (await api.post(path, Object.entries(form))) as ObjectJson;

/** The ids of the findings of level error, each once. */
async function errorsFound(): Promise<string[]> {
  const { stdout } = await audit("--format", "json");
  const { findings } = JSON.parse(stdout) as { findings: { id: string; level: string }[] };
  return [...new Set(findings.filter(({ level }) => level === "error").map(({ id }) => id))].sort();
}

/** A VLAN of dual stack as the manual wants it, served by rack1, whose eth0 has an address of each family there. */
async function soundNetwork(): Promise<{ vlan: string; v4: string; v6: string }> {
  const [fabric] = (await api.get("fabrics/")) as readonly ObjectJson[];
  const vlan = String((fabric?.vlans as ObjectJson[])[0]?.id);
  const v4 = String((await post("subnets/", { cidr: "10.20.0.0/24", vlan, gateway_ip: "10.20.0.1" })).id);
  const v6 = String((await post("subnets/", { cidr: "2001:db8:20::/64", vlan, gateway_ip: "2001:db8:20::1" })).id);
  await post("ipranges/", { type: "dynamic", subnet: v4, start_ip: "10.20.0.100", end_ip: "10.20.0.199" });
  await post("ipranges/", {
    type: "reserved",
    subnet: v6,
    start_ip: "2001:db8:20:0:2::",
    end_ip: "2001:db8:20:0:ffff:ffff:ffff:ffff",
  });
  return { vlan, v4, v6 };
}

describe("cdktf-maas audit", () => {
  test("finds nothing in the region as it is seeded, and exits with 0", async () => {
    const { code, stdout } = await audit();
    expect(stdout).toContain("0 errors");
    expect(code).toBe(0);
  });

  test("reads each list that a rule looks at in one GET", async () => {
    simulator.requests.clear();
    await audit();
    const read = simulator.requests.all().map(({ method, path }) => `${method} ${path.replace("/MAAS/api/2.0/", "")}`);
    const lists = ["dnsresources/", "domains/", "fabrics/", "ipranges/", "machines/", "rackcontrollers/"];
    const more = ["reservedips/", "static-routes/", "subnets/", "version/"];
    expect(read.sort()).toEqual([...lists, ...more].map((path) => `GET ${path}`));
  });

  test("finds an IPv6 subnet without IPv4 DHCP, names the object and the fix, and exits with 2", async () => {
    const { v6 } = await soundNetwork();
    const { code, stdout } = await audit();
    expect(code).toBe(2);
    expect(stdout).toContain("MAAS6-DUA-02");
    expect(stdout).toContain(`subnet 2001:db8:20::/64 (id ${v6})`);
    expect(await errorsFound()).toEqual(["MAAS6-DUA-02"]);
  });

  test("finds exactly what was broken: a foreign DNS server, and DHCP by a rack that is not on the VLAN", async () => {
    const { v4 } = await soundNetwork();
    const other = await post("fabrics/", { name: "other" });
    const vlan = String((other.vlans as ObjectJson[])[0]?.id);
    await api.put(apiPath`subnets/${v4}/`, [["vlan", vlan]]);
    const racks = (await api.get("rackcontrollers/")) as readonly ObjectJson[];
    await api.put(apiPath`vlans/${vlan}/`, [
      ["dhcp_on", "true"],
      ["primary_rack", String(racks[0]?.system_id)],
    ]);
    const found = await errorsFound();
    expect(found).toContain("MAAS6-DHC-04");
    await api.put(apiPath`subnets/${v4}/`, [["dns_servers", "2001:db8::53"]]);
    expect(await errorsFound()).toEqual([...found, "MAAS6-NET-03"].sort());
  });

  test.each(["json", "sarif"])("writes %s to a file, as JSON that can be read", async (format) => {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-audit-"));
    const file = join(folder, "report");
    const { code, stdout } = await audit("--format", format, "--output", file);
    expect([code, stdout]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(expect.any(Object));
    rmSync(folder, { recursive: true });
  });

  test("shows findings of SARIF at a file of the repository, and names the region as their category", async () => {
    interface Log {
      readonly runs: readonly [
        {
          readonly automationDetails: { readonly id: string };
          readonly results: readonly { readonly locations: readonly object[] }[];
        },
      ];
    }
    const { vlan } = await soundNetwork();
    await post("subnets/", { cidr: "2001:db8:30::/63", vlan });
    const shown = async (...args: string[]): Promise<Log["runs"][0]> =>
      (JSON.parse((await audit("--format", "sarif", ...args)).stdout) as Log).runs[0];
    const at = (uri: string): object => ({
      physicalLocation: { artifactLocation: { uri, uriBaseId: "%SRCROOT%" }, region: { startLine: 1 } },
    });
    const { results, automationDetails } = await shown();
    expect(results.length).toBeGreaterThan(0);
    for (const { locations } of results) expect(locations).toMatchObject([at("cdktf.json")]);
    expect(automationDetails.id).toBe(`cdktf-maas/audit/127.0.0.1-${new URL(simulator.url).port}-MAAS/`);
    const [first] = (await shown("--artifact", "examples/../docs/network.md")).results;
    expect(first?.locations).toMatchObject([at("docs/network.md")]);
  });

  test.each(["../outside.ts", "/etc/hosts", "docs/../..", ".", ""])(
    "refuses %j as artifact: GitHub has no such file",
    async (artifact) => {
      const { code, stdout, stderr } = await audit("--format", "sarif", "--artifact", artifact);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("It is not a file in the repository. Give one such as cdktf.json.");
    },
  );

  test("works over a bracketed IPv6 URL, and takes URL and key from the environment", async () => {
    const [, ipv6 = ""] = simulator.urls;
    const { code } = await cdktfMaas(["audit"], { MAAS_API_URL: ipv6, MAAS_API_KEY: simulator.apiKey });
    expect(code).toBe(0);
  });

  test("fails with 1 and says what is missing, and never shows a key", async () => {
    const missing = await cdktfMaas(["audit", "--url", simulator.url]);
    expect([missing.code, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toContain("MAAS_API_KEY");
    const wrong = await cdktfMaas(["audit", "--url", simulator.url], { MAAS_API_KEY: "aaaaaaaa:bbbbbbbb:cccccccc" });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).not.toContain("cccccccc");
  });
});

test.each([
  ["http://region.example:5240/MAAS", "audit/region.example-5240-MAAS"],
  ["https://LOCALHOST/MAAS/", "audit/localhost-MAAS"],
  ["http://[2001:DB8:0::1]:5240/MAAS", "audit/2001-db8--1-5240-MAAS"],
  ["http://[::1]:5240/MAAS", "audit/--1-5240-MAAS"],
])("the findings of %s are in the category %s", (url, category) => {
  expect(categoryOf(url)).toBe(category);
});
