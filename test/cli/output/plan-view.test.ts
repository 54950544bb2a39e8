import fc from "fast-check";
import { createColors } from "picocolors";
import { UNKNOWN } from "../../../lib/model/known";
import { shown } from "../../../lib/model/text";
import { entriesOf, planMarkdown, summaryLine } from "../../../src/cli/output/plan-view";
import { planText, type ShownPlan } from "../../../src/cli/output/plan-text";
import { render } from "../../../src/cli/output/terminal";
import { refused } from "../../../src/reconcile/engine/plan/guard";
import { judgeDocument } from "../../../src/reconcile/engine/plan/plan-problems";
import { readDocument } from "../../../lib/model/document/read";
import type { Step } from "../../../src/reconcile/engine/plan/order";
import { planOf } from "../../../src/reconcile/engine/plan/plan";
import { documentOf } from "../../support/shop-document";

const step = (change: Partial<Step> & Pick<Step, "action">): Step => ({
  kind: "subnet",
  key: "10.0.0.0/24",
  path: "lab/v4",
  differences: [],
  after: [],
  ...change,
});

const REGION = "http://region.example:5240/MAAS";

const planned = (steps: readonly Step[], goal: "apply" | "destroy" = "apply") =>
  planOf({ goal, document: { objects: {}, suppressions: [] } }, REGION, steps);

/** As it is written to a file. The writer escapes too, so that the text is looked at as it was made. */
const textOf = (plan: ShownPlan): string => render(planText(plan), createColors(false), (part) => part);

describe("the entries of a plan", () => {
  test("make one of an object that is deleted and made anew at the same place, where it is made", () => {
    const live = { cidr: "10.0.0.0/24", vlan: "lab:0" };
    const steps = [
      step({ action: "delete", live }),
      step({ action: "delete", key: "10.9.0.0/24", path: "lab/other" }),
      step({
        ...{ action: "create", key: "10.1.0.0/24" },
        differences: [
          { name: "cidr", live: null, desired: "10.1.0.0/24" },
          { name: "vlan", live: null, desired: "lab:0" },
        ],
      }),
    ];
    expect(entriesOf(steps)).toEqual([
      { action: "delete", object: "subnet 10.9.0.0/24", path: "lab/other", attributes: [] },
      {
        ...{ action: "replace", object: "subnet 10.1.0.0/24", formerly: "subnet 10.0.0.0/24", path: "lab/v4" },
        attributes: [
          { name: "cidr", live: '"10.0.0.0/24"', desired: '"10.1.0.0/24"' },
          { name: "vlan", live: '"lab:0"', desired: '"lab:0"' },
        ],
      },
    ]);
  });

  test("tell what an adopted object gets back, and what MAAS decides", () => {
    const released = step({ action: "release", live: { name: "a", mtu: 9000 }, original: { name: "a", mtu: 1500 } });
    expect(entriesOf([released])[0]?.attributes).toEqual([{ name: "mtu", live: "9000", desired: "1500" }]);
    const decided = step({ action: "update", differences: [{ name: "name", live: "a", desired: UNKNOWN }] });
    expect(entriesOf([decided])[0]?.attributes).toEqual([{ name: "name", live: '"a"', desired: "(decided by MAAS)" }]);
  });
});

describe("the summary of a plan", () => {
  test("counts the steps by action, a replacement as two", () => {
    const steps = [
      step({ action: "delete" }),
      step({ action: "create" }),
      step({ action: "release", path: "lab/nic" }),
    ];
    expect(summaryLine({ steps, goal: "apply" })).toBe("Plan: 1 to create, 0 to update, 1 to delete, 1 to release.");
  });

  test("says that there is nothing to do, and of whom", () => {
    expect(summaryLine({ steps: [], goal: "apply" })).toBe("No changes. The region is as the document wants it.");
    expect(summaryLine({ steps: [], goal: "destroy" })).toBe(
      "No changes. The region has nothing that a run here has made.",
    );
  });
});

describe("a plan as text", () => {
  test("shows what an attribute loses, and what an object is called now", () => {
    const differences = [{ name: "gateway_ip" as const, live: "10.0.0.1", desired: null }];
    const text = textOf({
      plan: planned([step({ action: "update", liveKey: "10.9.0.0/24", differences })]),
      refusals: [],
    });
    expect(text).toContain(
      '  ~ subnet 10.0.0.0/24 (now subnet 10.9.0.0/24) [lab/v4]\n      gateway_ip: "10.0.0.1" -> none\n',
    );
  });

  test("leaves out the place where a document tells none", () => {
    const text = textOf({ plan: planned([step({ action: "delete", path: "subnet 10.0.0.0/24" })]), refusals: [] });
    expect(text).toContain("  - subnet 10.0.0.0/24\n");
  });

  test("never steers a terminal, whatever names and values there are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, value) => {
        const differences = [{ name: "comment" as const, live: null, desired: value }];
        const plan = planned([step({ action: "create", key: name, path: name, differences })]);
        expect(textOf({ plan, refusals: [] }).replaceAll("\n", "")).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u,
        );
        expect(shown(name)).not.toContain("\n");
      }),
    );
  });
});

describe("a plan as Markdown", () => {
  test("keeps one row per object, whatever names and values there are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, value) => {
        const differences = [{ name: "comment" as const, live: null, desired: value }];
        const text = planMarkdown({
          plan: planned([step({ action: "create", key: name, path: name, differences })]),
          refusals: [],
        });
        const rows = text.split("\n").filter((line) => line.startsWith("| `"));
        expect(rows).toHaveLength(1);
        expect(rows[0]?.replace(/\\./g, "").split("|")).toHaveLength(6);
      }),
    );
  });

  test("has a picture of the change where there is room for it, and says so where there is none", () => {
    const picture = "```mermaid\n%% changes\n```\n";
    const steps = [step({ action: "create", key: "lab:1", path: "lab/one" })];
    expect(planMarkdown({ plan: planned(steps), refusals: [] }, picture)).toContain(picture);
    expect(planMarkdown({ plan: planned([]), refusals: [] }, picture)).not.toContain("mermaid");
    const large = planMarkdown({ plan: planned(steps), refusals: [] }, picture + "x".repeat(64_990));
    expect(large.length).toBeLessThan(65_536);
    expect(large).not.toContain("mermaid");
    expect(large).toContain("**Left out**, since GitHub takes no more than 65,536 characters: 1 of 1 pictures");
    expect(large).toContain("lab:1");
  });

  test("is no longer than GitHub takes, says what is left out, and never leaves out why it would be refused", () => {
    const steps = Array.from({ length: 3000 }, (_, index) =>
      step({ action: index < 2000 ? "create" : "update", key: `lab:${index}`, path: `lab/vlans["${index}"]` }),
    );
    const about = steps.map(({ key }) => `VLAN ${key}`);
    const words = { what: "the region has them", why: "Why.", fix: "Adopt them." };
    const refusals = [{ ...refused("MAAS-RUN-02", "existing"), ...words, about }];
    const text = planMarkdown({ plan: planned(steps), refusals });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("**Plan: 2000 to create, 1000 to update, 0 to delete, 0 to release.**");
    expect(text).toMatch(
      /\n\n\*\*Left out\*\*, since GitHub .*: \d+ of 3000 changes \(\d+ to create, 1000 to update\)\.\n\n/,
    );
    expect(text).toContain("#### `existing`: the region has them\n\nWhy. **Fix:** Adopt them. \\[MAAS-RUN-02\\]");
    expect(text).toContain("<summary>3000 in all</summary>");
    expect(text).toContain("- and 2900 more");
  });

  test("folds what the rules say of the document", () => {
    const subnet = { path: "lab/v6", origin: "create" as const, attributes: { cidr: "2001:db8::/64", vlan: "lab:0" } };
    const objects = {
      fabric: [{ key: "lab", path: "lab", origin: "create" as const, attributes: { name: "lab" } }],
      vlan: [{ key: "lab:0", path: "lab/untagged", origin: "create" as const, attributes: { fabric: "lab", vid: 0 } }],
      subnet: [{ key: "2001:db8::/64", ...subnet }],
    };
    const { report } = judgeDocument(readDocument(documentOf(objects, REGION)));
    const text = planMarkdown({ plan: planned([]), refusals: [], report });
    expect(text).toMatch(/<details>\n<summary>IPv6 caveats: [1-9]\d* errors?.*<\/summary>\n\n## IPv6 caveats\n/);
    expect(text).toContain("MAAS6-DUA-01");
    expect(planMarkdown({ plan: planned([]), refusals: [] })).not.toContain("caveats");
  });
});
