import type { Finding } from "../../../../lib/rules/report";
import { type DesiredObject, LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import { diff } from "../../../../src/reconcile/engine/plan/diff";
import { type Judged, type Refusal, refusalsOf } from "../../../../src/reconcile/engine/plan/guard";
import { ordered } from "../../../../src/reconcile/engine/plan/order";
import type { RefusalId } from "../../../../src/reconcile/engine/plan/refusals";
import type { TakenAlong } from "../../../../src/reconcile/engine/plan/removal";
import { adopted, at, dhcp, fabric, nic, range, regionOf, space, subnet, vlan } from "../support/objects";

const V4 = "10.0.0.0/24";
const REGION = "http://region.example:5240/MAAS/api/2.0/";

/** What speaks against going from what is live and recorded to what is desired. */
function refusals({
  desired = [],
  live = [],
  recorded,
  ...more
}: {
  readonly desired?: readonly DesiredObject[];
  readonly live?: readonly DesiredObject[];
  readonly recorded?: readonly DesiredObject[];
} & Partial<Pick<Judged, "goal" | "recordedRegion" | "takenAlong" | "broken" | "maxDeletions">>): readonly Refusal[] {
  const read = regionOf(live);
  const { changes, live: now, known } = diff({ desired, live: read, recorded: recorded ?? [] });
  const steps = ordered(changes, desired, now);
  return refusalsOf({
    ...{ goal: "apply", region: REGION, steps, desired, known, live: now },
    ...{ takenAlong: [], broken: [], maxDeletions: 10, ...more },
  });
}

const ids = (found: readonly Refusal[]): RefusalId[] => found.map(({ id }) => id);

/** The things that refusals are about, without the words for their kinds. */
const about = (found: readonly Refusal[]): string[] => found.flatMap((refusal) => refusal.about);

test("nothing speaks against an empty plan, nor against making what is not there", () => {
  expect(refusals({})).toEqual([]);
  expect(refusals({ desired: [fabric("lab"), vlan("lab:10")] })).toEqual([]);
});

describe("existing: objects that the document makes and the region has already", () => {
  const lab = fabric("lab");

  test("are refused while no record says that a run has made them", () => {
    const found = refusals({ desired: [lab], live: [lab] });
    expect(ids(found)).toEqual(["existing"]);
    expect(about(found)).toEqual(["fabric lab [lab/fabric/lab]"]);
    expect(ids(refusals({ desired: [lab], live: [lab], recorded: [] }))).toEqual(["existing"]);
  });

  test("are counted", () => {
    const both = [lab, space("green")];
    expect(refusals({ desired: both, live: both })[0]?.what).toMatch(/^the region has 2 objects /);
    expect(refusals({ desired: both, live: [lab] })[0]?.what).toMatch(/^the region has an object /);
  });

  test("are none where the record has them, or they are adopted", () => {
    expect(refusals({ desired: [lab], live: [lab], recorded: [lab] })).toEqual([]);
    expect(refusals({ desired: [adopted(lab)], live: [lab] })).toEqual([]);
  });

  test("are neither the interfaces of racks nor untagged VLANs, which nobody can make", () => {
    const found = [adopted(lab), vlan("lab:0"), nic("rack1/eth1", "lab:0")];
    expect(refusals({ desired: found, live: found })).toEqual([]);
  });

  test("are not those that a rename brings under their key", () => {
    const named = (name: string): DesiredObject => at("fabric", fabric(name));
    expect(refusals({ desired: [named("new")], live: [named("old")], recorded: [named("old")] })).toEqual([]);
    // A VLAN that goes along with its fabric has no step of its own.
    const tagged = (name: string): DesiredObject => at("vlan", vlan(`${name}:10`));
    const [before, after] = [
      [named("old"), tagged("old")],
      [named("new"), tagged("new")],
    ];
    const recorded = before.map((object, index) => ({ ...object, id: String(index + 1) }));
    expect(refusals({ desired: after, live: before, recorded })).toEqual([]);
    // The record of a run that was cut off has no ids of what it made.
    expect(refusals({ desired: after, live: before, recorded: before })).toEqual([]);
  });
});

describe("deletions: more than are allowed", () => {
  const spaces = Array.from({ length: 11 }, (_, index) => space(`s${index}`));

  test("are refused, and as many are not", () => {
    const found = refusals({ live: spaces, recorded: spaces });
    expect(ids(found)).toEqual(["deletions"]);
    expect(found[0]?.fix).toContain("--max-deletions 11");
    expect(about(found)).toHaveLength(11);
    expect(refusals({ live: spaces, recorded: spaces.slice(1) })).toEqual([]);
    expect(refusals({ live: spaces, recorded: spaces, maxDeletions: 11 })).toEqual([]);
  });

  test("count replacements, and not what is given back", () => {
    const [before, after] = [range(V4, "reserved", "10.0.0.10-10.0.0.19"), range(V4, "dynamic", "10.0.0.10-10.0.0.19")];
    expect(ids(refusals({ desired: [after], live: [before], recorded: [before], maxDeletions: 0 }))).toEqual([
      "deletions",
    ]);
    const lent = adopted(fabric("lab", { class_type: "1g" }), { name: "lab", class_type: "10g" });
    expect(refusals({ live: [lent], recorded: [lent], maxDeletions: 0 })).toEqual([]);
  });

  test("are what a destroy is for", () => {
    expect(refusals({ goal: "destroy", live: spaces, recorded: spaces })).toEqual([]);
  });
});

/** What a deletion takes along: one foreign static route. */
function taken(owner: DesiredObject): TakenAlong {
  const { kind, key, path } = owner;
  const step = { action: "delete", kind, key, path, id: "7", differences: [], after: [] } as const;
  return { step, foreign: [{ what: "static route by 10.0.0.1", effect: "deleted" }], isUsed: false };
}

describe("foreign: what no run here has made and would go along", () => {
  const v4 = subnet(V4, "lab:10");

  test("is told with the object that takes it along, on a destroy too", () => {
    for (const goal of ["apply", "destroy"] as const) {
      const found = refusals({ goal, live: [v4], recorded: [v4], takenAlong: [taken(v4)] });
      expect([ids(found), about(found)]).toEqual([["foreign"], [`static route by 10.0.0.1, with the subnet ${V4}`]]);
    }
  });

  test("is not an address that only a rack of the document uses", () => {
    const along = { ...taken(v4), foreign: [], isUsed: true };
    expect(refusals({ live: [v4], recorded: [v4], takenAlong: [along] })).toEqual([]);
  });
});

describe("region: a record of another one", () => {
  test("is refused, with both names, and the same one is not", () => {
    const other = "http://other.example:5240/MAAS/api/2.0/";
    const [found, ...others] = refusals({ recordedRegion: other });
    expect([found?.id, others]).toEqual(["region", []]);
    expect(found?.what).toContain(other);
    expect(found?.what).toContain(REGION);
    expect(refusals({ recordedRegion: REGION })).toEqual([]);
  });
});

test("rules: a document that breaks some is refused, with where and how each is mended", () => {
  const finding: Finding = {
    ...{ id: "MAAS6-NET-03", name: "dns", level: "error", kind: "subnet", where: { path: "lab/v4" } },
    ...{ what: "the DNS server is of the other family", why: "hosts can't reach it", fix: "Give 10.0.0.2." },
    ...{ source: { file: "x", version: "3.6.4" }, related: [] },
  } as unknown as Finding;
  const found = refusals({ broken: [finding] });
  expect(ids(found)).toEqual(["rules"]);
  expect(about(found)).toEqual(["MAAS6-NET-03 [lab/v4] the DNS server is of the other family. Give 10.0.0.2."]);
});

test("every refusal comes with a fix that names its own --force, and all that apply come at once", () => {
  const spaces = Array.from({ length: 11 }, (_, index) => space(`s${index}`));
  const found = refusals({
    ...{
      desired: [fabric("lab")],
      live: [...spaces, fabric("lab"), fabric("old"), vlan("old:10"), dhcp("old:10", "rack1")],
    },
    ...{
      takenAlong: [taken(fabric("old"))],
      recorded: [...spaces, fabric("old")],
      recordedRegion: "http://other.example/MAAS/api/2.0/",
    },
    broken: [{ id: "X", where: { path: "lab" }, what: "w", fix: "f" } as unknown as Finding],
  });
  expect(ids(found)).toEqual(["existing", "deletions", "foreign", "region", "rules"]);
  for (const { id, what, why, fix } of found) {
    expect(fix).toContain(`--force ${id}`);
    expect([what, why].every((text) => text !== undefined && text.length > 20)).toBe(true);
  }
});

test("a region that was read without what a plan deletes refuses nothing for it", () => {
  expect(
    refusalsOf({
      ...{ goal: "destroy", region: REGION, steps: [], desired: [], known: new Map() },
      ...{ live: new LiveState([]), takenAlong: [], broken: [], maxDeletions: 0 },
    }),
  ).toEqual([]);
});
