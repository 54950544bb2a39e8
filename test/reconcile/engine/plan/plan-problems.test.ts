import type { NetworkDocument } from "../../../../lib/model/document";
import { UNKNOWN } from "../../../../lib/model/known";
import { fault, type Problem } from "../../../../lib/model/problem";
import {
  missingObjects,
  PlanError,
  unknownValues,
  unmanagedStaticRanges,
} from "../../../../src/reconcile/engine/plan/plan-problems";
import { LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import { made, range } from "../../../support/lab-document";
import { documentOf } from "../support/documents";
import { fabric, liveObject, nic, regionOf, subnet, vlan } from "../support/objects";

const V4 = "10.20.0.0/24";

const documentWith = (objects: NetworkDocument["objects"]): NetworkDocument => ({ objects, suppressions: [] });

const places = (problems: readonly Problem<string>[]): string[] =>
  problems.map(({ subject, what }) => `${subject?.path}: ${what}`);

/** What is missing on the region. */
const missing = (...of: Parameters<typeof missingObjects>): Problem<string>[] =>
  missingObjects(...of).map(({ problem }) => problem);

describe("values that only Terraform knows", () => {
  test("are named one by one, where they are, with both ways out", () => {
    const problems = unknownValues(
      documentWith({
        fabric: [made("lab", "lab", { name: "lab", class_type: UNKNOWN })],
        subnet: [made(V4, "v4", { cidr: V4, vlan: UNKNOWN, dns_servers: ["10.20.0.2", UNKNOWN] })],
      }),
    );
    expect(places(problems)).toEqual([
      "lab/lab: class_type of this fabric is not known before Terraform runs",
      "lab/v4: vlan of this subnet is not known before Terraform runs",
      "lab/v4: dns_servers of this subnet is not known before Terraform runs",
    ]);
    for (const { fix } of problems) expect(fix).toMatch(/literal.*MaasEngine\.PROVIDER/);
  });

  test("don't matter in what is looked up, nor in what MAAS has no object for", () => {
    const document = documentWith({
      rack_controller: [made("rack1", "rack1", { region_url: UNKNOWN }, "look_up")],
      router_advertisement: [made("core on x", "core", { subnet: V4, router: UNKNOWN })],
      fabric: [made("lab", "lab", { name: "lab", class_type: null })],
    });
    expect(unknownValues(document)).toEqual([]);
  });
});

describe("what must be on the region beforehand", () => {
  test("is what is looked up: missed with the form of its key, and some of the names that there are", () => {
    const document = documentOf([], { fabric: ["lab"], subnet: [V4], machine: ["node9"] });
    const many = Array.from({ length: 12 }, (_, index) => fabric(`f${index}`));
    const problems = missing(document, regionOf([...many, subnet("10.0.0.0/24", "f1:0")]));
    expect(places(problems)).toEqual([
      'lab/lab: the region has no fabric "lab"',
      `lab/${V4}: the region has no subnet "${V4}"`,
      'lab/node9: the region has no machine "node9"',
    ]);
    expect(problems.map(({ fix }) => fix)).toEqual([
      "It is looked up, not made: give its name of one that is there. Read of the region: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, ….",
      "It is looked up, not made: give its CIDR of one that is there. Read of the region: 10.0.0.0/24.",
      "It is looked up, not made: give its hostname of one that is there.",
    ]);
  });

  test("is found by its key, and a rack or a machine by its system id, too", () => {
    const rack = liveObject("rack_controller", "rack1", "abc123");
    const document = documentOf([], { rack_controller: ["rack1"], vlan: ["lab:10"] });
    expect(missingObjects(document, regionOf([vlan("lab:10")], [rack]))).toEqual([]);
    expect(missingObjects(documentOf([], { rack_controller: ["abc123"] }), new LiveState([rack]))).toEqual([]);
  });

  test("is a rack's interface, though the document manages it", () => {
    const document = documentOf([nic("rack1/eth9", "lab:0")]);
    const [problem, ...others] = missing(document, regionOf([nic("rack1/eth1", "lab:0")]));
    expect([problem?.what, others]).toEqual(['the region has no rack interface "rack1/eth9"', []]);
    expect(problem?.fix).toMatch(/Name one that it has\. Read of the region: rack1\/eth1\.$/);
    expect(missingObjects(document, regionOf([nic("rack1/eth9", "lab:0")]))).toEqual([]);
  });

  test("is not what is made or adopted, nor a router advertisement", () => {
    const document = documentWith({
      fabric: [made("lab", "lab", { name: "lab" }, "adopt"), made("new", "new", { name: "new" })],
      router_advertisement: [made(`core on ${V4}`, "core", { subnet: V4, router: "core" }, "look_up")],
    });
    expect(missingObjects(document, new LiveState([]))).toEqual([]);
  });
});

describe("static ranges on a subnet that is looked up", () => {
  const nodes = range(V4, "static", "10.20.0.50", "10.20.0.99");
  const theirs = made(V4, "v4", {}, "look_up");
  const unmanaged = regionOf([subnet(V4, "lab:0", { managed: false })]);

  test("need one that is managed: elsewhere reserved ranges mean the opposite", () => {
    const document = documentWith({ subnet: [theirs], ip_range: [nodes] });
    const problems = unmanagedStaticRanges(document, unmanaged);
    expect(places(problems)).toEqual([`lab/static-10.20.0.50: the subnet ${V4} is not managed`]);
    expect(problems[0]?.fix).toMatch(/Set managed to true .* or use ReservedRange\./);
    expect(unmanagedStaticRanges(document, regionOf([subnet(V4, "lab:0")]))).toEqual([]);
  });

  test("are the only ones that do: not other ranges, nor those on a subnet that the document manages", () => {
    const reserved = range(V4, "reserved", "10.20.0.50", "10.20.0.99");
    expect(unmanagedStaticRanges(documentWith({ subnet: [theirs], ip_range: [reserved] }), unmanaged)).toEqual([]);
    const own = made(V4, "v4", { cidr: V4, vlan: "lab:0", managed: false });
    expect(unmanagedStaticRanges(documentWith({ subnet: [own], ip_range: [nodes] }), unmanaged)).toEqual([]);
  });
});

test("the error that there can be no plan tells all reasons, each with its place and its fix", () => {
  const error = new PlanError([
    { ...fault("MAAS-OPS-01", undefined, { what: "it is missing", fix: "Make it." }), subject: { path: "lab/a" } },
    { ...fault("MAAS-PLN-02", "vlan", { what: "it is unknown", fix: "Say it." }), subject: { path: "lab/b" } },
  ]);
  expect(error.message.split("\n").slice(1)).toEqual([
    "  [lab/a] it is missing. Make it. [MAAS-OPS-01]",
    "  [lab/b] it is unknown. Say it. [MAAS-PLN-02]",
  ]);
  expect([error.name, error.problems.length]).toEqual(["PlanError", 2]);
});
