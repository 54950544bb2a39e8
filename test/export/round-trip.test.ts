import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { documentText } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import type { KindName } from "../../lib/model/field";
import type { Attributes } from "../../lib/model/known";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { adoptingDocument } from "../../src/export/selection";
import type { LiveObject } from "../../src/reconcile/region/live-objects";
import type { Seed } from "../../src/simulator/seed/notation";
import { temporaryFolder } from "../support/synth";
import { describeWithTerraform, Workspace } from "../support/terraform";
import { exportOf, faultsOf, makeSnippets, plannedSteps, readJson, synthesise, withSeed } from "./app";
import { LAB } from "./lab/seed";
import { layeredRegions } from "./regions";

jest.setTimeout(300_000);

const run = promisify(execFile);

const ROOT = join(__dirname, "..", "..");

/** What an app need not say, since the region has it so by itself. */
const USUAL: Readonly<Record<string, unknown>> = {
  ...{ mtu: 1500, rdns_mode: 2, allow_dns: true, allow_proxy: true, active_discovery: false, managed: true },
  ...{ default_gateway: false, mode: "AUTO", description: "", metric: 0 },
  ...{ bond_mode: "balance-rr", bond_miimon: 100, bond_downdelay: 0, bond_updelay: 0, bond_num_grat_arp: 1 },
  ...{ bond_lacp_rate: "fast", bond_xmit_hash_policy: "layer2", bridge_stp: false, bridge_fd: 15 },
  ...{ bridge_type: "standard", enabled: true },
};

const MANAGED: readonly KindName[] = [
  ...(["space", "fabric", "vlan", "subnet", "ip_range", "rack_interface", "vlan_dhcp"] as const),
  ...(["static_route", "network_interface_link", "network_interface_physical"] as const),
  ...(["network_interface_bond", "network_interface_bridge", "network_interface_vlan", "reserved_ip"] as const),
  ...(["dns_domain", "dns_record", "device", "configuration", "dhcp_snippet"] as const),
];

/** The settings of a new region. */
const INSTALLED: Readonly<Record<string, string>> = {
  ...{ upstream_dns: "", dns_trusted_acl: "", dnssec_validation: "auto", ntp_servers: "ntp.ubuntu.com" },
  ...{ ntp_external_only: "false", network_discovery: "enabled", active_discovery_interval: "10800" },
};

/** What MAAS says of a physical interface that nobody has configured. */
const REPORTED = ["machine", "device", "mac_address", "name", "vlan"];

/** The attributes that an app must say. */
function telling({ cidr, ...attributes }: Attributes): Attributes {
  const said = Object.entries({ ...attributes, ...(cidr !== undefined && { cidr }) }).filter(
    ([name, value]) =>
      value !== null &&
      value !== "" &&
      value !== USUAL[name] &&
      !(name === "name" && value === cidr) &&
      JSON.stringify(value) !== "[]",
  );
  return Object.fromEntries(said);
}

/** Each object that is to be managed, by kind and key. Untagged VLANs that nothing is on or said of come with their fabric. */
function expected(objects: readonly LiveObject[]): Record<string, Attributes> {
  const isReported = ({ kind, attributes }: LiveObject): boolean =>
    kind === "network_interface_physical" && Object.keys(telling(attributes)).every((name) => REPORTED.includes(name));
  const managed = objects.filter((object) => MANAGED.includes(object.kind) && !isReported(object));
  const used = new Set(managed.flatMap(({ attributes: { vlan, relay_vlan: relay } }) => [vlan, relay]));
  const isIdle = ({ kind, key, attributes }: LiveObject): boolean =>
    kind === "vlan" && attributes.vid === 0 && !used.has(key) && Object.keys(telling(attributes)).length === 2;
  // The domain and the settings that MAAS was installed with, as they were then.
  const isInstalled = ({ kind, key, attributes: { value } }: LiveObject): boolean =>
    (kind === "dns_domain" && key === "maas") || (kind === "configuration" && (value ?? "") === INSTALLED[key]);
  return Object.fromEntries(
    managed
      .filter((object) => !isIdle(object) && !isInstalled(object))
      .map(({ kind, key, attributes }) => [`${kind} ${key}`, telling(attributes)]),
  );
}

/** The same of the document that the synthesis wrote. */
function documented(folder: string): Record<string, Attributes> {
  const { objects } = readDocument(readFileSync(join(folder, "maas-network.json"), "utf8"));
  return Object.fromEntries(
    (Object.keys(DOCUMENT_KINDS) as KindName[]).flatMap((kind) =>
      (objects[kind] ?? [])
        .filter(({ origin }) => origin !== "look_up")
        .map(({ key, attributes }) => [`${kind} ${key}`, telling(attributes)] as const),
    ),
  );
}

test("whatever a region has, its exported app synthesises to just that, and its document asks for no change", async () => {
  const sources: string[] = [];
  await fc.assert(
    fc.asyncProperty(layeredRegions, (seed) =>
      withSeed(seed, async (simulator) => {
        await makeSnippets(simulator);
        const { region, objects, source } = await exportOf(simulator);
        sources.push(source);
        const document = documentText(adoptingDocument(objects, simulator.url));
        expect(await plannedSteps(simulator, document)).toEqual([]);
        expect(documented(synthesise(source))).toEqual(expected(region.objects));
        expect((await exportOf(simulator)).source).toBe(source);
      }),
    ),
    { numRuns: 30 },
  );
  const folder = temporaryFolder();
  for (const [index, source] of sources.entries()) writeFileSync(join(folder, `${index}.ts`), source);
  const prettier = join(ROOT, "node_modules/.bin/prettier");
  await run(prettier, ["--print-width", "120", "--check", folder], { cwd: folder });
  expect(faultsOf(sources)).toEqual([]);
});

/** Networks that MAAS prints with an IPv4 address at the end. */
const DOTTED: Seed = {
  fabrics: [{ name: "Büro", vlans: [{ vid: 0 }, { vid: 10, name: "übung" }] }],
  subnets: [
    {
      ...{ cidr: "::ffff:a09:0/112", fabric: "Büro", vid: 10, gateway_ip: "::ffff:a09:1" },
      dns_servers: ["::ffff:a09:2", "::a09:3"],
    },
    { cidr: "::a09:0/112", fabric: "Büro", vid: 0, gateway_ip: "::a09:1", name: "old" },
  ],
  ip_ranges: [
    { type: "dynamic", start_ip: "::ffff:a09:1000", end_ip: "::ffff:a09:1fff", subnet: "::ffff:a09:0/112" },
    { type: "reserved", start_ip: "::ffff:10.9.64.0", end_ip: "::ffff:10.9.64.31", subnet: "::ffff:10.9.0.0/112" },
  ],
  machines: [
    {
      hostname: "node-1",
      interfaces: [
        {
          ...{ name: "eth0", fabric: "Büro", vid: 10 },
          links: [{ mode: "static", subnet: "::ffff:a09:0/112", ip_address: "::ffff:a09:2050" }],
        },
      ],
    },
  ],
};

test("networks that MAAS prints dotted are exported so, and neither that nor another spelling asks for a change", () =>
  withSeed(DOTTED, async (simulator) => {
    const { region, objects, source } = await exportOf(simulator);
    expect(region.objects.filter(({ kind }) => kind === "subnet").map(({ key }) => key)).toEqual([
      "::ffff:10.9.0.0/112",
      "::10.9.0.0/112",
    ]);
    const document = documentText(adoptingDocument(objects, simulator.url));
    expect(document).toContain('"ip_address": "::ffff:10.9.32.80"');
    expect(await plannedSteps(simulator, document)).toEqual([]);
    const inHex = document.replaceAll(
      /::(ffff:)?10\.9\.(\d+)\.(\d+)/g,
      (_, mapped: string | undefined, c, d) => `::${mapped ?? ""}A09:${(Number(c) * 256 + Number(d)).toString(16)}`,
    );
    expect(inHex).not.toContain("10.9.");
    expect(await plannedSteps(simulator, inHex)).toEqual([]);
    expect(documented(synthesise(source))).toEqual(expected(region.objects));
  }));

const suite = describeWithTerraform();

interface ShownPlan {
  readonly resource_changes?: readonly {
    address: string;
    mode: string;
    change: { actions: string[]; importing?: object };
  }[];
}

suite("Terraform's plan of an exported app", () => {
  test("imports every object and changes nothing, and once applied there is nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(layeredRegions, (seed) =>
        withSeed(seed, async (simulator) => {
          const { source, region } = await exportOf(simulator);
          const { resource, data, import: imports, provider } = readJson(synthesise(source), "cdk.tf.json");
          const workspace = new Workspace({ MAAS_API_KEY: simulator.apiKey });
          try {
            workspace.write({ resource, ...(data !== undefined && { data }), import: imports, provider });
            await workspace.init();
            await workspace.succeed(["plan", "-no-color", "-out=first.bin"]);
            const plan = JSON.parse(await workspace.succeed(["show", "-json", "first.bin"])) as ShownPlan;
            const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
            expect(managed.filter(({ change }) => change.actions.join() !== "no-op" || !change.importing)).toEqual([]);
            expect(managed).toHaveLength(Object.keys(expected(region.objects)).length);
            await workspace.succeed(["apply", "-no-color", "first.bin"]);
            expect(await workspace.plan()).toEqual([]);
            for (const method of ["POST", "PUT", "DELETE"]) expect(simulator.requests.count(method)).toBe(0);
          } finally {
            workspace.remove();
          }
        }),
      ),
      { numRuns: 4, examples: [[LAB], [DOTTED]] },
    );
  });
});

test("an exported document notices what others set later, where the region had only what MAAS starts with", () =>
  withSeed(
    {
      spaces: [{ name: "dmz" }],
      fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }] }],
      subnets: [{ cidr: "10.20.0.0/24", fabric: "lab", vid: 10 }],
    },
    async (simulator) => {
      const { region, objects } = await exportOf(simulator);
      const document = documentText(adoptingDocument(objects, simulator.url));
      expect(await plannedSteps(simulator, document)).toEqual([]);
      const idOf = (kind: string, key: string): string =>
        region.objects.find((object) => object.kind === kind && object.key === key)?.id ?? "";
      const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
      const space = idOf("space", "dmz");
      const subnet = { gateway_ip: "10.20.0.1", dns_servers: "10.20.0.2", name: "net", rdns_mode: "0" };
      try {
        const lab = idOf("fabric", "lab");
        await client.put(`fabrics/${lab}/vlans/10/`, Object.entries({ name: "pxe", mtu: "9000", space }));
        await client.put(`subnets/${idOf("subnet", "10.20.0.0/24")}/`, Object.entries(subnet));
      } finally {
        await client.close();
      }
      const steps = await plannedSteps(simulator, document);
      const changed = steps.map(({ kind, differences }) => [kind, differences.map(({ name }) => name).sort()]);
      expect(changed).toEqual([
        ["vlan", ["mtu", "name", "space"]],
        ["subnet", ["dns_servers", "gateway_ip", "name", "rdns_mode"]],
      ]);
    },
  ));
