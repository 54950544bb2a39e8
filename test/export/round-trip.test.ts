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
import { adoptingDocument } from "../../src/export/network-document";
import type { LiveObject } from "../../src/reconcile/live-objects";
import { temporaryFolder } from "../support/synth";
import { describeWithTerraform, Workspace } from "../support/terraform";
import { exportOf, faultsOf, plannedSteps, readJson, synthesise, withSeed } from "./app";
import { LAB } from "./lab/seed";
import { regions } from "./regions";

jest.setTimeout(300_000);

const run = promisify(execFile);

const ROOT = join(__dirname, "..", "..");

/** What an app need not say, since the region has it so by itself. */
const USUAL: Readonly<Record<string, unknown>> = {
  ...{ mtu: 1500, rdns_mode: 2, allow_dns: true, allow_proxy: true, active_discovery: false, managed: true },
  ...{ default_gateway: false, mode: "AUTO", description: "" },
};

const MANAGED: readonly KindName[] = [
  ...(["space", "fabric", "vlan", "subnet", "ip_range", "rack_interface", "vlan_dhcp"] as const),
  "network_interface_link",
];

/** The attributes that an app must say. */
function telling({ cidr, ...attributes }: Attributes): Attributes {
  const said = Object.entries({ ...attributes, ...(cidr !== undefined && { cidr }) }).filter(
    ([name, value]) =>
      value !== null && value !== USUAL[name] && !(name === "name" && value === cidr) && JSON.stringify(value) !== "[]",
  );
  return Object.fromEntries(said);
}

/** Each object that is to be managed, by kind and key. Untagged VLANs that nothing is on or said of come with their fabric. */
function expected(objects: readonly LiveObject[]): Record<string, Attributes> {
  const managed = objects.filter(({ kind }) => MANAGED.includes(kind));
  const used = new Set(managed.flatMap(({ attributes: { vlan, relay_vlan: relay } }) => [vlan, relay]));
  const isIdle = ({ kind, key, attributes }: LiveObject): boolean =>
    kind === "vlan" && attributes.vid === 0 && !used.has(key) && Object.keys(telling(attributes)).length === 2;
  return Object.fromEntries(
    managed
      .filter((object) => !isIdle(object))
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
    fc.asyncProperty(regions, (seed) =>
      withSeed(seed, async (simulator) => {
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
      fc.asyncProperty(regions, (seed) =>
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
      { numRuns: 4, examples: [[LAB]] },
    );
  });
});
