import * as fc from "fast-check";
import { readDocument } from "../../lib/model/document/read";
import { splitExport } from "../../src/export/split";
import { expressible } from "../../src/export/expressible";
import { nameOf, select } from "../../src/export/selection";
import type { Seed } from "../../src/simulator/seed/notation";
import { exportOf, faultsOfModules, plannedSteps, readJson, synthesiseModules, withSeed } from "./app";
import { LAB } from "./lab/seed";
import { layeredRegions } from "./regions";

jest.setTimeout(120_000);

const OPTIONS = { apiUrl: "http://region.example:5240/MAAS", stackName: "net", unsupported: ["1 thing"] };

/** Two fabrics that need each other, and names that files can't tell apart by their letters alone. */
const TWO: Seed = {
  spaces: [{ name: "storage" }],
  fabrics: [
    { name: "lab", vlans: [{ vid: 10, space: "storage" }] },
    { name: "LAB", vlans: [{ vid: 10, relay_vlan: { fabric: "lab", vid: 10 } }] },
    { name: "main", vlans: [{ vid: 0 }] },
    { name: "Büro", vlans: [{ vid: 0 }] },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", vid: 10 },
    { cidr: "10.30.0.0/24", fabric: "LAB", vid: 10 },
  ],
  static_routes: [
    { source: "10.20.0.0/24", destination: "10.30.0.0/24", gateway_ip: "10.20.0.1" },
    { source: "10.30.0.0/24", destination: "10.20.0.0/24", gateway_ip: "10.30.0.1" },
  ],
  domains: [{ name: "lab.example" }],
  dns_resources: [{ name: "www", domain: "lab.example", ip_addresses: ["10.20.0.20"] }],
};

/** A relay to the untagged VLAN of another fabric, which has nothing else. */
const RELAYED: Seed = { fabrics: [{ name: "lab", vlans: [{ vid: 20, relay_vlan: { fabric: "fabric-0", vid: 0 } }] }] };

const documents = (files: readonly { name: string; text: string }[]) =>
  files.map(({ name, text }) => ({ name, text, document: readDocument(text) }));

test("a file for each fabric, and one for what is in none, which has the spaces and DNS", () =>
  withSeed(TWO, async (simulator) => {
    const { region } = await exportOf(simulator);
    const { files, leftOut } = splitExport(region.objects, "document", OPTIONS);
    expect(files.map(({ name }) => name).sort()).toEqual(
      ["shared.json", "Buro.json", "fabric-0.json", "lab-fabric.json", "LAB.json", "main-fabric.json"].sort(),
    );
    expect(leftOut).toEqual(["1 thing"]);
    const managedOf = (file: string): string[] =>
      documents(files)
        .filter(({ name }) => name === file)
        .flatMap(({ document }) => Object.entries(document.objects))
        .flatMap(([kind, objects]) =>
          objects.filter(({ origin }) => origin !== "look_up").map(({ key }) => `${kind} ${key}`),
        );
    expect(managedOf("shared.json")).toEqual([
      "space storage",
      "dns_domain lab.example",
      "dns_record A/AAAA www in lab.example",
    ]);
    expect(managedOf("lab-fabric.json")).toContain("static_route 10.20.0.0/24 to 10.30.0.0/24 via 10.20.0.1");
  }));

test("the parts together are the whole, and none of their documents asks for a change", async () => {
  await fc.assert(
    fc.asyncProperty(layeredRegions, (seed) =>
      withSeed(seed, async (simulator) => {
        const { region } = await exportOf(simulator);
        const { files } = splitExport(region.objects, "document", { ...OPTIONS, apiUrl: simulator.url });
        const managed = documents(files).flatMap(({ document }) =>
          Object.entries(document.objects).flatMap(([kind, objects]) =>
            objects.filter(({ origin }) => origin !== "look_up").map(({ key }) => `${kind} ${key}`),
          ),
        );
        expect(managed.sort()).toEqual(expressible(select(region.objects)).managed.map(nameOf).sort());
        for (const { text } of files) expect(await plannedSteps(simulator, text)).toEqual([]);
      }),
    ),
    { numRuns: 8, examples: [[LAB], [TWO]] },
  );
});

test("the sources compile, and synthesise to a stack each, with an import block for every object", async () => {
  await fc.assert(
    fc.asyncProperty(layeredRegions, (seed) =>
      withSeed(seed, async (simulator) => {
        const { region } = await exportOf(simulator);
        const { files } = splitExport(region.objects, "typescript", OPTIONS);
        expect(faultsOfModules(files)).toEqual([]);
        const imported = synthesiseModules(files).flatMap((folder) => {
          const { import: imports = [] } = readJson(folder, "cdk.tf.json");
          return (imports as { id: string }[]).map(({ id }) => id);
        });
        const parts = files.map(({ text }) => text).join("");
        const { source } = await exportOf(simulator);
        const importsIn = (text: string, call = /\.importFrom\(/g): number => text.match(call)?.length ?? 0;
        expect(imported).toHaveLength(importsIn(parts));
        // An untagged VLAN as MAAS made it is there where something asks for it, and that may be in another part.
        const ofOwn = /(?<!untagged as Vlan\))\.importFrom\(/g;
        expect(importsIn(parts, ofOwn)).toBe(importsIn(source, ofOwn));
      }),
    ),
    { numRuns: 2, examples: [[LAB], [TWO], [RELAYED]] },
  );
});
