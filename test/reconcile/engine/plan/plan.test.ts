import * as fc from "fast-check";
import { canonicalDocument, documentText, type NetworkDocument } from "../../../../lib/model/document";
import { readDocument } from "../../../../lib/model/document/read";
import { UNKNOWN } from "../../../../lib/model/known";
import type { DesiredObject } from "../../../../src/reconcile/engine/plan/read-live";
import { diff } from "../../../../src/reconcile/engine/plan/diff";
import { refused } from "../../../../src/reconcile/engine/plan/guard";
import { ordered, type Step } from "../../../../src/reconcile/engine/plan/order";
import {
  isSavedPlan,
  type Plan,
  planJson,
  planOf,
  type PlanRequest,
  readSavedPlan,
  SavedPlanError,
} from "../../../../src/reconcile/engine/plan/plan";
import { desiredNetworks } from "../support/desired-networks";
import { documentOf } from "../support/documents";
import { fabric, regionOf, subnet, vlan } from "../support/objects";

const REGION = "http://region.example:5240/MAAS/api/2.0/";
const EMPTY: NetworkDocument = { objects: {}, suppressions: [] };
const REQUEST: PlanRequest = { goal: "apply", document: EMPTY, recordName: "r.json" };

const stepsTo = (desired: readonly DesiredObject[]): Step[] => {
  const { changes, live } = diff({ desired, live: regionOf([]), recorded: [] });
  return ordered(changes, desired, live);
};

const planTo = (desired: readonly DesiredObject[], request = REQUEST, region = REGION): Plan =>
  planOf(request, region, stepsTo(desired));

const NETWORK = [fabric("lab"), vlan("lab:10"), subnet("10.0.0.0/24", "lab:10")];

/** A plan's JSON, read as anybody may. */
const jsonOf = (plan: Plan): Record<string, unknown> =>
  JSON.parse(planJson(plan, { refusals: [], warnings: [] })) as Record<string, unknown>;

describe("the hash of a plan", () => {
  test("is the SHA-256 of what would be done: the same for the same, whatever the order of kinds and attributes", () => {
    const { hash } = planTo(NETWORK);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const turned = NETWORK.map((object) => ({
      ...object,
      attributes: Object.fromEntries(Object.entries(object.attributes).reverse()),
    }));
    expect(planTo(turned).hash).toBe(hash);
  });

  test("is the same for objects of a kind in any order", () => {
    fc.assert(
      fc.property(desiredNetworks, (network) => {
        const kinds = [...new Set(network.map(({ kind }) => kind))];
        const turned = kinds.flatMap((kind) => network.filter((object) => object.kind === kind).reverse());
        expect(planTo(turned).hash).toBe(planTo(network).hash);
      }),
      { numRuns: 15 },
    );
  });

  test("is another one for another step or another region, and not for another name of the record", () => {
    const { hash } = planTo(NETWORK);
    expect(planTo([...NETWORK, fabric("other")]).hash).not.toBe(hash);
    expect(planTo([fabric("lab", { class_type: "10g" }), ...NETWORK.slice(1)]).hash).not.toBe(hash);
    expect(planTo(NETWORK, REQUEST, "http://other.example/MAAS/api/2.0/").hash).not.toBe(hash);
    expect(planTo(NETWORK, { ...REQUEST, recordName: "other.json" }).hash).toBe(hash);
  });
});

/** A document with what only Terraform can tell, and a suppression. */
const LAB: NetworkDocument = canonicalDocument({
  apiUrl: UNKNOWN,
  objects: documentOf([fabric("lab"), vlan("lab:10", { mtu: UNKNOWN })]).objects,
  suppressions: [{ id: "MAAS6-RTR-01", where: "lab", reason: "the routers are elsewhere" }],
});

describe("the JSON of a plan", () => {
  test("can be read back, with all that the plan can be made anew from", () => {
    const requests: PlanRequest[] = [
      REQUEST,
      { goal: "destroy", document: LAB, record: LAB, existingOnly: true, recordName: "env:X" },
    ];
    for (const request of requests) {
      const plan = planTo(NETWORK, request);
      const text = planJson(plan, { refusals: [], warnings: [] });
      expect(isSavedPlan(text)).toBe(true);
      expect(readSavedPlan(text)).toEqual({ request, region: plan.region, hash: plan.hash });
      expect(text.endsWith("}\n")).toBe(true);
    }
  });

  test("has the steps and what speaks against them, and nothing for what MAAS decides", () => {
    const refusals = [{ ...refused("MAAS-RUN-03", "deletions"), what: "w", why: "y", fix: "f", about: ["space a"] }];
    const plan = planTo(NETWORK);
    expect(plan.steps.at(-1)?.desired?.name).toBe(UNKNOWN);
    const json = JSON.parse(planJson(plan, { refusals, warnings: [] })) as Record<string, unknown>;
    expect(json).toMatchObject({ format: "maas-plan", version: 1, region: REGION, hash: plan.hash, refusals });
    const steps = json.steps as readonly Step[];
    expect(steps.map(({ kind, action, after }) => [kind, action, after])).toEqual([
      ["fabric", "create", []],
      ["vlan", "create", [0]],
      ["subnet", "create", [1]],
    ]);
    expect(steps.at(-1)?.desired).not.toHaveProperty("name");
    expect(JSON.stringify(json)).not.toContain("known after apply");
  });

  test("has no members but these, so that nothing of the run, such as a key, can get into it", () => {
    const withMore = { ...planTo(NETWORK), apiKey: "a:b:c" };
    expect(Object.keys(jsonOf(withMore)).sort()).toEqual([
      "format",
      "hash",
      "refusals",
      "region",
      "request",
      "steps",
      "version",
      "warnings",
    ]);
  });
});

describe("a file", () => {
  test.each<[string, string]>([
    ["no JSON", "maas-plan"],
    ["JSON that is no object", '"maas-plan"'],
    ["null", "null"],
    ["a document", '{"format":"maas-network","version":1}'],
  ])("that is %s is no saved plan", (_, text) => {
    expect(isSavedPlan(text)).toBe(false);
  });

  const whole = jsonOf(planTo(NETWORK));

  test("of another version is refused by its number, with the command that makes it anew", () => {
    const read = (): unknown => readSavedPlan(JSON.stringify({ ...whole, version: 2 }));
    expect(read).toThrow(SavedPlanError);
    expect(read).toThrow(/of version 2\. Make a new one with cdktf-maas plan --format json --output plan\.json\./);
    expect(() => readSavedPlan('{"format":"maas-plan"}')).toThrow(/this saved plan has no version\. Make/);
  });

  test.each<[string, object]>([
    ["region", { region: undefined }],
    ["hash", { hash: 7 }],
    ["request", { request: null }],
    ["goal that is known", { request: { ...(whole.request as object), goal: "explode" } }],
    ["document", { request: { goal: "apply" } }],
    ["record that is text", { request: { ...(whole.request as object), record: 7 } }],
  ])("without a %s is not whole", (_, broken) => {
    expect(() => readSavedPlan(JSON.stringify({ ...whole, ...broken }))).toThrow(/not whole\. Make a new one with/);
  });

  test.each([
    ["document", "{}"],
    ["record", "no JSON"],
  ])("with a %s that can't be read says what is wrong in it", (member, text) => {
    const broken = { ...whole, request: { goal: "apply", document: documentText(EMPTY), [member]: text } };
    const read = (): unknown => readSavedPlan(JSON.stringify(broken));
    expect(read).toThrow(SavedPlanError);
    expect(read).toThrow(/a document in this saved plan can't be read: .*\n.*Make a new one with/s);
  });

  test("of an earlier version of the program, with its documents as they were written by hand, is read", () => {
    const document =
      '{ "format": "maas-network", "version": 1, "objects": { "fabric": [{ "key": "lab", "attributes": { "name": "lab" } }] } }';
    const saved = readSavedPlan(
      JSON.stringify({ ...whole, request: { goal: "apply", document, recordName: "r.json" } }),
    );
    expect(saved.request).toEqual({ goal: "apply", document: readDocument(document), recordName: "r.json" });
  });
});
