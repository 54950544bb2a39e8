import type { NetworkDocument } from "../../../lib/model/document";
import { planText } from "../../../src/cli/output/plan-text";
import { clearedAlong } from "../../../src/reconcile/engine/plan/removal";
import { diff } from "../../../src/reconcile/engine/plan/diff";
import { refusalsOf } from "../../../src/reconcile/engine/plan/guard";
import { ordered, restrictedTo } from "../../../src/reconcile/engine/plan/order";
import { planJson, planOf } from "../../../src/reconcile/engine/plan/plan";
import { recordsOf } from "../../../src/reconcile/engine/plan/record";
import { regionConflicts } from "../../../src/reconcile/engine/plan/region-conflicts";
import { documentOf } from "../../reconcile/engine/support/documents";
import type { Part } from "./part";
import { type PlanShape, regionBefore } from "./plans";

const REGION = "http://region/MAAS";

const racksAndMachines = { rack_controller: ["rack1", "rack2"], machine: ["node1"] };

/** What the engine does with a document before the first change, part by part, each with what it needs. */
export function planningParts({ of }: PlanShape, size: number): Readonly<Record<string, Part>> {
  const { before: recorded, after: desired } = of(size);
  const read = regionBefore(recorded);
  const { changes, live, known } = diff({ desired, live: read, recorded });
  const steps = ordered(changes, desired, live);
  const [document, record]: NetworkDocument[] = [desired, recorded].map((objects) =>
    documentOf(objects, racksAndMachines),
  );
  if (document === undefined || record === undefined) throw new Error("there are two documents");
  const plan = planOf({ goal: "apply", document, record }, REGION, steps);
  const shown = { plan, refusals: [], warnings: [] };
  return {
    diff: () => diff({ desired, live: read, recorded }),
    order: () => ordered(changes, desired, live),
    "a part of the steps": () => restrictedTo(steps, ({ action }) => action !== "create"),
    "what is cleared along": () => clearedAlong(steps, read, [...desired, ...recorded]),
    conflicts: () => regionConflicts({ steps, desired, live }, []),
    refusals: () =>
      refusalsOf({
        ...{
          goal: "apply",
          region: REGION,
          steps,
          desired,
          known,
          live,
          takenAlong: [],
          broken: [],
          maxDeletions: 10,
        },
      }),
    records: () => {
      const { before, after } = recordsOf({
        region: REGION,
        document,
        desired,
        former: { document: record, objects: recorded },
        live: read,
        renamed: live,
        known,
      });
      return [before, after];
    },
    "a plan as text": () => planText(shown),
    "a plan as JSON": () => planJson(plan, shown),
  };
}
