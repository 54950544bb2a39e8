import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/constructs/internal/facts";
import { plannedPicture } from "../../src/cli/planned-picture";
import { svg } from "../../src/graph/svg";
import { chooseSeed } from "../../src/simulator/seed/read";
import { MaasVersion } from "../../src/simulator/versions";
import { TAKEN } from "./judge";
import { changedDocument } from "./mutate";
import type { Json } from "./odd";
import { labDocument } from "./samples";
import { reads, type Target, target } from "./target";

const PLANS = join(packageRoot(), "test/graph/plans");

const step = (action: string, kind: string, key: string, attributes: Json): Json => ({
  ...{ action, kind, key, path: `lab/${key}`, live: attributes, desired: attributes },
  differences: [{ name: "name", live: "x", desired: "y" }],
});

/** A plan of the engine with steps, as `plan --format json` writes it. */
const savedPlan = (document: Json): Json => ({
  ...{ format: "maas-plan", version: 1, region: "http://region.example:5240/MAAS", hash: "0".repeat(64) },
  steps: [
    step("create", "fabric", "lab", { name: "lab" }),
    step("update", "vlan", "lab:10", { fabric: "lab", vid: 10, mtu: 1500 }),
    step("delete", "subnet", "10.20.0.0/24", { cidr: "10.20.0.0/24", vlan: "lab:10" }),
  ],
  ...{ refusals: [], warnings: [] },
  request: { goal: "apply", document: JSON.stringify(document), recordName: "maas-network.record.json" },
});

/** Files that a command is given beside a document. */
export async function planTargets(): Promise<Target[]> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const document = await labDocument();
  const plans = [
    savedPlan(document),
    ...["terraform.json", "opentofu.json"].map((name) => JSON.parse(readFileSync(join(PLANS, name), "utf8")) as Json),
  ];
  const file = join(folder, "file.json");
  const version = MaasVersion.parse("3.6");
  return [
    target<string>({
      name: "plans for graph",
      place: /file\.json/,
      input: (random) => changedDocument(random.of(plans), random),
      play: async (text) => {
        writeFileSync(file, text);
        svg(await plannedPicture(file));
        return TAKEN;
      },
    }),
    target<string>({
      name: "regions for --against and --from",
      place: /file\.json/,
      input: (random) => changedDocument(document, random),
      play: reads((text) => {
        writeFileSync(file, text);
        chooseSeed(file, version);
      }),
      stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    }),
  ];
}
