import * as fc from "fast-check";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import { documentText, type NetworkDocument } from "../../lib/model/document";
import { PROVIDER_SOURCE } from "../../lib/model/kind";
import { changePicture } from "../../src/graph/change/change-picture";
import { groundFields, type PlannedObject } from "../../src/graph/change/planned-object";
import { objectsOfSavedPlan, SAVED_STEPS } from "../../src/graph/change/saved-plan";
import { objectsOfTerraformPlan, TERRAFORM_PLAN } from "../../src/graph/change/terraform-plan";
import { html } from "../../src/graph/html";
import { mermaid, mermaidBlock } from "../../src/graph/mermaid";
import { OUTCOMES, type Outcome, type Picture, summaryOf } from "../../src/graph/picture";
import { svg } from "../../src/graph/svg";
import { planJson, planOf, readSavedPlan } from "../../src/reconcile/engine/plan/plan";
import { hostileNames } from "../support/hostile-names";
import { plannedPicture } from "../../src/cli/planned-picture";
import { temporaryFolder } from "../support/synth";
import { documentOf } from "./networks";

/** A plan that Terraform 1.11.4 or OpenTofu 1.12.6 has written, by this package's provider on a simulated region. */
const recorded = (name: string): Picture =>
  changePicture(
    objectsOfTerraformPlan(
      TERRAFORM_PLAN.parse(JSON.parse(readFileSync(join(__dirname, `plans/${name}.json`), "utf8"))),
    ),
    name,
  );

/** The picture as an outline: what is drawn, within what. */
function outlineOf({ fabrics }: Picture): string[] {
  const head = (outcome: Outcome | undefined, text: string): string =>
    outcome === undefined ? text : `${OUTCOMES[outcome]} ${text}`.trim();
  const lines = (list: Picture["fabrics"][number]["changes"] = []): string[] =>
    list.map(({ outcome, text, details }) => `* ${[head(outcome, text), ...details].join(" | ")}`);
  return fabrics.flatMap((fabric) => [
    head(fabric.outcome, fabric.label),
    ...lines(fabric.changes),
    ...fabric.vlans.flatMap((vlan) => [
      `  ${[head(vlan.outcome, `${vlan.title} ${vlan.name}`.trim()), ...vlan.facts].join(" | ")}`,
      ...lines(vlan.changes).map((line) => `  ${line}`),
      ...vlan.subnets.flatMap((subnet) => [
        `    ${[head(subnet.outcome, subnet.cidr), ...subnet.facts].join(" | ")}`,
        ...lines(subnet.changes).map((line) => `    ${line}`),
      ]),
    ]),
  ]);
}

test("a plan of Terraform's has imports and moves, and each object on what it refers to, also by each.value", () => {
  const picture = recorded("terraform");
  expect(summaryOf(picture)).toBe("4 added, 3 changed, 1 gone, 1 imported, 1 moved, 4 unchanged");
  expect(outlineOf(picture)).toEqual([
    "⇥ fabric fabric-0 · imported from fabric-0 · maas_fabric.imported",
    "fabric lab · maas_fabric.lab",
    "  ~ VLAN 61 machines | vid: 60 → 61 | maas_vlan.machines",
    "    ~ 10.60.0.0/24 | vid: 60 → (known after apply) | maas_subnet.v4",
    '    ~ 2001:db8:60::/64 | gateway_ip: "2001:db8:60::1" → "2001:db8:60::2" | maas_subnet.v6',
    "    * - IP range 2001:db8:60::1:0:0-2001:db8:60::ffff:ffff:ffff | maas_subnet_ip_range.below",
    '  + VLAN 71 | maas_vlan.more["71"]',
    '    + 10.71.0.0/24 | maas_subnet.more["71"]',
    '  + VLAN 72 | maas_vlan.more["72"]',
    '    + 10.72.0.0/24 | maas_subnet.more["72"]',
    "on no fabric",
    "  space",
    "  * → space lab | moved from maas_space.lab | maas_space.moved",
  ]);
});

test("a plan of OpenTofu's has replacements, modules with instances, and no value that is sensitive", () => {
  const picture = recorded("opentofu");
  expect(outlineOf(picture)).toEqual([
    '~ fabric north · class_type: "one" → "two" · module.site["north"].maas_fabric.this',
    '  VLAN 10 | module.site["north"].maas_vlan.lab[0]',
    "    ~ 10.8.0.0/24 | description: (sensitive value) → (sensitive value) | maas_subnet.sites[0]",
    "    - 10.8.1.0/24 | maas_subnet.sites[1]",
    '  -/+ VLAN 11 | module.site["north"].maas_vlan.lab[1]',
    '    ~ 10.9.1.0/24 | vlan: "5005" → (known after apply) | module.site["north"].maas_subnet.inner[1]',
    "on no fabric",
    "  DNS domain",
    "  * -/+ DNS domain lab.example | maas_dns_domain.lab",
  ]);
  for (const write of [html, svg, mermaid]) expect(write(picture)).not.toMatch(/a note that nobody reads|"other"/);
});

test("resources of other providers and data sources are left out; actions and types of later versions are not lost", () => {
  const [fabric] = (
    JSON.parse(readFileSync(join(__dirname, "plans/terraform.json"), "utf8")) as {
      resource_changes: readonly { readonly address: string; readonly change: object }[];
    }
  ).resource_changes.filter(({ address }) => address === "maas_fabric.lab");
  const with_ = (more: object, change: object = {}): object => ({
    ...fabric,
    ...more,
    change: { ...fabric?.change, ...change },
  });
  const plan = {
    format_version: "1.9",
    resource_changes: [
      with_(
        { address: "maas_fabric.other", provider_name: "registry.example/canonical/maas" },
        { actions: ["create"] },
      ),
      with_({ address: "data.maas_fabric.lab", mode: "data" }, { actions: ["read"] }),
      with_({ address: "maas_fabric.kept" }, { actions: ["forget"] }),
      with_({ address: "maas_fabric.old", deposed: "abcd1234" }, { actions: ["delete"], after: null }),
      with_({ address: "maas_next_free.pool", type: "maas_next_free" }, { actions: ["create"] }),
    ],
  };
  expect(outlineOf(changePicture(objectsOfTerraformPlan(TERRAFORM_PLAN.parse(plan)), "x"))).toEqual([
    "< fabric lab · maas_fabric.kept",
    "- fabric lab · left by a replacement that was cut off · maas_fabric.old",
    "on no fabric",
    "  next free",
    "  * + next free maas_next_free.pool",
  ]);
});

/** A saved plan of ours over the document of two VLANs. */
function savedPlan(steps: readonly object[], document: NetworkDocument = documentOf(2)): string {
  const request = { goal: "apply", document } as const;
  return planJson(planOf(request, "http://region.example:5240/MAAS", steps as never), { refusals: [], warnings: [] });
}

function savedPicture(text: string): Picture {
  const { request } = readSavedPlan(text);
  return changePicture(objectsOfSavedPlan(SAVED_STEPS.parse(JSON.parse(text)), request), "lab");
}

const step = (action: string, kind: string, key: string, more: object = {}): object => ({
  ...{ action, kind, key, path: `net/${key}`, differences: [], after: [] },
  ...more,
});

test("a saved plan of ours has what changes at its place, and what stays is counted", () => {
  const range = "10.0.1.100-10.0.1.199 in 10.0.1.0/24";
  const picture = savedPicture(
    savedPlan([
      step("update", "subnet", "10.0.2.0/24", {
        ...{ live: { vlan: "lab:2" }, desired: { vlan: "lab:2" } },
        differences: [{ name: "gateway_ip", live: null, desired: "10.0.2.1" }],
      }),
      step("delete", "ip_range", range, { live: { subnet: "10.0.1.0/24", type: "reserved", end_ip: "10.0.1.199" } }),
      step("create", "ip_range", range, { desired: { subnet: "10.0.1.0/24", type: "dynamic", end_ip: "10.0.1.199" } }),
      step("delete", "vlan", "lab:9", { live: { fabric: "lab", vid: 9 } }),
      step("release", "vlan", "lab:0", { live: { fabric: "lab", mtu: 9000 }, original: { mtu: 1500 } }),
      step("delete", "dns_domain", "old.example", { live: { name: "old.example" } }),
    ]),
  );
  expect(summaryOf(picture)).toBe("1 changed, 1 replaced, 2 gone, 1 released, 9 unchanged");
  expect(outlineOf(picture)).toEqual([
    "fabric lab · net/lab",
    "  < untagged | mtu: 9000 → 1500 | net/lab:0",
    "  VLAN 1 | net/lab:1",
    "    10.0.1.0/24 | net/10.0.1.0/24",
    `    * -/+ IP range 10.0.1.100-10.0.1.199 | type: "reserved" → "dynamic" | net/${range}`,
    "  VLAN 2 | net/lab:2",
    '    ~ 10.0.2.0/24 | gateway_ip: none → "10.0.2.1" | net/10.0.2.0/24',
    "  - VLAN 9 | net/lab:9",
    "on no fabric",
    "  DNS domain",
    "  * - DNS domain old.example | net/old.example",
  ]);
});

test("a plan that changes nothing says so, in every form", () => {
  const picture = savedPicture(savedPlan([]));
  expect(outlineOf(picture)).toEqual([]);
  for (const write of [html, svg, mermaid, mermaidBlock]) expect(write(picture)).toContain("no changes");
});

test("each kind is on what its record says: a route on its source, DHCP on its VLAN, and a DNS record on nothing", () => {
  const first = (kind: DocumentKindName): string | undefined => groundFields(kind)[0]?.name;
  expect(
    ["vlan", "subnet", "ip_range", "static_route", "vlan_dhcp", "rack_interface", "reserved_ip"].map((kind) =>
      first(kind as never),
    ),
  ).toEqual([...["fabric", "vlan", "subnet", "source", "vlan", "vlan", "subnet"]]);
  expect([first("dns_record"), first("space"), first("machine")]).toEqual([undefined, undefined, undefined]);
});

test("a comment has the flowchart in a block of its own, and a sentence where viewers would refuse it", () => {
  const many = Array.from({ length: 800 }, (_, index) => step("create", "dns_domain", `zone-${index}.lab.example`));
  const small = savedPicture(savedPlan([step("create", "dns_domain", "lab.example")]));
  expect(mermaidBlock(small)).toMatch(/^```mermaid\n%% [\s\S]*\n```\n$/);
  expect(mermaidBlock(savedPicture(savedPlan(many)))).toMatch(
    /^The picture is too large for Markdown: 800 added, .*\.\n$/,
  );
});

/** A picture of every outcome, on each place, in which everything has that name. */
function hostileChange(name: string): Picture {
  const outcomes = Object.keys(OUTCOMES) as Outcome[];
  const objects = outcomes.flatMap((outcome, index): PlannedObject[] => {
    const base = { title: "thing", name, place: `${name} ${index}`, outcome, details: [`${name}: ${name} → ${name}`] };
    const fabric: PlannedObject = { ...base, kind: "fabric", key: `${name} ${index}`, on: undefined };
    const vlan: PlannedObject = { ...base, kind: "vlan", key: `${name} ${index}`, on: fabric };
    const subnet: PlannedObject = { ...base, kind: "subnet", key: `${name} ${index}`, on: vlan };
    const others = [fabric, vlan, subnet, undefined].map((on): PlannedObject => ({
      ...base,
      kind: "dns_record",
      key: name,
      on,
    }));
    return [fabric, vlan, subnet, ...others];
  });
  return changePicture(objects, name);
}

const names = fc.oneof(
  fc.constantFrom(...hostileNames, "- a list", "1. a list", "* x", "```", "__proto__"),
  fc.string(),
);

test("no name adds markup to HTML or SVG, a statement to Mermaid, or an end to its block", () => {
  const tagsOf = (text: string): string[] =>
    [...text.replace(/(<(script|style)>).*?(<\/\2>)/gs, "$1$3").matchAll(/<[^>]*>/g)].map(([tag]) =>
      tag.replace(/"[^"]*"/g, '""'),
    );
  const plain = hostileChange("lab");
  fc.assert(
    fc.property(names, (name) => {
      const picture = hostileChange(name);
      for (const write of [html, svg]) expect(new Set(tagsOf(write(picture)))).toEqual(new Set(tagsOf(write(plain))));
      const lines = mermaid(picture).split("\n");
      expect(lines).toHaveLength(mermaid(plain).split("\n").length);
      const label = String.raw`"(?:[^"#<>&;\x60{}$\\*~]|#\d+;|<br\/>)*"`;
      const statement = new RegExp(
        String.raw`^(?:flowchart LR|%% [^"<>&\x60{}$\\]*| *end| *(?:subgraph )?\w+\[${label}\]| {2}class \w+ \w+| {2}classDef [\w:#, -]+|)$`,
      );
      expect(lines.filter((line) => !statement.test(line))).toEqual([]);
      // Labels are Markdown to Mermaid, and a sign at the beginning of a line would be a list.
      expect(lines.filter((line) => /(?:\["|<br\/>)(?:[-+*]|\d+[.)])\s/.test(line))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("the picture does not depend on the order of the plan", () => {
  const { request } = readSavedPlan(savedPlan([]));
  expect(documentText(request.document)).toBe(documentText(documentOf(2)));
  const steps = ["b.example", "a.example", "c.example"].map((key) => step("create", "dns_domain", key));
  expect(html(savedPicture(savedPlan(steps)))).toBe(html(savedPicture(savedPlan([...steps].reverse()))));
});

test.each(["2.0", "0.1", "1", "next"])(
  "a plan of the format_version %s is refused, with what is read",
  async (version) => {
    const file = join(temporaryFolder(), "plan.json");
    writeFileSync(file, JSON.stringify({ format_version: version, resource_changes: [] }));
    await expect(plannedPicture(file)).rejects.toThrow(
      `${file}: the format_version of this plan is "${version}", and this program reads 1.x`,
    );
  },
);

test("a plan of Terraform's that somebody has edited is drawn without what can't be a part of a key", () => {
  const change = (type: string, after: object): object => ({
    ...{ address: `${type}.lab`, mode: "managed", type, provider_name: PROVIDER_SOURCE },
    change: { actions: ["create"], after },
  });
  const plan = TERRAFORM_PLAN.parse({
    format_version: "1.2",
    resource_changes: [
      change("maas_fabric", { name: { in: "lab" } }),
      change("maas_vlan", { fabric: ["lab"], vid: true }),
      change("maas_subnet", { cidr: null, vlan: {} }),
    ],
  });
  expect(objectsOfTerraformPlan(plan).map(({ key }) => key)).toEqual([
    "maas_fabric.lab",
    "maas_vlan.lab",
    "maas_subnet.lab",
  ]);
});
