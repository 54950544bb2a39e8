import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack, TerraformVariable } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  Space,
  StaticRange,
  Suppressions,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import { documentText } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { readDocument } from "../../../lib/model/document/read";
import { isKnown } from "../../../lib/model/known";
import type { ReportDocument } from "../../../lib/rules/report";
import { readStack, temporaryApp } from "../../support/synth";
import { appOf, dualStack, ipv4, ipv6Alone, stackOf } from "../aspects/network";

const report = (app: App, stack: string, ending: string): string =>
  readFileSync(join(app.outdir, "stacks", stack, `maas-ipv6-report.${ending}`), "utf8");

const json = (app: App, stack: string): ReportDocument => JSON.parse(report(app, stack, "json")) as ReportDocument;

/** As far as this test looks at it. */
interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly automationDetails: object;
      readonly results: readonly {
        readonly ruleId: string;
        readonly level: string;
        readonly locations: readonly object[];
      }[];
    },
  ];
}

test("a stack's report is next to it, as JSON, SARIF and Markdown", () => {
  const app = appOf();
  dualStack(stackOf(app, "lab"));
  app.synth();
  expect(json(app, "lab")).toMatchObject({
    format: "cdktf-maas-report",
    counts: { error: 0, warning: 1, information: 1 },
    findings: [{ id: "MAAS6-RNG-07" }, { id: "MAAS6-RTR-01", where: { path: "lab/v6" } }],
  });
  const { version, runs } = JSON.parse(report(app, "lab", "sarif")) as Sarif;
  expect(version).toBe("2.1.0");
  expect(runs[0].results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ["MAAS6-RNG-07", "note"],
    ["MAAS6-RTR-01", "warning"],
  ]);
  expect(runs[0].automationDetails).toEqual({ id: "cdktf-maas/lab/" });
  const source = { artifactLocation: { uri: "cdktf.json", uriBaseId: "%SRCROOT%" } };
  for (const { locations } of runs[0].results) expect(locations).toMatchObject([{ physicalLocation: source }]);
  expect(report(app, "lab", "md")).toContain("0 errors, 1 warning, 1 note");
});

test("a refused app has the reports of all its stacks, also of those that CDKTF never came to", () => {
  const app = appOf();
  ipv4(stackOf(app, "first"), "10.0.0.0/24");
  ipv6Alone(stackOf(app, "second"));
  expect(() => app.synth()).toThrow("MAAS6-DUA-01");
  expect(json(app, "first").counts.error).toBe(0);
  expect(json(app, "second").counts.error).toBe(2);
  expect(existsSync(join(app.outdir, "stacks/second/cdk.tf.json"))).toBe(false);
});

describe("network documents", () => {
  function lab(stack: TerraformStack): Fabric {
    const apiKey = new TerraformVariable(stack, "key", { type: "string", sensitive: true }).stringValue;
    new MaasProvider(stack, "maas", { apiUrl: "http://region.lab.example:5240/MAAS", apiKey });
    const fabric = new Fabric(stack, "lab", { name: "lab" });
    const vlan = fabric.untagged;
    const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1" });
    const pool = new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
    const v6 = new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:DB8:20::/64" });
    new StaticRange(stack, "nodes", { subnet: v6, startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1::ffff" });
    const six = { subnet: v6, startIp: "2001:db8:20:0:2::", endIp: "2001:db8:20:0:2::ffff" };
    const pool6 = new DynamicRange(stack, "pool6", six);
    Suppressions.of(v6).add({ id: "MAAS6-RTR-01", reason: "the lab's router sends the router advertisements" });
    const rack = new RackController(stack, "rack", { hostname: "rack1" });
    const nic = new RackInterface(stack, "nic", { rack, name: "eth1", vlan });
    new VlanDhcp(stack, "dhcp", { vlan, primary: nic, ranges: [pool, pool6] });
    return fabric;
  }

  function documents(build: (network: TerraformStack, other: TerraformStack) => void): (name: string) => string {
    const app = temporaryApp();
    build(new TerraformStack(app, "network"), new TerraformStack(app, "other"));
    app.synth();
    return (name) => readFileSync(join(readStack(app, name).folder, "maas-network.json"), "utf8");
  }

  test("a stack's document has its objects by natural key, and can be read back to the same bytes", () => {
    const text = documents((network, other) => {
      lab(network);
      new MaasProvider(other, "maas");
    })("network");
    const document = readDocument(text);
    const keys = Object.entries(document.objects).map(([kind, objects]) => [kind, objects.map(({ key }) => key)]);
    expect(Object.fromEntries(keys)).toEqual({
      fabric: ["lab"],
      vlan: ["lab:0"],
      subnet: ["10.20.0.0/24", "2001:db8:20::/64"],
      ip_range: [
        "10.20.0.100-10.20.0.199 in 10.20.0.0/24",
        "2001:db8:20:0:1::-2001:db8:20:0:1::ffff in 2001:db8:20::/64",
        "2001:db8:20:0:2::-2001:db8:20:0:2::ffff in 2001:db8:20::/64",
      ],
      rack_controller: ["rack1"],
      rack_interface: ["rack1/eth1"],
      vlan_dhcp: ["lab:0"],
    });
    expect(document.objects.vlan_dhcp?.[0]?.attributes).toEqual({ vlan: "lab:0", primary_rack_controller: "rack1" });
    expect(document.suppressions).toHaveLength(1);
    expect(documentText(document)).toBe(text);
  });

  test("tokens are left out and named, and no secret or token is in the text", () => {
    const text = documents((network, other) => {
      lab(network);
      new MaasProvider(other, "maas");
      const vlan = new Fabric(other, "dc", { name: "dc" }).untagged;
      const cidr = new TerraformVariable(other, "cidr", { type: "string" }).stringValue;
      new Ipv4Subnet(other, "late", { vlan, cidr, dnsServers: ["10.0.0.53", cidr] });
    })("other");
    const { unknown } = JSON.parse(text) as { unknown: string[] };
    expect(unknown).toEqual(["/objects/subnet/0/attributes/cidr", "/objects/subnet/0/attributes/dns_servers"]);
    expect(text).not.toMatch(/\$\{|TOKEN|Token\[|api_key/);
    const [late] = documentNetwork(readDocument(text)).all("subnet");
    expect([late?.key, late?.family, isKnown(late?.cidr)]).toEqual(["other/late", 4, false]);
  });

  test("what another stack makes is in the document as looked up", () => {
    const text = documents((network, other) => {
      const fabric = lab(network);
      new MaasProvider(other, "maas", { apiUrl: "http://region.lab.example:5240/MAAS" });
      const space = new Space(other, "space", { name: "storage" });
      new Vlan(other, "v10", { fabric, vid: 10, space });
    })("other");
    const { fabric, vlan } = readDocument(text).objects;
    expect(fabric).toEqual([expect.objectContaining({ key: "lab", origin: "look_up" })]);
    expect(vlan).toEqual([
      {
        key: "lab:10",
        path: "other/v10",
        origin: "create",
        attributes: { fabric: "lab", vid: 10, space: "storage" },
      },
    ]);
  });
});
